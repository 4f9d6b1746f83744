import Digests

/// Expands the designs of a sweep to rows and trials.
struct SweepExpander {
    let sections: SweepSections
    let designs: [ResolvedDesign]
    let table: SettingsTable
    let schema: SettingsSchema
    let data: [String: SettingValue]
    let layers: SettingLayers
    /// What was said of keys when the file was read.
    let spellings: [SweepRemark]

    struct Expansion {
        var plan: SweepPlan
        var tuning: SweepTuning?
        var claims: [SweepClaim]
    }

    /// The plan, or nil when a fault was added.
    func expansion(faults: inout FaultList) -> Expansion? {
        let steps = designs.map { $0.steps(around: settingsOfBaseline, table: table) }
        guard isSmallEnough(steps, faults: &faults) else { return nil }
        let count = faults.count
        var builder = builder(unread: unread)
        let references = addRows(steps, to: &builder, faults: &faults)
        let remarks = remarks(builder, faults: &faults)
        let origins = SettingOrigins(sections, designs)
        for (conflict, settings) in builder.checkers.found {
            faults.add(
                .conflict(conflict.message),
                at: origins.origin(of: conflict, settings: settings))
        }
        if builder.rows.isEmpty {
            faults.add(.nothingLeft, at: sections.exclusions.first?.origin ?? .wholeFile)
        }
        guard faults.count == count else { return nil }
        let aliases = aliases(steps, builder: &builder)
        return expansion(
            of: builder, references: references, aliases: aliases, remarks: remarks,
            faults: &faults)
    }

    /// Adds the rows of all designs; returns the rows that each design starts from.
    private func addRows(
        _ steps: [[[DesignStep]]], to builder: inout RowBuilder, faults: inout FaultList
    ) -> [[Int]] {
        designs.enumerated().map { index, design in
            if design.section.kind == .random {
                addRandom(design, index, to: &builder, faults: &faults)
                return []
            }
            let references = add(steps[index], design: index, to: &builder)
            let isInVain = design.setPosition.map(unread.contains) ?? false
            return isInVain ? [] : references
        }
    }

    private func expansion(
        of builder: RowBuilder, references: [[Int]], aliases: [String: Int],
        remarks: [SweepRemark], faults: inout FaultList
    ) -> Expansion? {
        let count = faults.count
        let labeller = RowLabeller(
            builder, designs: designs.map(\.positions), schema: schema)
        let labels = labeller.labels(of: builder.rows)
        let baselines = designs.indices.compactMap { index in
            BaselineRows(
                choice(design: designs[index], references: references[index]), rows: builder.rows,
                labels: labels, aliases: aliases, varied: labeller.variedPositions,
                unread: unread, table: table, faults: &faults)
        }
        sections.paper?.check(
            labels: labels, aliases: Array(aliases.keys), evaluations: schema.evaluations,
            faults: &faults)
        let claims =
            sections.claims?.claims(
                // Tuned rows stand beside those of the file.
                .init(
                    rows: labels
                        + (sections.tune == nil ? [] : labels.map { $0 + SweepTuning.ending }),
                    aliases: aliases, evaluations: sections.evaluation), faults: &faults) ?? []
        let tuning = sections.tune.flatMap { section in
            TuningExpander(
                section: section, expander: self, drafts: builder.rows, labels: labels,
                variedPositions: labeller.variedPositions
            ).tuning(faults: &faults)
        }
        guard faults.count == count else { return nil }
        let rows = builder.rows.enumerated().map { index, draft in
            SweepRow(
                index: index, label: labels[index],
                isBaseline: baselines.contains { $0.contains(index) },
                baseline: baselines[draft.design].baseline(of: draft),
                varied: labeller.varied(in: draft),
                digest: draft.digest, shared: table, changes: draft.changes)
        }
        var remarks = remarks
        let compared = Set(rows.filter { $0.baseline != $0.index }.compactMap(\.baseline))
        let alone = rows.filter { row in
            row.isBaseline ? !compared.contains(row.index) : row.baseline == nil
        }
        if sections.baseline != nil && rows.count > 1 || !compared.isEmpty, !alone.isEmpty {
            remarks.append(.comparedWithNone(rows: alone.map(\.label)))
        }
        let plan = SweepPlan(
            rows: rows, trials: Self.trials(of: rows, seeds: sections.seeds),
            collapsed: builder.collapsed.map { labeller.collapsed($0, labels: labels) },
            excluded: builder.excluded.map { labeller.excluded($0) },
            variedKeys: labeller.variedPositions.map { table.descriptors[$0].key },
            seeds: sections.seeds, data: data, storedData: schema.storedData(data),
            evaluation: sections.evaluation, remarks: remarks,
            unread: Set(unread.map { table.descriptors[$0].key }), table: table,
            changing: Self.changing(builder.rows, table),
            origins: SettingOrigins(sections, designs))
        return Expansion(plan: plan, tuning: tuning, claims: claims)
    }

    /// The settings that no design, baseline or rule varies.
    var common: [String: SettingValue] {
        var varied = Set(designs.flatMap(\.positions))
        varied.formUnion(settingsOfBaseline.map(\.position))
        varied.formUnion(sections.tune?.parameters.compactMap { table.position(of: $0.key) } ?? [])
        let keys = varied.map { table.descriptors[$0].key }
        return table.settings.filter { !keys.contains($0.key) }
    }

