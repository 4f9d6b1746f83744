import Foundation
import Orchestration
import Reports
import ResultsStore
import Synchronization

/// A line for each stage that ends: for pipes and log files.
final class PlainDisplay: RunDisplay {
    private let clock = Mutex(RunClock())

    func adopt(_ timeLeft: TimeLeft, prediction: String?) {
        clock.withLock { $0.adopt(timeLeft) }
        if let prediction { Console.write(prediction + "\n") }
    }

    func event(_ event: RunEvent) {
        clock.withLock { clock in
            clock.observe(event)
            for line in Self.lines(event, clock) { Console.write(line + "\n") }
        }
    }

    private static func lines(_ event: RunEvent, _ clock: RunClock) -> [String] {
        switch event {
        case .planned(let overview):
            return [RunWording.plan(overview)]
        case .finished(let stage, _, let seconds, _):
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
struct FailureDisplay: RunDisplay {
    func adopt(_ timeLeft: TimeLeft, prediction: String?) {}

    func event(_ event: RunEvent) {
        switch event {
        case .failed, .postponed:
            if let text = RunWording.notice(event) { Console.error(text) }
        case .ended(let summary):
            if let text = RunWording.whatToDo(summary) { Console.error(text) }
        default: return
        }
    }
}
