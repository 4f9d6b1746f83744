import Platform
import ResultsStore

/// What workers share: who waits for what. Held only for moments.
struct Floor {
    enum Message {
        case event(Scheduler.Event)
        case report(StageReport)
    }

    var isStarted = false
    var isCancelRequested: Bool { cancelRequest != nil }
    /// Reports that no transaction has taken up yet.
    var inbox: [Message] = []
    /// One worker at a time writes, for everyone whose report is in the inbox.
    var isLed = false
    var assignments: [Assignment?]
    var isOver = false
    var cancelRequest: ContinuousClock.Instant?
    /// The scheduler has been told.
    var isCancelled = false
    var isAbandoned = false
    var fault: (any Error)?

    init(workers: Int) { assignments = Array(repeating: nil, count: workers) }
}

/// What the thread that called `run()` waits for.
struct Gate: Equatable {
    var liveWorkers = 0
    var isCancelling = false
    var isAbandoned = false
    /// Other runs hold stages that this one waits for.
    var waitsForOthers = false

    var isOver: Bool { liveWorkers == 0 || isAbandoned }
}

/// A stage that the store has granted to a worker.
struct Assignment {
    var stage: Int
    var attempt: Int
    var threads: Int
    var isRebuild: Bool
}

/// How an attempt ended.
struct StageReport {
    enum Ending {
        case finished
        case failed
        case faulted
        case stopped
        case missed([Int])
    }

    var assignment: Assignment
    var worker: Int
    var ending: Ending
    var attempt: StageAttempt
    var log: String
}

/// The scheduler and what belongs to it.
struct Desk {
    var scheduler: Scheduler
    var ledger: TrialLedger
    var owner: OwnerNumber = 0
    var mark: Int64
    /// Graph numbers by row of the store, to read news.
    let numbers: [StageRow: Int]
    var stagesRun = 0
    var stagesRebuilt = 0
    var stagesFailed = 0
    /// Stages that failed by faults of the machine.
    var postponed: Set<Int> = []
    /// Why the files of finished stages could not be made again.
    var lostFiles: [Int: String] = [:]

    /// With a rate for every kind of stage, longest means longest in seconds; else all work counts
    /// as if it were of one unit.
    init(_ plan: RunPlan, _ settings: RunSettings, rates: [String: MeasuredRate]) {
        let stages = plan.graph.stages
        let isMeasured = stages.allSatisfy { rates[$0.kind] != nil }
        scheduler = Scheduler(
            graph: plan.graph, intents: plan.intents,
            work: isMeasured ? stages.map { $0.work * (rates[$0.kind]?.secondsPerWork ?? 0) } : nil,
            limits: Scheduler.Limits(
                workers: settings.workers, memory: settings.memoryLimit,
                retries: settings.retries, failFast: settings.failFast))
        ledger = plan.ledger
        for stage in scheduler.fencedAtStart { ledger.fail(stage: stage) }
        mark = plan.lookup.mark
        var numbers: [StageRow: Int] = [:]
        numbers.reserveCapacity(plan.lookup.rows.count)
        for (number, row) in plan.lookup.rows.enumerated() where plan.intents[number] != .leave {
            numbers[row] = number
        }
        self.numbers = numbers
    }
}

/// What running stages say about themselves, until it is saved.
struct Board {
    struct Place {
        var stage: Int?
        var attempt = 0
        var started = ContinuousClock.now
        var progress: StageProgress?
        var log = ""
    }

    var places: [Place]

    init(workers: Int) { places = Array(repeating: Place(), count: workers) }
}
