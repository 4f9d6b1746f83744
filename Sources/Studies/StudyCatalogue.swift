public import Digests
import Reports
public import ResultsStore
import Sweeps

/// The studies that a program has.
public struct StudyCatalogue: Sendable {
    /// The first is the one of sweep files that name none.
    public let studies: [any Study]
    /// What the program is called, in commands that it prints or keeps.
    public let program: String

    /// The study of sweeps in stores that name none: they are older than studies.
    static let unnamed = "mcsimclr"

    /// - Parameter studies: at least one, of different names.
    public init(_ studies: [any Study], program: String = "ablate") {
        precondition(!studies.isEmpty, "a program without a study")
        precondition(
            Set(studies.map(\.name)).count == studies.count, "two studies of one name")
        self.studies = studies
        self.program = program
    }

    /// Whether there is a study of which a metric cannot have a value; whose it is, its stage alone says.
    package func doubts(_ metric: String, _ value: Double) -> Bool {
        studies.contains { $0.fault(ofMetric: metric, value) != nil }
    }

    /// The study of sweep files that name none.
    public var standard: any Study { studies[0] }

    /// Throws: ``StudiesError/unknownStudy(_:sweep:known:)``.
    public func study(of sweep: SweepRecord) throws -> any Study {
        let name = sweep.facts["study"] ?? Self.unnamed
        guard let study = studies.first(where: { $0.name == name }) else {
            throw StudiesError.unknownStudy(name, sweep: sweep.name, known: studies.map(\.name))
        }
        if let definition = sweep.facts["study_definition"] {
            return try study.defined(byStored: definition)
        }
        return study
    }

    /// The study that a sweep file names; nil for a name that is none.
    func study(named name: String?) -> (any Study)? {
        guard let name else { return standard }
        return studies.first { $0.name == name }
    }
}

/// A store with the studies that can read it: where tables and reports come from.
public struct StudyStore: Sendable {
    public let store: ResultsStore
    public let catalogue: StudyCatalogue

    public init(_ store: ResultsStore, _ catalogue: StudyCatalogue) {
        self.store = store
        self.catalogue = catalogue
    }

    /// A sweep with its study.
    ///
    /// Throws: `StoreError` for an unknown sweep, ``StudiesError/unknownStudy(_:sweep:known:)``.
    package func sweep(_ name: String) throws -> SweepReading {
        let record = try store.sweep(name)
        return SweepReading(
            sweep: StudySweep(record: record, study: try catalogue.study(of: record)), store: store)
    }

    /// The trials of a row, by its label, also as a keyboard has it.
    ///
    /// Throws: `StoreError` for an unknown sweep, ``StudiesError/unknownRow(_:sweep:known:)``.
    package func trials(ofRow row: String, of sweep: String) throws -> [TrialRecord] {
        let trials = try store.trials(of: sweep)
        let own = trials.filter { Table.typed($0.label) == Table.typed(row) }
        guard !own.isEmpty else {
            var seen: Set<String> = []
            throw StudiesError.unknownRow(
                row, sweep: sweep, known: trials.map(\.label).filter { seen.insert($0).inserted })
        }
        return own
    }

    /// The study of a sweep.
    public func study(ofSweep name: String) throws -> any Study {
        try catalogue.study(of: store.sweep(name))
    }

    /// Why a metric of a stage cannot have a value, in words, by the studies of the plans that have the
    /// stage; nil where it can. Of a stage that no plan has nothing is known.
    public typealias MetricFault =
        @Sendable (_ stage: Digest, _ metric: String, _ value: Double) ->
        String?

    /// By the plans that the store has now: it is not asked any more.
    ///
    /// Throws: `StoreError`.
    public func metricFault() throws -> MetricFault {
        var studies: [String: any Study] = [:]
        let plans = try store.plansByStage()
        for name in Set(plans.values.joined()) { studies[name] = try? study(ofSweep: name) }
        return { [self, studies] stage, metric, value in
            guard catalogue.doubts(metric, value) else { return nil }
            return plans[stage]?.lazy.compactMap {
                studies[$0]?.fault(ofMetric: metric, value)
            }.first
        }
    }
}

/// A sweep with the study that it is of.
package struct StudySweep: Sendable {
    package let record: SweepRecord
    package let study: any Study

    var facts: SweepFacts { SweepFacts(record.facts) }

    /// The names of the evaluations that the sweep asks for.
    package var evaluations: Set<String> { record.evaluations }

    /// The figures that the sweep's tables show and test.
    package var figures: [String] {
        let chosen = facts.metrics.filter { study.figure($0) != nil }
        return chosen.isEmpty ? study.defaultFigures : chosen
    }
}

/// The same in the store that has its results.
package struct SweepReading: Sendable {
    package let sweep: StudySweep
    package let store: ResultsStore

    package var record: SweepRecord { sweep.record }
    package var study: any Study { sweep.study }
    var facts: SweepFacts { sweep.facts }
    package var evaluations: Set<String> { sweep.evaluations }
    package var figures: [String] { sweep.figures }

    /// The trials, with figures that a later version added computed from what their stages left.
    ///
    /// - Parameters:
    ///   - figures: the names of those that are needed.
    ///   - digests: of the trials to read; nil for all.
    package func trials(
        with figures: [String], among digests: [Digest]? = nil
    ) throws -> [TrialRecord] {
        var trials = try store.trials(of: record.name, among: digests)
        let asked = study.allEvaluations.filter { evaluations.contains($0.stage) }
        let wanted = asked.flatMap { evaluation in
            figures.map { (stage: evaluation.stage, figure: $0, key: evaluation.key($0)) }
        }
        var known: [Digest: [String: Double]] = [:]
        var stages: [Digest: [Digest]]?
        for index in trials.indices {
            let missing = wanted.filter { trials[index].metrics[$0.key] == nil }
            // What is not measured yet is no figure that came later.
            guard !missing.isEmpty, !trials[index].metrics.isEmpty else { continue }
            if stages == nil {
                stages = try store.stagesByTrial(of: record.name, among: digests)
            }
            for digest in stages?[trials[index].digest] ?? [] {
                if known[digest] == nil {
                    known[digest] = try derived(store.stage(digest), missing)
                }
                trials[index].metrics.merge(known[digest] ?? [:]) { stored, _ in stored }
            }
        }
        return trials
    }

    /// What a stage said of its test items; nil where it left nothing.
    ///
    /// Throws: `StoreError.damaged` for what no stage writes.
    func predictions(of stage: StageRecord) throws -> (any StoredPredictions)? {
        do {
            return try study.predictions(of: stage, in: record)
        } catch let damage as DamagedPredictions {
            throw StoreError.damaged(
                path: store.path,
                detail: "the predictions of stage \(stage.title) (\(stage.digest.short)) "
                    + damage.detail)
        }
    }

    private func derived(
        _ stage: StageRecord, _ wanted: [(stage: String, figure: String, key: String)]
    ) throws -> [String: Double] {
        let own = wanted.filter { $0.stage == stage.kind }
        guard stage.status == .finished, !own.isEmpty,
            let predictions = try predictions(of: stage)
        else { return [:] }
        return Dictionary(
            own.compactMap { item in predictions.value(of: item.figure).map { (item.key, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}

extension SweepRecord {
    /// The names of the evaluations that the sweep asks for.
    package var evaluations: Set<String> {
        Set((facts["evaluation"] ?? "").split(separator: " ").map(String.init))
    }
}
