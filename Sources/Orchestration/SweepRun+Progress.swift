import Foundation
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
                let change = running.slots[worker].curves.take(slot.progress)
                return ProgressNote(
                    stage: plan.lookup.rows[stage], attempt: slot.attempt,
                    step: slot.progress?.step ?? 0, steps: slot.progress?.steps ?? 0,
                    detail: slot.progress?.detail ?? "", rate: slot.progress?.rate,
                    seconds: (now - slot.started).seconds, log: slot.log, curves: change.curves,
                    replacesCurves: change.isReplacement)
            }
        }
        if notes.isEmpty { return }
        do {
            let owner = state.withLock { $0.owner }
            try store.save(notes, owner: owner)
            if settings.sweep != nil, let left = observer?.timeLeft {
                try store.save(
                    RunTimeLeft(
                        seconds: left.seconds, deviation: left.deviation,
                        saved: Date().timeIntervalSince1970), owner: owner)
            }
        } catch {
            breakOff(after: error)
        }
    }
}

extension LiveCurves.Change {
    fileprivate var curves: [String: [CurvePoint]] {
        switch self {
        case .nothing: [:]
        case .added(let curves), .replaced(let curves): curves
        }
    }

    fileprivate var isReplacement: Bool {
        if case .replaced = self { true } else { false }
    }
}
