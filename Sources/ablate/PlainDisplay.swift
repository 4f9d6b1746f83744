import Foundation
import Orchestration
import ResultsStore
import Synchronization

/// A line for each stage that ends: for pipes and log files.
final class PlainDisplay: RunObserver {
    private let clock: Mutex<RunClock>

    init(_ clock: RunClock) { self.clock = Mutex(clock) }

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
                "\(clock.progressText)  \(stage.title)  \(RunWording.duration(seconds))"
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
struct FailureDisplay: RunObserver {
    func event(_ event: RunEvent) {
        if case .failed = event, let text = RunWording.notice(event) { Console.error(text) }
    }
}
