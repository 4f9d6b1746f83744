import Digests

/// Expands the designs of a sweep to rows and trials.
struct SweepExpander {
    let sections: SweepSections
    let designs: [ResolvedDesign]
    let table: SettingsTable
    let schema: SettingsSchema
    let data: [String: SettingValue]

    /// The plan, or nil when a fault was added.
    func plan(faults: inout FaultList) -> SweepPlan? {
        let steps = designs.map { $0.steps(around: settingsOfBaseline, table: table) }
        guard isSmallEnough(steps, faults: &faults) else { return nil }
        let count = faults.count
        var builder = builder()
        var references: [[Int]] = []
        for (index, design) in designs.enumerated() {
            if design.section.kind == .random {
                addRandom(design, index, to: &builder, faults: &faults)
                references.append([])
            } else {
                references.append(add(steps[index], design: index, to: &builder))
            }
        }
        for conflict in builder.conflicts {
            faults.add(.conflict(conflict.message), at: origin(of: conflict.key))
        }
        if builder.rows.isEmpty {
            faults.add(.nothingLeft, at: sections.exclusions.first?.origin ?? .wholeFile)
        }
        guard faults.count == count else { return nil }
        return plan(of: builder, references: references, faults: &faults)
    }

    private func plan(
        of builder: RowBuilder, references: [[Int]], faults: inout FaultList
    ) -> SweepPlan? {
        let count = faults.count
        let labeller = RowLabeller(builder, designs: designs.map(\.positions))
        let labels = labeller.labels(of: builder.rows)
        let baselines = designs.indices.compactMap { index in
            BaselineRows(
                choice(design: designs[index], references: references[index]), rows: builder.rows,
                labels: labels, varied: labeller.variedPositions, table: table, faults: &faults)
        }
        sections.paper?.check(labels: labels, evaluations: schema.evaluations, faults: &faults)
        guard faults.count == count else { return nil }
        let rows = builder.rows.enumerated().map { index, draft in
            SweepRow(
                index: index, label: labels[index],
                isBaseline: baselines.contains { $0.contains(index) },
                baseline: baselines[draft.design].baseline(of: draft),
                varied: labeller.varied(in: draft),
                digest: draft.digest, shared: table, changes: draft.changes)
        }
        return SweepPlan(
            rows: rows, trials: trials(of: rows),
            collapsed: builder.collapsed.map { labeller.collapsed($0, labels: labels) },
            excluded: builder.excluded.map { labeller.excluded($0) },
            variedKeys: labeller.variedPositions.map { table.descriptors[$0].key },
            seeds: sections.seeds, data: data, evaluation: sections.evaluation)
    }

    private func builder() -> RowBuilder {
        let rules = sections.exclusions.map { $0.placed(in: table) }
        var watched = Set(designs.flatMap(\.positions))
        watched.formUnion(rules.flatMap { $0.settings.map(\.position) })
        watched.formUnion(settingsOfBaseline.map(\.position))
        return RowBuilder(
            table: table, watched: watched, rules: rules, schema: schema, data: data,
            given: Set(sections.base.keys))
    }

    /// Where the file says what a setting is.
    private func origin(of key: String) -> Origin {
        let swept = designs.flatMap(\.parameters).first { $0.key == key }
        return swept?.origin ?? sections.baseOrigins[key] ?? .wholeFile
    }

    private var settingsOfBaseline: [SettingsTable.Change] {
        guard case .settings(let settings) = sections.baseline?.choice else { return [] }
        return table.changes(settings)
    }

    /// What the rows of a design are compared with: what the file calls the baseline, else the rows
    /// that the design starts from. One factor at a time is varied around the baseline, so that it
    /// starts from it.
    private func choice(design: ResolvedDesign, references: [Int]) -> BaselineRows.Choice {
        if let section = sections.baseline {
            guard case .settings = section.choice, !references.isEmpty,
                design.section.kind == .oneFactor
            else { return .section(section) }
        }
        return .rows(references, varying: design.setPosition.map { [$0] } ?? design.positions)
    }

    private func isSmallEnough(_ steps: [[[DesignStep]]], faults: inout FaultList) -> Bool {
        var rows = 0.0
        for (design, lists) in zip(designs, steps) {
            rows +=
                design.section.kind == .random
                ? Double(design.section.points) : lists.reduce(1.0) { $0 * Double($1.count) }
        }
        let count = rows * Double(sections.seeds.count)
        guard count > Double(SweepPlan.maximumTrials) else { return true }
        let text = count < 1e15 ? String(Int(count)) : String(count)
        faults.add(
            .tooManyRows(text, limit: SweepPlan.maximumTrials),
            at: sections.parameters.first?.origin ?? designs[0].section.origin)
        return false
    }

    private func trials(of rows: [SweepRow]) -> [SweepTrial] {
        var trials: [SweepTrial] = []
        trials.reserveCapacity(rows.count * sections.seeds.count)
        for row in rows {
            for seed in sections.seeds {
                trials.append(
                    SweepTrial(
                        row: row.index, seed: seed,
                        digest: Self.digest(row: row.digest, seed: seed), shared: row.shared,
                        changes: row.changes))
            }
        }
        return trials
    }

    /// The row's digest and the seed, as 24 bytes, most significant first.
    private static func digest(row: Digest, seed: Int) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { bytes in
            bytes.storeBytes(of: row.high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: row.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: UInt64(seed).bigEndian, toByteOffset: 16, as: UInt64.self)
            return Digest(of: UnsafeRawBufferPointer(bytes))
        }
    }
}

// MARK: Combinations

extension SweepExpander {
    /// Adds all combinations of steps, the first list slowest; returns the rows of reference.
    private func add(
        _ lists: [[DesignStep]], design: Int, to builder: inout RowBuilder
    ) -> [Int] {
        guard lists.allSatisfy({ !$0.isEmpty }) else { return [] }
        var references: [Int] = []
        var digits = Array(repeating: 0, count: lists.count)
        while true {
            var changes: [SettingsTable.Change] = []
            var name: RowName?
            var isReference = false
            for (list, digit) in zip(lists, digits) {
                let step = list[digit]
                changes += step.changes
                name = name ?? step.name
                isReference = isReference || step.isReference
            }
            let row = builder.add(changes, design: design, name: name)
            if isReference, let row { references.append(row) }
            var place = lists.count - 1
            while place >= 0 {
                digits[place] += 1
                if digits[place] < lists[place].count { break }
                digits[place] = 0
                place -= 1
            }
            if place < 0 { return references }
        }
    }

    /// Adds points until there are as many different rows as asked for.
    private func addRandom(
        _ design: ResolvedDesign, _ index: Int, to builder: inout RowBuilder,
        faults: inout FaultList
    ) {
        let points = RandomPoints(design, table: table)
        let wanted = design.section.points
        var found: Set<Int> = []
        for draw in 0..<(20 * wanted + 1000) {
            let row = builder.add(
                points.point(draw), design: index, name: nil, recordsRejects: false)
            if let row { found.insert(row) }
            if found.count == wanted { return }
        }
        faults.add(
            .tooFewPoints(found: found.count, wanted: wanted), at: design.section.origin)
    }
}
