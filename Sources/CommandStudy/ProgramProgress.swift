import Orchestration

/// What is shown of a program while it runs: its own words, and whether somebody has stopped it.
struct ProgramProgress {
    private var latest = StageProgress(step: 0, steps: 0)
    private var stopped: Int?
    private var looked = ContinuousClock.now

    /// Shows what is new.
    ///
    /// - Parameter progress: as the program has said it since.
    mutating func update(
        _ progress: StageProgress?, _ process: StageProcess, _ context: StageContext
    ) {
        if let progress { latest = progress }
        var isNew = progress != nil
        if ContinuousClock.now - looked >= .seconds(1) {
            looked = .now
            let now = process.stopped
            isNew = isNew || now != stopped
            if let now, now != stopped { context.log(Self.words(now)) }
            stopped = now
        }
        guard isNew else { return }
        var shown = latest
        if let stopped {
            shown.detail = Self.words(stopped)
            shown.rate = nil
        }
        context.report(shown)
    }

    private static func words(_ process: Int) -> String {
        "its program is stopped: 'kill -CONT \(process)' lets it go on"
    }
}
