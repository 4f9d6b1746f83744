/// What the thread that called `run()` waits for.
struct RunCompletion: Equatable {
    var liveWorkers = 0
    var isCancelling = false
    var isAbandoned = false
    /// Other runs hold stages that this one waits for.
    var waitsForOthers = false

    var isOver: Bool { liveWorkers == 0 || isAbandoned }
}