    /// Positions of the settings in which some row differs from what all start from.
    static func changing(_ rows: [RowBuilder.Draft], _ table: SettingsTable) -> Set<Int> {
        var isChanging = table.descriptors.map { _ in false }
        for row in rows {
            for change in row.changes { isChanging[change.position] = true }
        }
        return Set(isChanging.indices.filter { isChanging[$0] })
    }

    /// Positions of the settings that no evaluation of the sweep reads.
    private var unread: Set<Int> {
        guard let read = schema.reads?(sections.evaluation, data, common) else { return [] }
        return Set(table.descriptors.indices.filter { !read.contains(table.descriptors[$0].key) })
    }

    /// The labels that rows would have if everything were read, each with the row that it became:
    /// a file may name them, whatever it evaluates.
    private func aliases(
        _ steps: [[[DesignStep]]], builder: inout RowBuilder
    ) -> [String: Int] {
        var isLabel = false
        if case .label = sections.baseline?.choice { isLabel = true }
        guard isLabel || sections.paper != nil || sections.claims != nil,
            !builder.valuesInVain.isEmpty
        else { return [:] }
        var whole = self.builder(unread: [])
        var ignored = FaultList(fileName: "", overrides: [])
        _ = addRows(steps, to: &whole, faults: &ignored)
        let labels = RowLabeller(
            whole, designs: designs.map(\.positions), schema: schema
        ).labels(of: whole.rows)
        var aliases: [String: Int] = [:]
        for (label, row) in zip(labels, whole.rows) {
            aliases[LabelSpelling.typed(label)] = builder.index(of: row.changes)
        }
        return aliases
    }

    /// What was said in vain: a fault where it was the last word, else a remark.
    private func remarks(_ builder: RowBuilder, faults: inout FaultList) -> [SweepRemark] {
        var remarks = spellings
        func readers(_ key: String) -> [String] {
            schema.evaluations.filter { schema.reads?([$0], data, common).contains(key) ?? true }
        }
        for (position, values) in builder.valuesInVain.sorted(by: { $0.key < $1.key })
        where values.count > 1 {
            let key = table.descriptors[position].key
            remarks.append(.sweptInVain(key: key, values: values.count, reading: readers(key)))
        }
        var given: [[String]: [String]] = [:]
        for position in unread.sorted() {
            let key = table.descriptors[position].key
            let swept = builder.valuesInVain[position]?.count ?? 0
            guard swept == 1 || swept == 0 && sections.base[key] != nil else { continue }
            given[readers(key), default: []].append(key)
        }
        for (reading, keys) in given.sorted(by: { $0.value[0] < $1.value[0] }) {
            remarks.append(.givenInVain(keys: keys, reading: reading))
        }
        let last = layers.ofRows(sections)
        for position in builder.withoutEffect where !unread.contains(position) {
            let key = table.descriptors[position].key
            guard let value = sections.base[key], let origin = sections.baseOrigins[key],
                !builder.checkers.found.contains(where: { $0.conflict.key == key })
            else { continue }
            if layers.layer(of: origin) >= last {
                faults.add(.withoutEffect(key: key, found: value.description), at: origin)
            } else {
                remarks.append(.withoutEffect(key: key, value: value.description))
            }
        }
        for (place, rule) in sections.exclusions.enumerated()
        where !builder.matchedRules.contains(place) {
            if layers.layer(of: rule.origin) >= last {
                faults.add(.exclusionWithoutMatch(rule.excerpt), at: rule.origin)
            } else {
                remarks.append(.exclusionWithoutMatch(rule: rule.excerpt))
            }
        }
        return remarks
    }

    private func builder(unread: Set<Int>) -> RowBuilder {
        let rules = sections.exclusions.map { $0.placed(in: table) }
        return RowBuilder(
            table: table, watched: watched(rules: rules), rules: rules, schema: schema, data: data,
            given: Set(sections.base.keys), unread: unread, evaluations: sections.evaluation,
            metrics: sections.metrics + (sections.claims?.metrics ?? []))
    }

    /// Positions of the settings for which it matters whether they have an effect.
    func watched(rules: [ExclusionRule]) -> Set<Int> {
        var watched = Set(designs.flatMap(\.positions))
        watched.formUnion(rules.flatMap { $0.settings.map(\.position) })
        watched.formUnion(settingsOfBaseline.map(\.position))
        return watched
    }

    var settingsOfBaseline: [SettingsTable.Change] {
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

    /// Row by row, in each row by seed.
    static func trials(of rows: [SweepRow], seeds: [Int]) -> [SweepTrial] {
        var trials: [SweepTrial] = []
        trials.reserveCapacity(rows.count * seeds.count)
        for row in rows {
            for seed in seeds {
                trials.append(
                    SweepTrial(
                        row: row.index, seed: seed,
                        digest: digest(row: row.digest, seed: seed), shared: row.shared,
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
        // What cannot be is known without drawing, which takes seconds for many points. One is drawn
        // all the same, for the checks that follow.
        let isPossible = Double(wanted) <= points.distinctPoints
        var found: Set<Int> = []
        for draw in 0..<(isPossible ? 20 * wanted + 1000 : 1) {
            let row = builder.add(
                points.point(draw), design: index, name: nil, recordsRejects: false)
            if let row { found.insert(row) }
            if found.count == wanted { return }
        }
        faults.add(
            .tooFewPoints(
                found: isPossible ? found.count : Int(points.distinctPoints), wanted: wanted),
            at: design.section.origin)
    }
}
