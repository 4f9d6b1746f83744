import Analysis

/// The answer of a comparison table in sentences.
public enum ComparisonSummary {
    /// The best of each metric, and whether one configuration is best in all of them.
    public static func sentences(for table: Table) -> [String] {
        var sentences: [String] = []
        var winners: [Set<String>] = []
        for (index, column) in table.columns.enumerated() where column.better != nil {
            let best = table.rows.filter { $0.cells[index].isBest }
            guard let first = best.first else { continue }
            winners.append(Set(best.map(\.label)))
            let names = best.map { "“\($0.label)”" }.joined(separator: " and ")
            sentences.append(
                "\(name(of: column)): \(names) \(best.count == 1 ? "is" : "are") best with "
                    + "\(value(of: first.cells[index], column)).")
        }
        guard winners.count > 1 else { return sentences }
        let common = winners.dropFirst().reduce(winners[0]) { $0.intersection($1) }
        if common.isEmpty {
            sentences.append("No configuration is best in everything: there is a trade-off.")
        } else if let label = table.rows.map(\.label).first(where: common.contains) {
            sentences.append("“\(label)” is best in all \(winners.count) of them.")
        }
        return sentences
    }

    private static func name(of column: Column) -> String {
        column.group.map { "\($0), \(column.header)" } ?? column.header
    }

    private static func value(of cell: Cell, _ column: Column) -> String {
        let text = CellText(cell, column: column)
        let unit = column.unit.map { $0 == "°" ? $0 : " \($0)" } ?? ""
        if case .spread(let deviation) = text.tail { return "\(text.main) ± \(deviation)\(unit)" }
        return text.main + unit
    }
}
