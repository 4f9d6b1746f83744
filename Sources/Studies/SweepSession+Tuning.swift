import Analysis
import Reports
public import ResultsStore
import Sweeps

extension SweepSession {
    /// What is run before the sweep itself, where its file has a section `tune`: each row at each point,
    /// evaluated on the validation split, with data that lack the test split.
    ///
    /// Nil where nothing is tuned, and for a sweep whose rows have chosen.
    public var tuning: SweepSession? {
        guard case .asInFile = role, let tuning = file.tuning, let learning else { return nil }
        return SweepSession(
            of: self, role: .tuning, plan: tuning.plan, prepared: learning, maximumSeeds: nil)
    }

    /// The sweep with each row at its own best point beside itself; nil while points are still to be run.
    ///
    /// - Parameters:
    ///   - plan: what the plan of `tuning` is called in the store.
    ///   - tuning: what ``tuning`` is, which takes its time to make.
    ///   - store: where its results are.
    /// - Throws: ``StudiesError/nothingTuned(row:sweep:)`` where all points of all rows failed, and
    ///   `StoreError`.
    public func tuned(
        by plan: String, of session: SweepSession, in store: ResultsStore
    ) throws -> SweepSession? {
        guard let tuning = file.tuning else { return self }
        let trials = try store.trials(of: plan)
        // Another plan of that name has other points.
        guard Set(trials.map(\.digest)) == Set(session.stages.trials.map(\.id)) else { return nil }
        guard !trials.contains(where: { $0.status == .pending || $0.status == .running }) else {
            return nil
        }
        var values: [Int: [Double?]] = [:]
        for trial in trials {
            let value = trial.status == .finished ? trial.metrics[tuning.metric] : nil
            values[trial.row, default: []].append(value.flatMap { $0.isFinite ? $0 : nil })
        }
        let isHigherBetter = isHigherBetter(tuning.metric)
        var facts = TuningFacts(
            sweep: SweepSession.nameOfTuning(file.name), metric: tuning.metric,
            isHigherBetter: isHigherBetter, parameters: tuning.keys, points: tuning.points,
            isExhaustive: tuning.isExhaustive ? true : nil, seeds: tuning.seeds, rows: [])
        for row in self.plan.rows {
            let found = tuning.places[row.index].map { place -> Double? in
                let seeds = values[place] ?? []
                let known = seeds.compactMap { $0 }
                return known.count == seeds.count ? Summary(known)?.mean : nil
            }
            let choice = Self.best(found, higherIsBetter: isHigherBetter)
            facts.rows.append(.init(label: row.label, choice: choice, values: found))
        }
        if let first = facts.rows.first, facts.rows.allSatisfy({ $0.choice == nil }) {
            throw StudiesError.nothingTuned(row: first.label, sweep: facts.sweep)
        }
        return tuned(facts)
    }

    /// The sweep as it will be, its rows at the first point, before any row has chosen: for forecasts.
    public var tunedAtFirstPoint: SweepSession {
        guard let tuning = file.tuning else { return self }
        return tuned(
            TuningFacts(
                sweep: SweepSession.nameOfTuning(file.name), metric: tuning.metric,
                isHigherBetter: false, parameters: tuning.keys, points: tuning.points,
                isExhaustive: tuning.isExhaustive ? true : nil, seeds: tuning.seeds,
                rows: plan.rows.map {
                    .init(label: $0.label, choice: 0, values: tuning.points.map { _ in nil })
                }))
    }

    private func tuned(_ facts: TuningFacts) -> SweepSession {
        SweepSession(
            of: self, role: .tuned(facts), plan: file.tunedPlan(facts.rows.map(\.choice)),
            prepared: prepared, maximumSeeds: maximumSeeds)
    }

    /// What a row chose, in the words of labels; nil where nothing was tuned.
    public func choice(ofRow label: String) -> String? {
        guard case .tuned(let facts) = role else { return nil }
        return facts.choice(ofRow: label, study.schema)
    }

    /// The name of the sweep that tries points for another.
    public static func nameOfTuning(_ sweep: String) -> String { sweep + ".tuning" }

    /// The first of the best.
    private static func best(_ values: [Double?], higherIsBetter: Bool) -> Int? {
        var best: (index: Int, value: Double)?
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            if let best, higherIsBetter ? value <= best.value : value >= best.value { continue }
            best = (index, value)
        }
        return best?.index
    }

    private func isHigherBetter(_ metric: String) -> Bool {
        for evaluation in study.validations {
            guard let name = evaluation.figure(ofKey: metric), let figure = study.figure(name)
            else { continue }
            return figure.better == .higher
        }
        return false
    }
}

extension TuningFacts {
    /// "point 5 of 16: temperature 0.1312; validation error 12.3"
    func choice(ofRow label: String, _ schema: SettingsSchema) -> String? {
        guard let choice = rows.first(where: { $0.label == label })?.choice else { return nil }
        let values = parameters.compactMap { key -> String? in
            guard let value = points[choice][key] else { return nil }
            return schema.trial.first { $0.key == key }?.text(of: value) ?? "\(key) \(value)"
        }
        return "point \(choice + 1) of \(points.count), " + values.joined(separator: ", ")
    }
}
