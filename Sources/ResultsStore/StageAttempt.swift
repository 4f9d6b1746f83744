/// What became of one attempt at a stage.
public enum AttemptOutcome: String, Sendable, Hashable, Codable {
    case finished
    /// The stage was finished before; its artifact was made again, its results stay as they are.
    case rebuilt
    /// For good: a fault of the trial, or one whose cause is not known once too often.
    case failed
    /// A fault of the machine (no room, no memory) once too often; the stage is as it was before, and
    /// the next run tries it again.
    case postponed
    /// A fault of the machine; another attempt follows.
    case faulted
    /// Stopped by the user; the stage is as it was before.
    case cancelled
    /// Its process died; the stage is as it was before.
    case lost
}

/// One attempt at a stage, as it is recorded.
public struct StageAttempt: Sendable, Hashable {
    public var outcome: AttemptOutcome
    /// From 1.
    public var attempt: Int
    public var worker: Int
    public var reason: String?
    /// What a finished attempt found; ignored for the other outcomes.
    public var result: StageResult
    /// Units: seconds since 1970, for people; nothing is decided by it.
    public var started: Double
    /// Units: seconds.
    public var seconds: Double
    /// What it has had of processors, on all its threads and in programs that it has started; nil where that was not
    /// measured. Units: seconds.
    public var processorSeconds: Double?
    /// Units: bytes; the largest resident memory, until its end, of the process that computed it; 0 where nobody saw it.
    public var peakMemoryBytes: Int
    /// Processor, libraries and flags, as the program describes them.
    public var build: String

    public init(
        outcome: AttemptOutcome, attempt: Int = 1, worker: Int = 0, reason: String? = nil,
        result: StageResult = StageResult(), started: Double = 0, seconds: Double = 0,
        processorSeconds: Double? = nil, peakMemoryBytes: Int = 0, build: String = ""
    ) {
        self.outcome = outcome
        self.attempt = attempt
        self.worker = worker
        self.reason = reason
        self.result = result
        self.started = started
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.peakMemoryBytes = peakMemoryBytes
        self.build = build
    }
}
