import Orchestration

/// Which reasons for failures were told: one that a hundred stages share is told in full once.
struct FailureTally {
    private var told: Set<String> = []

    /// ``RunWording/notice(_:)``, in few words where the reason was told before.
    mutating func notice(_ event: RunEvent) -> String? {
        guard case .failed(let stage, let worker, let reason, let fenced) = event,
            reason.contains("\n"), !told.insert(reason).inserted
        else { return RunWording.notice(event) }
        let start = reason.prefix { !$0.isNewline }
        return RunWording.notice(
            .failed(stage, worker: worker, reason: start + " the same as before", fenced: fenced))
    }
}
