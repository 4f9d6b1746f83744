import Foundation
package import Orchestration
import Reports
import ResultsStore
import Synchronization

/// A line for each stage that ends: for pipes and log files.
package final class PlainDisplay: RunDisplay {
    private let clock = Mutex(RunClock())
    private let write: @Sendable (String) -> Void

    package init(_ write: @escaping @Sendable (String) -> Void = { Console.write($0) }) {
        self.write = write
    }

    package func adopt(_ timeLeft: TimeLeft, prediction: String?) {
        clock.withLock { $0.adopt(timeLeft) }
        if let prediction { write(prediction + "\n") }
    }

    package var timeLeft: (seconds: Double, deviation: Double)? { clock.withLock { $0.estimate } }

    package func event(_ event: RunEvent) {
        clock.withLock { clock in
            clock.observe(event)
            for line in Self.lines(event, clock) { write(line + "\n") }
        }
    }

    private static func lines(_ event: RunEvent, _ clock: RunClock) -> [String] {
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
            return RunWording.notice(event).map { [$0] } ?? []
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
