import Analysis

/// What may be said of each claim of a sweep, for `table --claims`.
public enum ClaimTable {
    /// A row a claim and metric.
    ///
    /// - Parameter former: how many comparisons are corrected for that the file claims no more.
    public static func make(
        _ verdicts: ClaimVerdicts, title: String, identifier: String, former: Int = 0
    ) -> Table {
        var table = Table(
            title: title, identifier: "\(identifier)-claims", labelHeader: "Claim",
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "difference", header: "difference", decimals: 1),
                Column(key: "pairs", header: "pairs"),
                Column(key: "outcome", header: "the claim", alignment: .left),
                Column(key: "verdict", header: "verdict", alignment: .left),
            ])
        for item in verdicts.items { table.rows.append(row(item, &table)) }
        explain(verdicts, former, &table)
        table.sortFootnotes()
        return table
    }

    private static func row(_ item: ClaimVerdicts.Item, _ table: inout Table) -> Row {
        let (claim, judged) = (item.claim, item.judged)
        var outcome = Cell(.text(item.outcome.words))
        let remarks =
            [claim.obstacle, claim.isLate ? late : nil].compactMap { $0 }
            + VerdictTable.remarks(judged)
        outcome.footnotes = remarks.map { table.footnote($0) }
        var row = Row(
            label: claim.text,
            cells: [
                Cell(.text(claim.metric.name + Column.inParentheses(unit: claim.metric.unit))),
                Cell(judged.difference.map { .effect($0.summary, judged.interval) } ?? .missing),
                Cell(.count(judged.pairs)), outcome,
                Cell(.text(VerdictText.words(judged.verdict, claim.metric))),
            ], group: claim.text)
        row.footnotes = [table.footnote(claim.comparison)]
        return row
    }

    private static let late =
        "written down when figures of its rows were there: k counts every comparison that could have been"

    private static func explain(
        _ verdicts: ClaimVerdicts, _ former: Int, _ table: inout Table
    ) {
        func count(_ isLate: Bool) -> Int? {
            verdicts.items.filter { $0.claim.isLate == isLate }.map(\.claim.comparisons).max()
        }
        let counts = [count(false), count(true)].compactMap { $0 }
        guard let first = counts.first else {
            table.notes.append(
                "Nothing is compared: the claims are about figures of which nothing says whether higher or "
                    + "lower is better.")
            return
        }
        let families =
            counts.count > 1
            ? ", those written down before figures were there and those that came later each "
                + "(1 - 0.05/k each, k = \(first) and \(counts[1]))"
            : " (1 - 0.05/k each, k = \(first))"
        table.caption =
            "Mean differences, better side first, paired by seed, with intervals that hold together in 95 % of "
            + "cases\(families). A claim holds where the whole interval is on its side of zero; it does not hold "
            + "where the interval is on the other side, or holds zero and lies within the smallest effect; undecided is neither."
        if former > 0 {
            table.notes.append(
                "k counts \(former) \(former == 1 ? "comparison" : "comparisons") as well that the file claimed "
                    + "at a look before, and claims no more.")
        }
        table.notes += VerdictTable.plans(verdicts.items.map(\.claim.looks))
        if let note = VerdictTable.noSmallestEffect(of: verdicts.items.map(\.claim.metric)) {
            table.notes.append(note)
        }
        table.notes.append(
            "The claims are a family of their own: the sweep's verdicts (--verdicts) have another 5 %."
        )
    }
}
