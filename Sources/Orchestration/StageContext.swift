public import Platform

/// How far a running stage is.
public struct StageProgress: Sendable, Hashable {
    public var step: Int
    public var steps: Int
    /// What a person wants to see beside the bar: "loss 4.31".
    public var detail: String
    /// Units: examples per second, where the stage has examples.
    public var rate: Double?
    /// What its curves are at this step, by the names that the finished stage gives them.
    public var values: [String: Double]

    public init(
        step: Int, steps: Int, detail: String = "", rate: Double? = nil,
        values: [String: Double] = [:]
    ) {
        self.step = step
        self.steps = steps
        self.detail = detail
        self.rate = rate
        self.values = values
    }
}

/// What a stage is given while it runs.
public struct StageContext: Sendable {
    /// 0 ..< ``workers``: stays the same for a thread, so an executor can keep a trainer for each.
    public let worker: Int
    public let workers: Int
    /// From 1; above 1 after a fault of the machine.
    public let attempt: Int
    /// Threads that the stage holds, its own included; 1 unless it asked for more.
    public let threads: Int
    /// What it shares loops among: the calling thread, and idle ones as they come and go, where its kind of stage borrows
    /// threads (`StageDefinition.borrowsThreads`).
    public let team: ThreadTeam
    private let cancellation: @Sendable () -> Bool
    private let progress: @Sendable (StageProgress) -> Void
    private let logging: @Sendable (String) -> Void
    private let keeping: @Sendable (String) -> Void
    private let measuring: @Sendable (Int) -> Void

    public init(
        worker: Int = 0, workers: Int = 1, attempt: Int = 1, threads: Int = 1,
        team: ThreadTeam = ThreadTeam(),
        isCancelled: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (StageProgress) -> Void = { _ in },
        log: @escaping @Sendable (String) -> Void = { _ in },
        keep: @escaping @Sendable (String) -> Void = { _ in },
        used: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.worker = worker
        self.workers = workers
        self.attempt = attempt
        self.threads = threads
        self.team = team
        cancellation = isCancelled
        progress = report
        logging = log
        keeping = keep
        measuring = used
    }

    /// True when the stage should stop soon (keep a checkpoint, throw `CancellationError`): the
    /// user asked for it, or its time is up. Costs a few nanoseconds.
    public func isCancelled() -> Bool { cancellation() }

    /// Shows how far the stage is; kept in the store about every second.
    public func report(_ progress: StageProgress) { self.progress(progress) }

    /// Adds a line to the stage's log, which the store keeps.
    public func log(_ line: String) { logging(line) }

    /// Adds lines to the stage's log without showing them to anybody.
    public func keep(_ lines: String) { keeping(lines) }

    /// Says how much memory a stage has had that is computed by another process: else that of this one is
    /// recorded. Units: bytes.
    public func used(memory: Int) { measuring(memory) }
}
