import Analysis

/// How many seeds a new plan would need to settle which row, for `advise`.
public enum AdviceTable {
    /// A row a configuration and metric that is tested against the baseline, from a table made with
    /// ``ComparisonInput/showsDifferences``.
    ///
    /// - Parameters:
    ///   - comparisons: how many the family has; nil for those that the table shows.
    ///   - secondsPerTrial: what a further trial costs; nil where unknown.
    public static func make(
        from table: Table, comparisons: Int? = nil, secondsPerTrial: Double? = nil
    ) -> Table {
        let found = differences(in: table)
        let comparisons = max(found.count, comparisons ?? 0)
        var result = Table(
            title: "Seeds needed", identifier: "advice", labelHeader: table.labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "difference", header: "difference", decimals: 1),
                Column(key: "p_adjusted", header: "p", decimals: 3),
                Column(key: "pairs", header: "pairs"),
                Column(key: "needed", header: "new plan"),
            ])
        if secondsPerTrial != nil {
            result.columns.append(
                Column(key: "minutes", header: "cost", unit: "min", decimals: 1))
        }
        for item in found {
            let advice = SeedAdvice(
                item.difference, adjustedPValue: item.pValue, comparisons: comparisons)
            let needed = needed(advice)
            var cells = [
                Cell(.text(item.metric)),
                Cell(.effect(item.difference.summary, nil)),
                Cell(.number(item.pValue)), Cell(.count(advice.pairs)), Cell(needed),
            ]
            if let secondsPerTrial {
                // A pair is a trial of this row and one of the baseline.
                var cost = Cell.Content.notApplicable
                if case .count(let pairs) = needed {
                    cost = .number(Double(2 * pairs) * secondsPerTrial / 60)
                }
                cells.append(Cell(cost))
            }
            var row = Row(label: item.label, cells: cells, versus: item.versus)
            if table.baselines.count > 1, let versus = item.versus {
                row.footnotes = [result.footnote("vs “\(versus)”")]
            }
            result.rows.append(row)
        }
        guard !result.rows.isEmpty else { return result }
        explain(&result, comparisons)
        return result
    }

    private static func explain(_ result: inout Table, _ comparisons: Int) {
        result.caption =
            "p: after correction over \(comparisons) "
            + "\(comparisons == 1 ? "comparison" : "comparisons"), for the pairs that there are. New plan: "
            + "seeds with which a difference of the observed size would be found in about 80 % of cases "
            + "at 5 % after correction. With few pairs that size is known poorly, and so is this number."
        result.notes.append(
            "A p-value holds for a number of seeds that was fixed beforehand. Whoever adds seeds to this "
                + "sweep because of this table and looks again finds differences by chance more often "
                + "than in 5 % of cases: for a test that holds, run a new plan with seeds that are not "
                + "in this one.")
        func has(_ content: Cell.Content) -> Bool {
            result.rows.contains { $0.cells.contains { $0.content == content } }
        }
        if has(unknown) {
            result.notes.append(
                "unknown: with fewer than three pairs, or with the same difference in all, nobody knows "
                    + "how far they scatter.")
        }
        if has(undecided) {
            result.notes.append(
                "undecided: the pairs that there are would have found a difference of the observed size "
                    + "in most cases, and have not: they do not say how many would.")
        }
    }

    private static let unknown = Cell.Content.text("unknown")
    private static let undecided = Cell.Content.text("undecided")

    /// The pairs of a new plan, or why there is no number.
    private static func needed(_ advice: SeedAdvice) -> Cell.Content {
        if advice.isSettled { return .text("settled") }
        if advice.contradictsItself { return undecided }
        if let pairs = advice.pairsNeeded { return .count(pairs) }
        return advice.effectSize == nil ? unknown : .text("> 1000")
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
