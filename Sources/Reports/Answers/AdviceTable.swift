import Analysis
import Platform

/// What it would still take to settle which row, for `advise`.
public enum AdviceTable {
    /// A row a configuration and metric that is tested against its baseline.
    ///
    /// - Parameter secondsPerTrial: what a further trial costs; nil where unknown.
    public static func make(from input: ComparisonInput, secondsPerTrial: Double? = nil) -> Table {
        let items = ComparisonVerdicts(input).items.filter { $0.pairs > 0 }
        var result = Table(
            title: "Seeds needed", identifier: "advice", labelHeader: input.labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "difference", header: "difference", decimals: 1),
                Column(key: "verdict", header: "verdict", alignment: .left),
                Column(key: "pairs", header: "pairs"),
                Column(key: "needed", header: "until settled"),
            ])
        if secondsPerTrial != nil {
            result.columns.append(
                Column(key: "minutes", header: "cost until settled", unit: "min", decimals: 1))
        }
        result.columns.append(Column(key: "new_plan", header: "new plan"))
        let isOfSeveral = Set(items.map(\.baseline)).count > 1
        for item in items {
            result.rows.append(
                row(item, secondsPerTrial, isOfSeveral: isOfSeveral, &result))
        }
        if let unjudged = input.unjudged { result.notes.append(unjudged) }
        guard !result.rows.isEmpty else { return result }
        explain(items, &result)
        return result
    }

    private static func row(
        _ item: ComparisonVerdicts.Item, _ secondsPerTrial: Double?, isOfSeveral: Bool,
        _ table: inout Table
    ) -> Row {
        let needed = needed(item)
        let metric =
            item.metric.name + Column.inParentheses(unit: item.metric.unit)
        var cells = [
            Cell(.text(metric)),
            Cell(item.difference.map { .effect($0.summary, item.interval) } ?? .missing),
            Cell(.text(VerdictText.words(item.verdict, item.metric))),
            Cell(.count(item.pairs)), Cell(needed),
        ]
        if let secondsPerTrial {
            // A pair is a trial of this row and one of the baseline.
            var cost = Cell.Content.notApplicable
            if case .count(let pairs) = needed {
                cost = .number(Double(2 * max(0, pairs - item.pairs)) * secondsPerTrial / 60)
            }
            cells.append(Cell(cost))
        }
        cells.append(Cell(newPlan(item)))
        var row = Row(label: item.row, cells: cells, versus: item.baseline)
        if isOfSeveral { row.footnotes = [table.footnote("vs “\(item.baseline)”")] }
        return row
    }

    private static let unknown = Cell.Content.text("unknown")
    private static let unclear = Cell.Content.text("unclear")

    /// Pairs in all until the row has a verdict, or why there is no number.
    private static func needed(_ item: ComparisonVerdicts.Item) -> Cell.Content {
        if item.verdict.isDecided { return .text("settled") }
        guard let deviation = item.difference?.summary.standardDeviation, deviation > 0,
            item.pairs >= Looks.fewestPairs
        else { return unknown }
        if item.isWaiting { return .count(item.pairs + item.pending) }
        return item.pairsNeeded().map { .count(max($0, item.pairs + 1)) } ?? .text("> 1000")
    }

    /// Pairs of a new fixed plan that would find a difference of the observed size.
    private static func newPlan(_ item: ComparisonVerdicts.Item) -> Cell.Content {
        if item.verdict.isDecided { return .text("settled") }
        guard let effect = item.difference?.correctedEffectSize, effect != 0 else { return unknown }
        let needed = PairedPower.pairsNeeded(effectSize: effect, comparisons: item.comparisons)
        // So many there are, and they have found nothing: they do not say how many would.
        if let needed, needed <= item.pairs { return unclear }
        return needed.map { .count($0) } ?? .text("> 1000")
    }

    private static func explain(_ items: [ComparisonVerdicts.Item], _ result: inout Table) {
        let counts = Set(items.map(\.comparisons)).sorted().map(String.init)
        result.caption =
            "Differences with intervals that hold together in 95 % of cases (k = "
            + "\(counts.joined(separator: " and "))). Until settled: pairs in all that would give a "
            + "verdict if they went on as those that there are, looked at after every seed. New plan: "
            + "seeds of another, fixed plan that would find a difference of the observed size in "
            + "about 80 % of cases. With few pairs that size is known poorly, and so are these numbers."
        result.notes.append(
            "'\(ProgramName.current) run SWEEP --until-settled' adds seeds to undecided rows and to their baselines "
                + "alone. A plan that is extended is open from then on: its intervals hold at every look, "
                + "and are wider for it. Nobody has to choose the number of seeds by what is seen here."
        )
        let cells = result.rows.flatMap(\.cells)
        if cells.contains(where: { $0.content == unknown }) {
            result.notes.append(
                "unknown: with fewer than three pairs, or with the same difference in all, nobody knows "
                    + "how far they scatter.")
        }
        if cells.contains(where: { $0.content == unclear }) {
            result.notes.append(
                "unclear: the pairs that there are would have found a difference of the observed size "
                    + "in most cases, and have not: they do not say how many would.")
        }
    }
}
