import Foundation
package import Orchestration
import Reports
import ResultsStore
import Synchronization

/// A line for each stage that ends, and where none does for long, one of how far a stage is: for pipes and log files.
package final class PlainDisplay: RunDisplay {
    private struct State {
        var clock = RunClock()
        var failures = FailureTally()
        var lastLine = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let silence: Duration
    private let write: @Sendable (String) -> Void

    /// - Parameter silence: after which a stage under way has a line.
    package init(
        silence: Duration = .seconds(300),
        _ write: @escaping @Sendable (String) -> Void = { Console.write($0) }
    ) {
        self.silence = silence
        self.write = write
    }

    package func adopt(_ timeLeft: TimeLeft, prediction: String?) {
        state.withLock { $0.clock.adopt(timeLeft) }
        if let prediction { write(prediction + "\n") }
    }

    package var timeLeft: (seconds: Double, deviation: Double)? {
        state.withLock { $0.clock.estimate }
    }

    package func event(_ event: RunEvent) {
        state.withLock { state in
            state.clock.observe(event)
            var lines = Self.lines(event, state.clock, &state.failures)
            if case .progress(let stage, _, let progress, _) = event,
                .now - state.lastLine >= silence
            {
                lines = [Self.line(stage, progress, state.clock)]
            }
            guard !lines.isEmpty else { return }
            for line in lines { write(line + "\n") }
            state.lastLine = .now
        }
    }

    /// "[5/123]  pretrain none, seed 0: 1200 of 4000, loss 4.31  about 4 h left"
    private static func line(
        _ stage: Stage, _ progress: StageProgress, _ clock: RunClock
    ) -> String {
        let detail = progress.detail.isEmpty ? "" : ", \(progress.detail)"
        let step = "\(progress.step) of \(progress.steps)"
        return "\(clock.progressText)  \(stage.title): \(step)\(detail)"
            + (clock.timeLeftText.map { "  \($0)" } ?? "")
    }

    private static func lines(
        _ event: RunEvent, _ clock: RunClock, _ failures: inout FailureTally
    ) -> [String] {
        switch event {
        case .planned(let overview):
            return [RunWording.plan(overview)]
        case .finished(let stage, _, let seconds, _, _):
            return [
                "\(clock.progressText)  \(stage.title)  \(QuantityText.duration(seconds))"
                    + (clock.timeLeftText.map { "  \($0)" } ?? "")
            ]
        case .ended(let summary):
            return (RunWording.end(summary).map { [$0] } ?? []) + [""]
        default:
            return failures.notice(event).map { [$0] } ?? []
        }
    }
}

/// Failures alone: for `--quiet`.
package struct FailureDisplay: RunDisplay {
    private let warn: @Sendable (String) -> Void

    package init(_ warn: @escaping @Sendable (String) -> Void = { Console.error($0) }) {
        self.warn = warn
    }

    package func adopt(_ timeLeft: TimeLeft, prediction: String?) {}

    package func event(_ event: RunEvent) {
        switch event {
        case .failed, .postponed:
            if let text = RunWording.notice(event) { warn(text) }
        case .ended(let summary):
            if let text = RunWording.whatToDo(summary) { warn(text) }
        default: return
        }
    }
}
