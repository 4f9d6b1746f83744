import Platform
import ResultsStore

extension SweepRun {
    /// Saves progress and new log lines of the running stages, so that another terminal sees them
    /// and a killed process leaves its log.
    func saveProgress() {
        let now = ContinuousClock.now
        let notes = running.withLock { running in
            running.slots.indices.compactMap { worker -> ProgressNote? in
                let slot = running.slots[worker]
                guard let stage = slot.stage else { return nil }
                running.slots[worker].log = ""
                return ProgressNote(
                    stage: plan.lookup.rows[stage], attempt: slot.attempt,
                    step: slot.progress?.step ?? 0, steps: slot.progress?.steps ?? 0,
                    detail: slot.progress?.detail ?? "", rate: slot.progress?.rate,
                    seconds: (now - slot.started).seconds, log: slot.log)
            }
        }
        if notes.isEmpty { return }
        do {
            try store.save(notes, owner: state.withLock { $0.owner })
        } catch {
            breakOff(after: error)
        }
    }
}
