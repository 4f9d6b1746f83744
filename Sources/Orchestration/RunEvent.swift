public import ResultsStore

/// What happens in a run, for a terminal, a log, a test.
public enum RunEvent: Sendable {
    /// Comes first.
    case planned(RunOverview)
    case started(Stage, worker: Int, attempt: Int, isRebuild: Bool)
    /// `threadSeconds` are those of all its threads together since the attempt began.
    case progress(Stage, worker: Int, StageProgress, threadSeconds: Double? = nil)
    case log(Stage, worker: Int, line: String)
    /// `threadSeconds` are those of all its threads together, where there were several.
    case finished(
        Stage, worker: Int, seconds: Double, StageResult, threadSeconds: Double? = nil)
    /// A fault of the machine; the stage is tried again.
    case retrying(Stage, worker: Int, attempt: Int, reason: String)
    /// A finished stage whose artifact turned out to be missing or damaged runs again: one more than
    /// was planned.
    case rebuilding(Stage)
    /// For good; `fenced` other stages cannot run because of it.
    case failed(Stage, worker: Int, reason: String, fenced: Int)
    /// A fault of the machine once too often: the next run tries it again. `fenced` other stages wait
    /// with it.
    case postponed(Stage, worker: Int, reason: String, fenced: Int)
    /// Stopped by the user.
    case stopped(Stage, worker: Int)
    /// Another process works on it; this one takes up something else.
    case takenElsewhere(Stage)
    case finishedElsewhere(Stage)
    /// A process that holds stages which this run waits for is stopped (Ctrl-Z); said once.
    case heldUp(process: Int)
    case failedElsewhere(Stage, reason: String)
    /// Claims of processes that have died were taken over.
    case tookOver(stages: Int)
    case trialFinished(PlannedTrial, finished: Int, of: Int)
    /// The run stops as soon as what runs has stopped.
    case cancelling
    /// Comes last.
    case ended(RunSummary)
}

/// A run before it starts.
public struct RunOverview: Sendable, Hashable {
    public var stagesToRun: Int
    public var stagesToRebuild: Int
    /// Stages found finished.
    public var stagesReused: Int
    public var trials: Int
    public var trialsFinished: Int
    /// Trials that an earlier run has found to fail, and that are passed over.
    public var trialsFailed: Int
    public var workers: Int

    public init(
        stagesToRun: Int = 0, stagesToRebuild: Int = 0, stagesReused: Int = 0, trials: Int = 0,
        trialsFinished: Int = 0, trialsFailed: Int = 0, workers: Int = 1
    ) {
        self.stagesToRun = stagesToRun
        self.stagesToRebuild = stagesToRebuild
        self.stagesReused = stagesReused
        self.trials = trials
        self.trialsFinished = trialsFinished
        self.trialsFailed = trialsFailed
        self.workers = workers
    }
}

/// A run when it is over.
public struct RunSummary: Sendable, Hashable {
    public var trials: Int
    public var trialsFinished: Int
    public var trialsFailed: Int
    /// Trials that faults of the machine kept from being finished; running again tries them again.
    public var trialsPostponed: Int
    public var stagesRun: Int
    public var stagesRebuilt: Int
    public var stagesReused: Int
    public var stagesFailed: Int
    /// The user stopped it, or a failure did under `failFast`.
    public var isCancelled: Bool
    /// Stopped at once: stages may still be running in their threads.
    public var isAbandoned: Bool
    /// Units: seconds.
    public var seconds: Double

    /// Trials that can still be finished by running again.
    public var trialsLeft: Int { trials - trialsFinished - trialsFailed }

    public init(
        trials: Int = 0, trialsFinished: Int = 0, trialsFailed: Int = 0, trialsPostponed: Int = 0,
        stagesRun: Int = 0,
        stagesRebuilt: Int = 0, stagesReused: Int = 0, stagesFailed: Int = 0,
        isCancelled: Bool = false, isAbandoned: Bool = false, seconds: Double = 0
    ) {
        self.trials = trials
        self.trialsFinished = trialsFinished
        self.trialsFailed = trialsFailed
        self.trialsPostponed = trialsPostponed
        self.stagesRun = stagesRun
        self.stagesRebuilt = stagesRebuilt
        self.stagesReused = stagesReused
        self.stagesFailed = stagesFailed
        self.isCancelled = isCancelled
        self.isAbandoned = isAbandoned
        self.seconds = seconds
    }
}

/// Watches a run. Called from the workers' threads, several at once, and should return soon.
public protocol RunObserver: Sendable {
    func event(_ event: RunEvent)

    /// When it thinks that the run will be over, for others who ask; nil where it does not foretell it.
    /// Units: seconds, with one standard deviation.
    var timeLeft: (seconds: Double, deviation: Double)? { get }
}

extension RunObserver {
    public var timeLeft: (seconds: Double, deviation: Double)? { nil }
}
