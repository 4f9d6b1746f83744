import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Synchronization

/// Watches a task: writes down how far it is, keeps its leases, passes on what happens.
final class TaskMonitor: RunObserver {
    private let url: URL
    private let executor: SharedExecutor
    private let claim: TaskClaim?
    private let tell: @Sendable (String) -> Void
    private let state: Mutex<TaskState>
    private let before: String?
    private let counts = Mutex((taken: 0, computed: 0))
    private let signs = Mutex<SignsOfLife?>(nil)

    init(
        _ url: URL, executor: SharedExecutor, count: Int, job: String, claim: TaskClaim?,
        failure: String?,
        tell: @escaping @Sendable (String) -> Void
    ) {
        self.url = url
        self.executor = executor
        self.claim = claim
        self.tell = tell
        before = TaskState(reading: url)?.stoppedAt
        var state = TaskState(phase: .running, host: HostName.current, job: job)
        state.stages = count
        state.reason = failure
        state.stoppedAt = before
        self.state = Mutex(state)
    }

    var taken: Int { counts.withLock { $0.taken } }

    /// Whether it got further than when it was last stopped.
    var hasProgressed: Bool { state.withLock { $0.stoppedAt } != before }

    func start() throws {
        write()
        let signs = try SignsOfLife { [weak self] in self?.giveSign() }
        self.signs.withLock { $0 = signs }
    }

    private func giveSign() {
        executor.renewLeases()
        claim?.renew()
        write()
    }

    func stop() { signs.withLock { $0 }?.end() }

    func event(_ event: RunEvent) {
        switch event {
        case .started(let stage, _, _, _):
            state.withLock { state in
                state.stage = stage.title
                (state.step, state.steps, state.detail) = (0, 0, "")
            }
            write()
        case .progress(_, _, let progress, _):
            state.withLock { state in
                (state.step, state.steps) = (progress.step, progress.steps)
                state.detail = progress.detail
            }
        case .finished(let stage, _, let seconds, _, _):
            let isTaken = executor.isTaken(stage.id)
            tell(
                isTaken
                    ? "known     \(stage.id.short)  \(stage.title)"
                    : "computed  \(stage.id.short)  \(stage.title)  "
                        + String(format: "%.1f s", seconds))
            counts.withLock { counts in
                if isTaken { counts.taken += 1 } else { counts.computed += 1 }
            }
            state.withLock { $0.stagesFinished += 1 }
        case .failed(let stage, _, let reason, _):
            executor.publishFailure(of: stage, reason: reason)
            tell("failed    \(stage.id.short)  \(stage.title): \(reason)")
            state.withLock { $0.reason = "\(stage.title): \(reason)" }
        case .postponed(let stage, _, let reason, _):
            tell("put off   \(stage.id.short)  \(stage.title): \(reason)")
            state.withLock { $0.reason = "\(stage.title): \(reason)" }
        case .stopped(let stage, _): tell("stopped   \(stage.id.short)  \(stage.title)")
        case .retrying(let stage, _, _, let reason):
            tell("again     \(stage.id.short)  \(stage.title): \(reason)")
        case .rebuilding(let stage): tell("file gone \(stage.id.short)  \(stage.title)")
        case .log(let stage, _, let line):
            tell("          \(stage.id.short)  \(stage.title): \(line)")
        default: break
        }
    }

    /// The last word on the task.
    func end(_ summary: RunSummary) -> TaskState {
        let left = state.withLock { state in
            if summary.isCancelled {
                state.phase = .stopped
                state.stoppedAt =
                    "\(Count.text(summary.trialsFinished, "stage")), \(state.stage) at step \(state.step)"
            } else if summary.trialsPostponed > 0 {
                state.phase = .postponed
            } else if summary.trialsFailed > 0 {
                state.phase = .failed
            } else {
                state.phase = .finished
                state.reason = nil
            }
            state.stagesFinished = summary.trialsFinished
            if state.phase != .stopped { (state.stage, state.detail) = ("", "") }
            return state
        }
        write()
        return left
    }

    private func write() {
        // For people alone: what cannot be written now is written the next time.
        try? state.withLock { $0 }.write(to: url)
    }
}
