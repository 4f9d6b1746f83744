import Analysis

extension ComparisonBuilder {
    /// A column beside each metric: the difference against the baseline, paired by seed.
    mutating func addDifferenceColumns(_ refine: (PairedDifference) -> PairedDifference) {
        guard let baseline = table.rows.firstIndex(where: \.isBaseline) else {
            table.notes.append("No differences: no configuration is marked as the baseline.")
            return
        }
        let metrics = table.columns.indices.filter { table.columns[$0].better != nil }
        var found: [Position: PairedDifference] = [:]
        for column in metrics {
            let reference = Self.valuesBySeed(table.rows[baseline].cells[column])
            for row in table.rows.indices where row != baseline && !table.rows[row].isReference {
                let values = Self.valuesBySeed(table.rows[row].cells[column])
                found[Position(row: row, column: column)] =
                    PairedDifference(of: values, against: reference).map(refine)
            }
        }
        let positions = found.keys.sorted()
        let adjusted = HolmCorrection.adjusted(positions.compactMap { found[$0]?.pValue })
        var pValues: [Position: Double] = [:]
        for (position, value) in zip(positions, adjusted) { pValues[position] = value }
        for column in metrics.reversed() {
            insertDifferences(besides: column, found, pValues)
        }
        describe(positions.compactMap { found[$0] }, baseline: table.rows[baseline].label)
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

    /// Says what the differences are and, where no star can appear, why.
    private mutating func describe(_ differences: [PairedDifference], baseline: String) {
        guard let most = differences.map(\.summary.count).max() else { return }
        var text = "Δ: mean paired difference against “\(baseline)” by seed"
        let isBootstrap = differences.contains { $0.intervalMethod == .bootstrap }
        let method = isBootstrap ? "the BCa bootstrap's" : "Student's"
        if most > 1 { text += ", with \(method) 95 % interval" }
        text +=
            "; tests: exact sign flips, Holm's correction over \(differences.count) comparisons."
        table.notes.append(text)
        let smallest = differences.map(\.smallestPValue).min() ?? 1
        let corrected = smallest * Double(differences.count)
        guard corrected > 0.05 else { return }
        var needed = most
        while SignFlipTest.smallestPValue(count: needed) * Double(differences.count) > 0.05 {
            needed += 1
        }
        table.notes.append(
            "No difference can be significant here: \(most) \(most == 1 ? "pair" : "pairs") give "
                + "p ≥ \(NumberText.short(smallest)), \(NumberText.short(min(1, corrected))) after "
                + "correction; at least \(needed) seeds would be needed.")
    }
}
