import Analysis
import Digests
import Reports
import ResultsStore
import Sweeps

/// The plan in view where `run --until-settled` has nothing to add to it.
public enum SettledPlan {
    /// The sweep with the seeds that its file has, where that is the plan in view, all of it has run and every
    /// comparison has its verdict: it stays what it is, and its intervals with it. Nil for any other, and for
    /// one whose rows are tuned.
    ///
    /// - Parameter fixed: makes the sweep without further seeds; called where the plan in view has ended.
    /// - Throws: `StoreError`, and what `fixed` throws.
    public static func session(
        of name: String, in studies: StudyStore, fixed: () throws -> SweepSession
    ) throws -> SweepSession? {
        let store = studies.store
        guard try store.sweepNames().contains(name) else { return nil }
        let counts = try store.statusCounts(of: name)
        guard counts[.finished] > 0, counts[.pending] + counts[.running] == 0 else { return nil }
        let session = try fixed()
        guard session.file.tuning == nil, session.sweepName == name else { return nil }
        let reading = try studies.sweep(name)
        let registration = session.registration
        var record = reading.record
        record.facts = registration.facts
        let sweep = StudySweep(record: record, study: session.study)
        let trials = try reading.trials(with: sweep.figures)
        guard pairs(of: trials) == pairs(of: registration) else { return nil }
        let verdicts = ComparisonVerdicts(try SweepTable.input(sweep, trials: trials))
        guard !verdicts.items.isEmpty, verdicts.items.allSatisfy(\.verdict.isDecided) else {
            return nil
        }
        return session
    }

    /// A trial and, with the same seed, the one that it is compared with.
    private struct Pair: Hashable {
        var trial: Digest
        var baseline: Digest?
    }

    private struct Place: Hashable {
        var row: Int
        var seed: Int
    }

    private static func pairs(of trials: [TrialRecord]) -> Set<Pair> {
        let places = Dictionary(
            trials.map { (Place(row: $0.row, seed: $0.seed), $0.digest) },
            uniquingKeysWith: { first, _ in first })
        return Set(
            trials.map { trial in
                Pair(
                    trial: trial.digest,
                    baseline: trial.baseline.flatMap { places[Place(row: $0, seed: trial.seed)] })
            })
    }

    private static func pairs(of registration: SweepRegistration) -> Set<Pair> {
        let places = Dictionary(
            registration.trials.map { (Place(row: $0.row, seed: $0.seed), $0.id) },
            uniquingKeysWith: { first, _ in first })
        let baselines = Dictionary(
            registration.rows.map { ($0.index, $0.baseline) },
            uniquingKeysWith: { first, _ in first })
        return Set(
            registration.trials.map { trial in
                let baseline = baselines[trial.row] ?? nil
                return Pair(
                    trial: trial.id,
                    baseline: baseline.flatMap { places[Place(row: $0, seed: trial.seed)] })
            })
    }
}
