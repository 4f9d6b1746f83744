/// What running stages say about themselves, until it is saved.
struct RunningStages {
    struct Slot {
        var stage: Int?
        var attempt = 0
        var started = ContinuousClock.now
        var progress: StageProgress?
        var log = ""
        var curves = LiveCurves()
        /// Of the process that computes it, where that is another one. Units: bytes.
        var memory: Int?
    }

    var slots: [Slot]

    init(workers: Int) { slots = Array(repeating: Slot(), count: workers) }
}
