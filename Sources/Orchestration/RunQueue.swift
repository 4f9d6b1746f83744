/// What workers share: reports that wait to be recorded and stages that wait to be started. Locked only for moments.
struct RunQueue {
    enum Message {
        case event(Scheduler.Event)
        case report(StageReport)
    }

    var isStarted = false
    var isEnded = false
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
