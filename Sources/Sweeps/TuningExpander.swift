/// Expands `tune`: draws or lists the points, and puts every row of a sweep at each of them.
struct TuningExpander {
    let section: TuneSection
    /// The expansion of the sweep itself.
    let expander: SweepExpander
    /// Its rows, without what `exclude` leaves out.
    let drafts: [RowBuilder.Draft]
    let labels: [String]
    let variedPositions: [Int]

    private var table: SettingsTable { expander.table }
    private var schema: SettingsSchema { expander.schema }

    /// Nil where a fault was added.
    func tuning(faults: inout FaultList) -> SweepTuning? {
        let count = faults.count
        let points = RandomPoints(
            parameters: section.parameters, seed: section.seed, name: "tuning", table: table)
        check(points, faults: &faults)
        guard faults.count == count else { return nil }
        let tried = section.points.map { (0..<$0).map(points.point) } ?? points.everyPoint
        let positions = section.parameters.compactMap { table.position(of: $0.key) }

        // As the sweep evaluates them: what a tuned row will be.
        var whole = builder(expander.sections.evaluation, positions)
        let wholePlaces = add(tried, to: &whole)
        // As they are judged on the validation split: rows alike in what that reads are one.
        var judged = builder([section.validation.name], positions)
        let places = add(tried, to: &judged)
        for (conflict, _) in whole.checkers.found + judged.checkers.found {
            faults.add(.conflict(conflict.message), at: origin(of: conflict))
        }
        for (parameter, position) in zip(section.parameters, positions)
        where judged.rows.allSatisfy({ $0.inert.contains(position) }) {
            faults.add(
                .conflict(
                    "\(parameter.key) is tuned, but has no effect in any row beside the other settings; "
                        + "remove it, or give the setting that it belongs to"), at: parameter.origin
            )
        }
        guard faults.count == count else { return nil }
        let candidates = wholePlaces.map { places in
            places.map { place in
                let draft = whole.rows[place]
                return SweepTuning.Candidate(
                    changes: draft.changes, digest: draft.digest,
                    varied: varied(in: draft, at: positions))
            }
        }
        return SweepTuning(
            metric: section.metric, evaluation: section.validation.name,
            keys: section.parameters.map(\.key),
            points: tried.map { changes in
                Dictionary(
                    uniqueKeysWithValues: changes.map {
                        (table.descriptors[$0.position].key, $0.value)
                    })
            }, isExhaustive: section.points == nil,
            plan: plan(judged, places, positions, remarks: remarks(tried, points)), places: places,
            candidates: candidates,
            changing: SweepExpander.changing(whole.rows, table))
    }

    // MARK: Faults

    private func check(_ points: RandomPoints, faults: inout FaultList) {
        let sections = expander.sections
        let validation = section.validation
        if !sections.evaluation.contains(validation.evaluation) {
            faults.add(
                .conflict(
                    "tune.metric is \(section.metric), but the sweep does not evaluate "
                        + "\(validation.evaluation): add it to evaluation, or choose by another metric"
                ),
                at: section.metricOrigin)
        }
        let combinations = checkCombinations(points, faults: &faults)
        let swept = Set(expander.designs.flatMap(\.positions))
            .union(expander.settingsOfBaseline.map(\.position))
        let read = schema.reads?([validation.name], expander.data, expander.common)
        for parameter in section.parameters {
            guard let position = table.position(of: parameter.key) else { continue }
            if swept.contains(position) {
                faults.add(
                    .conflict(
                        "\(parameter.key) is what rows differ in, and cannot be tuned as well; remove "
                            + "it from parameters and baseline, or from tune"), at: parameter.origin
                )
            }
            if let read, !read.contains(parameter.key) {
                faults.add(
                    .conflict(
                        "\(parameter.key) is tuned, but \(section.metric) does not depend on it; "
                            + "remove it, or choose by another metric"), at: parameter.origin)
            }
        }
        let trials = drafts.count * (section.points ?? combinations) * section.seeds
        if trials > SweepPlan.maximumTrials {
            faults.add(
                .tooManyRows("\(trials)", limit: SweepPlan.maximumTrials), at: section.origin)
        }
    }

