import Foundation
package import Orchestration
import Platform
import ResultsStore
import Synchronization

/// Bars on a terminal: one for the sweep, one for each worker, redrawn in place.
package final class LiveDisplay: RunDisplay {
    private struct WorkerLine {
        var title: String
        var progress: StageProgress?
    }

    private struct State {
        var clock = RunClock()
        var failures = FailureTally()
        var workers: [Int: WorkerLine] = [:]
        var drawnLines = 0
        var lastDraw = ContinuousClock.now
        var isOver = false
    }

    private let interval: Duration
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - interval: between two drawings, where nothing else calls for one.
    ///   - width: the columns of the terminal.
    ///   - write: takes text with control codes.
    package init(
        interval: Duration = .milliseconds(100),
        width: @escaping @Sendable () -> Int = { Console.width },
        write: @escaping @Sendable (String) -> Void = { Console.write(steering: $0) }
    ) {
        self.interval = interval
        self.width = width
        self.write = write
    }

    package func adopt(_ timeLeft: TimeLeft, prediction: String?) {
        state.withLock { state in
            state.clock.adopt(timeLeft)
            if let prediction { print(prediction, &state) }
        }
    }

    package var timeLeft: (seconds: Double, deviation: Double)? {
        state.withLock { $0.clock.estimate }
    }

    package func event(_ event: RunEvent) {
        state.withLock { state in
            state.clock.observe(event)
            var isUrgent = true
            switch event {
            case .planned(let overview):
                print(RunWording.plan(overview), &state)
                state.isOver = overview.stagesToRun + overview.stagesToRebuild == 0
            case .started(let stage, let worker, _, _):
                state.workers[worker] = WorkerLine(title: stage.title)
            case .progress(_, let worker, let progress, _):
                state.workers[worker]?.progress = progress
                isUrgent = false
            case .finished(_, let worker, _, _, _), .stopped(_, let worker):
                state.workers[worker] = nil
            case .failed(_, let worker, _, _), .postponed(_, let worker, _, _),
                .retrying(_, let worker, _, _):
                state.workers[worker] = nil
                if let notice = state.failures.notice(event) { print(notice, &state) }
            case .ended(let summary):
                state.isOver = true
                print((RunWording.end(summary) ?? "") + "\n", &state)
            default:
                if let notice = state.failures.notice(event) { print(notice, &state) }
            }
            guard !state.isOver, isUrgent || .now - state.lastDraw >= interval else { return }
            draw(&state)
        }
    }

    /// A line that stays, above the bars.
    private func print(_ line: String, _ state: inout State) {
        let lines = StatusText.fitted(
            line.components(separatedBy: "\n"), width: width(), height: nil)
        write(erase(&state) + lines.map { TerminalText.harmless($0) + "\n" }.joined())
    }

    private func draw(_ state: inout State) {
        let width = width()
        var lines = [
            bar(state.clock.share, width: 24) + " \(state.clock.progressText) "
                + (state.clock.timeLeftText ?? "")
        ]
        for (_, worker) in state.workers.sorted(by: { $0.key < $1.key }) {
            lines.append(text(of: worker))
        }
        let clipped = lines.map { TerminalText.harmless(String($0.prefix(width - 1))) }
        write(erase(&state) + clipped.map { $0 + "\n" }.joined())
        state.drawnLines = clipped.count
        state.lastDraw = .now
    }

    private func text(of worker: WorkerLine) -> String {
        guard let progress = worker.progress else { return "  \(worker.title)" }
        let share = Double(progress.step) / Double(max(1, progress.steps))
        let rate = progress.rate.map { "  \(Int($0.rounded())) examples/s" } ?? ""
        return "  \(bar(share, width: 16)) \(worker.title)  \(progress.step)/\(progress.steps)  "
            + progress.detail + rate
    }

    private func bar(_ share: Double, width: Int) -> String {
        let full = Int((share * Double(width)).rounded(.down))
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    }

    /// Control codes that take the bars away: up a line and clear it, for each.
    private func erase(_ state: inout State) -> String {
        defer { state.drawnLines = 0 }
        return String(repeating: "\u{1B}[1A\u{1B}[2K", count: state.drawnLines)
    }
}
