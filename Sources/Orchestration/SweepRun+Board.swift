import Platform
import ResultsStore

extension SweepRun {
    /// Saves progress and new log lines of the running stages, so that another terminal sees them
    /// and a killed process leaves its log.
    func saveBoard() {
        let now = ContinuousClock.now
        let notes = board.withLock { board in
            board.places.indices.compactMap { worker -> ProgressNote? in
                let place = board.places[worker]
                guard let stage = place.stage else { return nil }
                board.places[worker].log = ""
                return ProgressNote(
                    stage: plan.lookup.rows[stage], attempt: place.attempt,
                    step: place.progress?.step ?? 0, steps: place.progress?.steps ?? 0,
                    detail: place.progress?.detail ?? "", rate: place.progress?.rate,
                    seconds: (now - place.started).seconds, log: place.log)
            }
        }
        if notes.isEmpty { return }
        do {
            try store.save(notes, owner: desk.withLock { $0.owner })
        } catch {
            breakOff(after: error)
        }
    }
}
