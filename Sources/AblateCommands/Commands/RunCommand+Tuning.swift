import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Sweeps

extension RunCommand {
    /// What earlier phases of a command have used up of what it may use.
    struct Spent {
        /// Units: seconds.
        var time = 0.0
        var trials = 0
        var hasFailures = false
        /// What the first phase had: trials that `--rerun` names may be among these.
        var plan: [PlannedTrial] = []
    }

    /// Runs what lets the rows of a sweep choose.
    ///
    /// - Returns: the sweep with what they chose; nil where points are still to be run.
    /// - Throws: an exit status where the run was stopped, or where a row has nothing to choose from.
    func tune(
        _ session: SweepSession, by tuning: SweepSession, _ store: StudyStore,
        _ layout: ResultsLayout,
        _ spent: inout Spent
    ) throws -> SweepSession? {
        let start = ContinuousClock.now
        try layout.checkFolder(ofSweep: tuning.sweepName)
        let registration = tuning.registration
        let limits = try limits(of: tuning, registration, spent, isFirst: true)
        try limits.checkRoom(for: registration)
        let study = try StudyRun(
            tuning, layout: layout, store: store, registration: registration)
        try tell(of: study)
        let tuned = try callingHooks(study, since: start) {
            try choices(for: session, by: tuning, study, limits, since: start, &spent)
        }
        // Points are left: the run ends here.
        if tuned == nil { callHooks(study, since: start, status: .success) }
        return tuned
    }

    private func choices(
        for session: SweepSession, by tuning: SweepSession, _ study: StudyRun,
        _ limits: StudyRun.Limits, since start: ContinuousClock.Instant, _ spent: inout Spent
    ) throws -> SweepSession? {
        let store = study.store.store
        let pending = try store.statusCounts(of: study.name)[.pending]
        let summary = try execute(study, limits)
        _ = try study.writeTables()
        let left = try store.statusCounts(of: study.name)[.pending]
        spent.time += (ContinuousClock.now - start) / .seconds(1)
        spent.trials += max(0, pending - left)
        spent.plan = study.registration.trials
        spent.hasFailures = summary.trialsFailed > 0
        let hasFailures = summary.trialsFailed + summary.trialsPostponed > 0
        if summary.isCancelled, !failFast || !hasFailures {
            throw ExitStatus(signal: Interruption.signal)
        }
        if summary.trialsPostponed > 0 || failFast && hasFailures { throw ExitStatus.trialsFailed }
        let tuned: SweepSession?
        do {
            tuned = try session.tuned(by: study.name, of: tuning, in: store)
        } catch let error as StudiesError {
            Console.error("\(error)")
            throw ExitStatus.trialsFailed
        }
        guard let tuned else {
            if !isQuiet {
                Console.write(
                    "\(Count.text(left, "trial")) of \(study.name) \(Count.word(left, "is", "are")) left before the rows "
                        + "can choose: the same command goes on, and then prints the table\n")
            }
            return nil
        }
        if !isQuiet { tellChoices(session, tuned) }
        return tuned
    }

    private func tellChoices(_ session: SweepSession, _ tuned: SweepSession) {
        let lines = session.plan.rows.compactMap { row in
            tuned.choice(ofRow: row.label).map { "chosen: \(row.label): \($0)\n" }
        }
        Console.write(lines.joined() + "\n")
    }
}
