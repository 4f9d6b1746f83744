import Analysis

/// How many seeds would settle which row, for `advise`.
public enum AdviceTable {
    /// A row a configuration and metric that differs from the baseline, from a table made with
    /// ``ComparisonInput/showsDifferences``.
    ///
    /// - Parameter secondsPerTrial: what a further trial costs; nil where unknown.
    public static func make(from table: Table, secondsPerTrial: Double? = nil) -> Table {
        let found = differences(in: table)
        var result = Table(
            title: "Seeds needed", identifier: "advice", labelHeader: table.labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "difference", header: "difference", decimals: 1),
                Column(key: "p_adjusted", header: "p", decimals: 3),
                Column(key: "pairs", header: "seeds"),
                Column(key: "additional", header: "more"),
            ])
        if secondsPerTrial != nil {
            result.columns.append(
                Column(key: "minutes", header: "cost", unit: "min", decimals: 1))
        }
        for item in found {
            let advice = SeedAdvice(
                item.difference, adjustedPValue: item.pValue, comparisons: found.count)
            let seeds = advice.additionalSeeds
            var cells = [
                Cell(.text(item.metric)),
                Cell(.effect(item.difference.summary, nil)),
                Cell(.number(item.pValue)), Cell(.count(advice.pairs)),
                Cell(more(advice)),
            ]
            if let secondsPerTrial {
                // A seed more is a trial of this row and one of the baseline.
                cells.append(
                    Cell(
                        seeds.map { .number(Double(2 * $0) * secondsPerTrial / 60) }
                            ?? .notApplicable))
            }
            var row = Row(label: item.label, cells: cells, versus: item.versus)
            if table.baselines.count > 1, let versus = item.versus {
                row.footnotes = [result.footnote("vs “\(versus)”")]
            }
            result.rows.append(row)
        }
        guard !result.rows.isEmpty else { return result }
        result.caption =
            "p: after correction; more: seeds that would find a difference of the observed size in 80 % of cases at 5 % "
            + "after correction over \(found.count) comparisons. With few seeds the size is known "
            + "poorly, and so is this number."
        if result.rows.contains(where: { $0.cells.contains { $0.content == .text("unknown") } }) {
            result.notes.append(
                "unknown: with fewer than three seeds nobody knows how far they scatter; run three."
            )
        }
        return result
    }

    /// Seeds to add, or why there is no number.
    private static func more(_ advice: SeedAdvice) -> Cell.Content {
        if advice.isSettled { return .text("settled") }
        if let seeds = advice.additionalSeeds { return .count(seeds) }
        return .text(advice.effectSize == nil ? "unknown" : "> 1000")
    }

    private struct Item {
        var label: String
        var versus: String?
        var metric: String
        var difference: PairedDifference
        var pValue: Double
    }

    private static func differences(in table: Table) -> [Item] {
        table.rows.flatMap { row in
            zip(row.cells, table.columns).compactMap { cell, column -> Item? in
                guard case .difference(let difference, adjustedPValue: let p?) = cell.content else {
                    return nil
                }
                return Item(
                    label: row.label, versus: row.versus,
                    metric: column.fullHeader.replacing("Δ ", with: ""),
                    difference: difference, pValue: p)
            }
        }
    }
}
