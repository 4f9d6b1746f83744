import Digests

/// Expands a sweep's parameters to rows and trials.
enum SweepExpander {
    /// The plan, or nil when a fault was added.
    static func plan(
        _ sections: SweepSections, data: [String: SettingValue], schema: SettingsSchema,
        faults: inout FaultList
    ) -> SweepPlan? {
        let table = SettingsTable(
            descriptors: schema.trial, base: sections.base)
        guard isSmallEnough(sections, faults: &faults) else { return nil }
        let order = sections.parameters.compactMap { table.position(of: $0.descriptor.key) }
        var builder = RowBuilder(table: table, swept: order, schema: schema, data: data)
        addGrid(of: sections.parameters, to: &builder)
        let labeller = RowLabeller(builder.rows, table: table, order: order)
        let labels = labeller.labels(of: builder.rows)
        guard
            let baselines = BaselineRows(
                sections.baseline, rows: builder.rows, labels: labels,
                varied: labeller.variedPositions, table: table, faults: &faults)
        else { return nil }
        let rows = builder.rows.enumerated().map { index, draft in
            SweepRow(
                index: index, label: labels[index], isBaseline: baselines.contains(index),
                baseline: baselines.baseline(of: draft), varied: labeller.varied(in: draft),
                digest: draft.digest, shared: table, changes: draft.changes)
        }
        return SweepPlan(
            rows: rows, trials: trials(of: rows, seeds: sections.seeds),
            collapsed: builder.collapsed.map { labeller.collapsed($0, labels: labels) },
            variedKeys: labeller.variedPositions.map { table.descriptors[$0].key },
            seeds: sections.seeds, data: data, evaluation: sections.evaluation)
    }

    private static func isSmallEnough(
        _ sections: SweepSections, faults: inout FaultList
    ) -> Bool {
        var count = Double(sections.seeds.count)
        for parameter in sections.parameters { count *= Double(parameter.candidates.count) }
        guard count > Double(SweepPlan.maximumTrials) else { return true }
        let text = count < 1e15 ? String(Int(count)) : String(count)
        faults.add(
            .tooManyRows(text, limit: SweepPlan.maximumTrials),
            at: sections.parameters.first?.origin ?? .wholeFile)
        return false
    }

    /// All combinations, the first parameter slowest.
    private static func addGrid(of parameters: [ParameterSection], to builder: inout RowBuilder) {
        let positions = parameters.compactMap { builder.table.position(of: $0.descriptor.key) }
        var digits = Array(repeating: 0, count: parameters.count)
        while true {
            builder.add(
                parameters.indices.map { index in
                    SettingsTable.Change(
                        position: positions[index],
                        value: parameters[index].candidates[digits[index]].value)
                })
            var place = parameters.count - 1
            while place >= 0 {
                digits[place] += 1
                if digits[place] < parameters[place].candidates.count { break }
                digits[place] = 0
                place -= 1
            }
            if place < 0 { return }
        }
    }

    private static func trials(of rows: [SweepRow], seeds: [Int]) -> [SweepTrial] {
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
