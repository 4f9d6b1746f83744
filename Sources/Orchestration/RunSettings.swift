public import Digests
import Foundation

/// Which of the stages that have a result already are computed again.
public enum RunSelection: Sendable, Hashable {
    /// None: what is missing is run, what failed stays failed.
    case needed
    /// Those that failed.
    case failed
    /// Every stage of these trials, and these stages.
    case these([Digest])
    /// All.
    case fresh
}

/// How a sweep is run.
public struct RunSettings: Sendable {
    /// Stages that run at once.
    public var workers: Int
    /// Threads that may be busy at once: stages that can share work among several take those that are idle.
    public var threads: Int
    /// Whether stages borrow no threads for a while where those have to wait for a processor.
    package var heedsLoad = true
    /// Units: bytes that the running stages may hold together; nil for no limit. A stage that
    /// exceeds it by itself runs alone.
    public var memoryLimit: Int?
    /// Further attempts after a fault of the machine.
    public var retries: Int
    /// Stop, as after ``SweepRun/cancel()``, at the first stage that fails for good.
    public var failFast: Bool
    /// Units: seconds that one stage may take; nil for no limit.
    public var stageTimeLimit: Double?
    /// Units: seconds after ``SweepRun/cancel()`` until what still runs is left behind; nil to wait
    /// for as long as it takes.
    public var patience: Double?
    public var selection: RunSelection
    /// Processor, libraries and flags: kept with every result.
    public var build: String
    /// Whether what stages of another build took says how long these take.
    public var isTimed: @Sendable (_ build: String) -> Bool
    /// The sweep that all trials of which are run, for those who ask when it will be over; nil where some are left out.
    public var sweep: String?
    /// Units: bytes of each worker's stack.
    public var stackSize: Int

    /// - Parameter threads: at least as many as workers; so many if left out.
    public init(
        workers: Int = 1, threads: Int? = nil, memoryLimit: Int? = nil, retries: Int = 1,
        failFast: Bool = false,
        stageTimeLimit: Double? = nil, patience: Double? = nil, selection: RunSelection = .needed,
        build: String = "", isTimed: @escaping @Sendable (_ build: String) -> Bool = { _ in true },
        sweep: String? = nil, stackSize: Int = 16 << 20
    ) {
        self.workers = max(1, workers)
        self.threads = max(self.workers, threads ?? 1)
        self.memoryLimit = memoryLimit
        self.retries = max(0, retries)
        self.failFast = failFast
        self.stageTimeLimit = stageTimeLimit
        self.patience = patience
        self.selection = selection
        self.build = build
        self.isTimed = isTimed
        self.sweep = sweep
        self.stackSize = stackSize
    }
}