    /// Of the values listed; 1 where points are drawn, or a fault was added.
    private func checkCombinations(_ points: RandomPoints, faults: inout FaultList) -> Int {
        guard section.points == nil else { return 1 }
        for parameter in section.parameters where parameter.interval != nil {
            faults.add(
                .conflict(
                    "\(parameter.key) is a range, of which points: \(TuneSection.everyPoint) cannot try every "
                        + "value; list values, or give points a number, which are drawn"),
                at: parameter.origin)
        }
        let count = points.distinctPoints
        let limit = TuneSection.maximumPoints
        if count.isFinite, count > Double(limit) {
            faults.add(
                .conflict(
                    "points: \(TuneSection.everyPoint) would be \(count < 1e9 ? "\(Int(count))" : "a billion and more") "
                        + "combinations of the values, and \(limit) is the most; list fewer values, or give points a number, which are drawn"
                ), at: section.origin)
            return 1
        }
        return count.isFinite ? Int(count) : 1
    }

    /// Few draws from few values leave some out, which who lists three values does not expect.
    private func remarks(_ tried: [[SettingsTable.Change]], _ points: RandomPoints) -> [SweepRemark]
    {
        guard points.distinctPoints <= Double(tried.count) else { return [] }
        let distinct = Set(
            tried.map { point in
                point.map { table.descriptors[$0.position].kind.canonical($0.value) }
            }
        ).count
        let combinations = Int(points.distinctPoints)
        return distinct == combinations
            ? [] : [.valuesNotDrawn(points: tried.count, distinct: distinct, of: combinations)]
    }

    private func origin(of conflict: SettingConflict) -> Origin {
        let keys = [conflict.key] + conflict.others
        return section.parameters.first { keys.contains($0.key) }?.origin ?? section.origin
    }

    // MARK: Rows

    private func builder(_ evaluations: [String], _ positions: [Int]) -> RowBuilder {
        let read = schema.reads?(evaluations, expander.data, expander.common)
        let unread = table.descriptors.indices.filter { index in
            read.map { !$0.contains(table.descriptors[index].key) } ?? false
        }
        // A rule of exclude is about the rows of the file.
        return RowBuilder(
            table: table, watched: expander.watched(rules: []).union(positions), rules: [],
            schema: schema, data: expander.data, given: Set(expander.sections.base.keys),
            unread: Set(unread), evaluations: evaluations,
            metrics: [section.metric])
    }

    /// Shape of the result: [rows][points].
    private func add(
        _ points: [[SettingsTable.Change]], to builder: inout RowBuilder
    ) -> [[Int]] {
        drafts.map { draft in
            points.map { point in
                let own = draft.changes.filter { change in
                    !point.contains { $0.position == change.position }
                }
                let place = builder.add(
                    own + point, design: draft.design, name: draft.name, recordsRejects: false)
                guard let place else { preconditionFailure("no rule leaves a tuned row out") }
                return place
            }
        }
    }

    private func varied(
        in draft: RowBuilder.Draft, at positions: [Int]
    ) -> [(key: String, value: SettingValue)] {
        positions.filter { !draft.inert.contains($0) }.map { position in
            (table.descriptors[position].key, table.value(at: position, in: draft.changes))
        }
    }

    private func plan(
        _ builder: RowBuilder, _ places: [[Int]], _ positions: [Int], remarks: [SweepRemark]
    ) -> SweepPlan {
        var labelsOfRows = Array(repeating: "", count: builder.rows.count)
        for (label, places) in zip(labels, places) {
            for place in places where labelsOfRows[place].isEmpty {
                let draft = builder.rows[place]
                let texts = positions.filter { !draft.inert.contains($0) }.map { position in
                    table.descriptors[position].text(
                        of: table.value(at: position, in: draft.changes))
                }
                labelsOfRows[place] = ([label] + texts).joined(separator: ", ")
            }
        }
        let all = variedPositions + positions
        let rows = builder.rows.enumerated().map { index, draft in
            SweepRow(
                index: index, label: labelsOfRows[index], isBaseline: false, baseline: nil,
                varied: varied(in: draft, at: all), digest: draft.digest, shared: table,
                changes: draft.changes)
        }
        let seeds = seeds
        return SweepPlan(
            rows: rows, trials: SweepExpander.trials(of: rows, seeds: seeds), collapsed: [],
            excluded: [], variedKeys: all.map { table.descriptors[$0].key }, seeds: seeds,
            data: expander.data, storedData: schema.storedData(expander.data),
            evaluation: [section.validation.name], remarks: remarks, unread: [], table: table,
            changing: SweepExpander.changing(builder.rows, table),
            origins: SettingOrigins(expander.sections, expander.designs))
    }

    /// The first that the sweep does not have.
    private var seeds: [Int] {
        let taken = Set(expander.sections.seeds)
        return Array(
            (SweepTuning.firstSeed...).lazy.filter { !taken.contains($0) }.prefix(section.seeds))
    }
}
