import Analysis

extension ComparisonBuilder {
    /// A column beside each metric: the difference against the row's baseline, paired by seed.
    mutating func addDifferenceColumns(_ refine: Refinement) {
        let baselines = table.rows.indices.map(baseline)
        guard baselines.contains(where: { $0 != nil }) else {
            table.notes.append("No differences: no configuration is marked as the baseline.")
            return
        }
        let metrics = table.columns.indices.filter { table.columns[$0].better != nil }
        var found: [Position: PairedDifference] = [:]
        for column in metrics {
            for row in table.rows.indices {
                guard let baseline = baselines[row], baseline != row else { continue }
                let name =
                    [row, baseline].map { table.rows[$0].label } + [table.columns[column].key]
                found[Position(row: row, column: column)] =
                    PairedDifference(
                        of: Self.valuesBySeed(table.rows[row].cells[column]),
                        against: Self.valuesBySeed(table.rows[baseline].cells[column])
                    ).map { refine($0, name.joined(separator: "\n")) }
            }
        }
        let positions = found.keys.sorted()
        let adjusted = HolmCorrection.adjusted(positions.compactMap { found[$0]?.pValue })
        var pValues: [Position: Double] = [:]
        for (position, value) in zip(positions, adjusted) { pValues[position] = value }
        for column in metrics.reversed() {
            insertDifferences(besides: column, found, pValues)
        }
        nameBaselines(baselines)
        describe(positions.compactMap { found[$0] })
    }

    /// The row that a configuration is compared with: the one it names; where none names any, the
    /// first baseline.
    private func baseline(of row: Int) -> Int? {
        guard !table.rows[row].isReference else { return nil }
        if let label = configurations[row].versus {
            return table.rows.firstIndex { $0.label == label && !$0.isReference }
        }
        return configurations.contains { $0.versus != nil }
            ? nil : table.rows.firstIndex(where: \.isBaseline)
    }

    /// Where a difference stands.
    private struct Position: Hashable, Comparable {
        var row: Int
        var column: Int
        static func < (left: Position, right: Position) -> Bool {
            (left.row, left.column) < (right.row, right.column)
        }
    }

    private static func valuesBySeed(_ cell: Cell) -> [Int: Double] {
        Dictionary(
            cell.sources.map { ($0.seed, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func insertDifferences(
        besides column: Int, _ found: [Position: PairedDifference], _ pValues: [Position: Double]
    ) {
        var difference = table.columns[column]
        difference.key += "_difference"
        difference.header = "Δ " + difference.header
        difference.better = nil
        table.columns.insert(difference, at: column + 1)
        for row in table.rows.indices {
            let position = Position(row: row, column: column)
            var cell = Cell(.notApplicable)
            if let value = found[position] {
                cell.content = .difference(value, adjustedPValue: pValues[position])
                cell.sources = table.rows[row].cells[column].sources
                    .filter { value.seeds.contains($0.seed) }
            }
            table.rows[row].cells.insert(cell, at: column + 1)
        }
    }

    // MARK: Words

    /// Where rows are compared with different ones, a footnote of each says with which.
    private mutating func nameBaselines(_ baselines: [Int?]) {
        for row in table.rows.indices {
            guard let baseline = baselines[row], baseline != row else { continue }
            table.rows[row].versus = table.rows[baseline].label
        }
        guard table.baselines.count > 1 else { return }
        for row in table.rows.indices {
            guard let label = table.rows[row].versus else { continue }
            table.rows[row].footnotes.append(table.footnote("vs “\(label)”"))
        }
    }

    /// Says what the differences are and, where no star can appear, why.
    private mutating func describe(_ differences: [PairedDifference]) {
        guard let most = differences.map(\.summary.count).max() else {
            if !table.baselines.isEmpty {
                table.notes.append(
                    "No differences: no configuration shares a finished seed with its baseline.")
            }
            return
        }
        let against =
            table.baselines.count == 1
            ? "“\(table.baselines[0])”" : "the row that a footnote names"
        let resamples = differences.compactMap(\.resamples).max()
        var text = "Δ: mean difference, paired by seed, against \(against)"
        if most > 1 {
            text +=
                resamples.map {
                    ", with the BCa bootstrap's 95 % interval (\(NumberText.grouped($0)) resamples)"
                } ?? ", with Student's 95 % interval"
        }
        text +=
            "; tests: exact sign flips, Holm's correction over \(differences.count) comparisons."
        table.notes.append(text)
        if resamples != nil, let least = differences.map(\.summary.count).min(), least < 10 {
            table.notes.append(
                "The bootstrap's interval is too narrow for fewer than ten seeds: here Student's is "
                    + "the one to believe.")
        }
        let smallest = differences.map(\.smallestPValue).min() ?? 1
        let corrected = smallest * Double(differences.count)
        guard corrected > 0.05 else { return }
        var needed = most
        while SignFlipTest.smallestPValue(count: needed) * Double(differences.count) > 0.05 {
            needed += 1
        }
        table.notes.append(
            "No difference can be significant here: \(most) \(most == 1 ? "pair gives" : "pairs give") "
                + "p ≥ \(NumberText.short(smallest)), \(NumberText.short(min(1, corrected))) after "
                + "correction; at least \(needed) seeds would be needed.")
    }
}
