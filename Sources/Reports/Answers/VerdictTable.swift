import Analysis
import Platform

/// What may be said of each configuration against its baseline, for `table --verdicts`.
public enum VerdictTable {
    /// A row a configuration and metric.
    public static func make(from input: ComparisonInput) -> Table {
        let verdicts = ComparisonVerdicts(input)
        var table = Table(
            title: input.summary.isEmpty ? input.name : "\(input.name): \(input.summary)",
            identifier: "\(input.name)-verdicts", labelHeader: input.labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "difference", header: "difference", decimals: 1),
                Column(key: "pairs", header: "pairs"),
                Column(key: "verdict", header: "verdict", alignment: .left),
            ])
        let isOfSeveral = Set(verdicts.items.map(\.baseline)).count > 1
        for item in verdicts.items {
            table.rows.append(row(item, isOfSeveral: isOfSeveral, &table))
        }
        if let unjudged = input.unjudged { table.notes.append(unjudged) }
        if !input.family.isEmpty { explain(verdicts, &table) }
        table.sortFootnotes()
        return table
    }

    private static func row(
        _ item: ComparisonVerdicts.Item, isOfSeveral: Bool, _ table: inout Table
    ) -> Row {
        var verdict = Cell(.text(VerdictText.words(item.verdict, item.metric)))
        verdict.footnotes = remarks(item).map { table.footnote($0) }
        let metric =
            item.metric.name + Column.inParentheses(unit: item.metric.unit)
        var row = Row(
            label: item.row,
            cells: [
                Cell(.text(metric)),
                Cell(item.difference.map { .effect($0.summary, item.interval) } ?? .missing),
                Cell(.count(item.pairs)), verdict,
            ], versus: item.baseline, group: item.metric.key)
        if isOfSeveral { row.footnotes = [table.footnote("vs “\(item.baseline)”")] }
        return row
    }

    /// What keeps a verdict from being there, or from being trusted.
    package static func remarks(_ item: ComparisonVerdicts.Item) -> [String] {
        var remarks: [String] = []
        switch item.looks {
        case .chosen(let leftOut): remarks.append(chosen(leftOut))
        case .fixed where item.pending > 0:
            remarks.append(
                "\(item.pairs) of \(Count.text(item.pairs + item.pending, "pair")) so far: a fixed plan is looked at "
                    + "when all are there")
        case .open(let first) where !first.isEmpty:
            let added = (item.difference?.seeds ?? []).filter { !first.contains($0) }
            if !added.isEmpty {
                remarks.append(
                    "\(SeedList.text(added)) added after \(SeedList.text(first)) had been looked at: "
                        + "each look has 2.5 %")
            }
        default: break
        }
        if let lost = VerdictText.lost(item) { remarks.append(lost) }
        if item.hasLateBaseline {
            remarks.append(
                "the baseline was named when figures of both rows were there: k counts every pair of rows"
            )
        }
        if !item.formerMetrics.isEmpty {
            remarks.append(
                "k counts \(item.formerMetrics.joined(separator: ", ")) too, tested before the file's metrics "
                    + "were changed after a look")
        }
        if item.redone > 0 {
            remarks.append(
                "figures that had been looked at were given up "
                    + (item.redone == 1 ? "" : "\(item.redone) times ")
                    + "and came out others: k counts each comparison \(1 << min(item.redone, 20)) times"
            )
        }
        if item.pairs > 0, item.pairs < Looks.fewestPairs {
            remarks.append("an interval takes at least \(Looks.fewestPairs) pairs")
        }
        if item.pairs >= Looks.fewestPairs, !item.isWaiting,
            item.isWithoutScatter
        {
            remarks.append(
                "the same difference in all \(VerdictText.pairs(item.pairs)): no interval can be had"
            )
        }
        if item.isSkewed { remarks.append(skewed) }
        return remarks
    }

    package static let skewed =
        "the differences lean to one side: intervals of few of them hold less often than they say "
        + "(docs/statistics.md)"

    private static func explain(_ verdicts: ComparisonVerdicts, _ table: inout Table) {
        guard !verdicts.items.isEmpty else {
            table.notes.append("There are no verdicts: " + VerdictText.noBaseline)
            return
        }
        let against =
            Set(verdicts.items.map(\.baseline)).count == 1
            ? "“\(verdicts.items[0].baseline)”" : "the row that a footnote names"
        let families = verdicts.families
        let share = families.count > 1 ? "" : ", k = \(families[0].comparisons)"
        table.caption =
            "Mean differences from \(against), paired by seed, with intervals that hold together in "
            + "95 % of cases\(families.count > 1 ? ", those of each family" : "") (1 - 0.05/k each\(share)). "
            + "A verdict is true wherever in its interval the difference lies; undecided is no verdict."
        if families.count > 1 {
            table.notes.append(
                "Rows that came after a look are a family of their own: "
                    + families.map { family in
                        "k = \(family.comparisons) for "
                            + family.rows.map { "“\($0)”" }.joined(separator: ", ")
                    }.joined(separator: "; ") + ".")
        }
        if let former = verdicts.formerComparisons {
            table.notes.append(
                "k counts \(former) \(former == 1 ? "comparison" : "comparisons") of earlier plans of this name as well, whose trials this one has no "
                    + "more, since a program, the data, settings or seeds were changed: who changes them until the "
                    + "figures please has compared as often. What is still being tried is better run under "
                    + "another name (run --name try).")
        }
        table.notes += plans(verdicts.items.map(\.looks))
        if let note = noSmallestEffect(of: verdicts.items.map(\.metric)) {
            table.notes.append(note)
        }
    }

    /// What is to be said of the plans of some comparisons.
    static func plans(_ looks: [Looks]) -> [String] {
        (looks.contains(.fixed) ? [fixedPlan] : [])
            + (looks.contains(where: isOpen) ? [openPlan] : [])
    }

    /// Why a row has no verdict whose seeds were chosen.
    package static func chosen(_ leftOut: [Int], lacking: String = "verdict") -> String {
        "no \(lacking): \(SeedList.text(leftOut)) had figures in an earlier plan and \(leftOut.count == 1 ? "is" : "are") "
            + "left out, and seeds that are chosen after a look can show anything"
    }

    private static let fixedPlan =
        "Fixed plan: Student's intervals, looked at once, when all seeds are there."
    private static let openPlan =
        "Open plan: confidence sequences, which hold at every number of seeds, and are wider for it."

    /// Which verdict the metrics cannot get for which nobody has said what matters; nil where all can.
    static func noSmallestEffect(of metrics: [ComparisonInput.Metric]) -> String? {
        let without = metrics.filter { $0.smallestEffect == nil }
        guard !without.isEmpty else { return nil }
        let names = without.reduce(into: [String]()) { names, metric in
            if !names.contains(metric.name) { names.append(metric.name) }
        }
        return "Without a smallest effect (section 'smallest_effect' of the file) no effect "
            + (without.count == metrics.count ? "" : "on \(names.joined(separator: ", ")) ")
            + "is ever found to be absent."
    }

    private static func isOpen(_ looks: Looks) -> Bool {
        if case .open = looks { true } else { false }
    }
}
