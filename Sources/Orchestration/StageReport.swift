import ResultsStore

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

/// A stage that the store has granted to a worker.
struct Assignment {
    var stage: Int
    var attempt: Int
    var threads: Int
    var isRebuild: Bool
}
