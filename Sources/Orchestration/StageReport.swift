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
    /// Its seconds are those of all its threads together.
    var attempt: StageAttempt
    /// From start to end.
    var seconds: Double
    var log: String
}

/// A stage that the store has granted to a worker.
struct Assignment {
    var stage: Int
    var attempt: Int
    var threads: Int
    var isRebuild: Bool
}
