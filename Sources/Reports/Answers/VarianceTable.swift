public import Analysis
import Platform

/// Where the uncertainty of each difference comes from, for `table --variance`.
public enum VarianceTable {
    /// One difference over seeds and groups of test items.
    public struct Item: Sendable {
        public var row: String
        public var baseline: String
        public var metric: ComparisonInput.Metric
        /// Over the seeds alone; nil for no pairs.
        public var difference: PairedDifference?
        /// Nil where predictions on the same test items are not there.
        public var layout: TwoWayLayout?
        /// Why there is none though there are predictions.
        public var obstacle: Obstacle?
        /// Seeds that an earlier plan had figures of, and that were left out of this one; with any of them chosen seeds
        /// are left, and no interval.
        public var leftOut: [Int]

        public init(
            row: String, baseline: String, metric: ComparisonInput.Metric,
            difference: PairedDifference?, layout: TwoWayLayout?, obstacle: Obstacle? = nil,
            leftOut: [Int] = []
        ) {
            self.row = row
            self.baseline = baseline
            self.metric = metric
            self.difference = difference
            self.layout = layout
            self.obstacle = obstacle
            self.leftOut = leftOut
        }

        /// Over other seeds.
        var overSeeds: ConfidenceInterval? { leftOut.isEmpty ? difference?.interval : nil }
        /// Over other seeds and test items.
        var overBoth: ConfidenceInterval? { leftOut.isEmpty ? layout?.interval() : nil }
    }

    /// Why predictions of two rows, or of two seeds, cannot be taken item by item.
    public enum Obstacle: Sendable, Hashable {
        /// They are on other test items, or on these in other groups.
        case otherItems
        /// An earlier version stored them without the names of their items.
        case unnamed

        func words(_ noun: String) -> String {
            switch self {
            case .otherItems:
                "not all seeds of the row and its baseline were tested on the same \(noun)s in the same groups"
            case .unnamed:
                "an earlier version stored the predictions without the names of the \(noun)s, so that they "
                    + "cannot be matched: '\(ProgramName.current) run FILE --fresh' runs all stages again"
            }
        }
    }

    /// - Parameter noun: what a test item is called.
    public static func make(
        _ items: [Item], title: String, identifier: String, labelHeader: String, noun: String
    ) -> Table {
        var table = Table(
            title: title, identifier: "\(identifier)-variance", labelHeader: labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "seeds", header: "other seeds"),
                Column(key: "both", header: "other seeds and \(noun)s"),
                Column(key: "sd_seeds", header: "seeds", group: "deviation", decimals: 2),
                Column(key: "sd_groups", header: "\(noun)s", group: "deviation", decimals: 2),
                Column(key: "sd_rest", header: "rest", group: "deviation", decimals: 2),
                Column(key: "more", header: "more of", alignment: .left),
            ])
        let isOfSeveral = Set(items.map(\.baseline)).count > 1
        for item in items {
            var row = row(item, noun)
            if let obstacle = item.obstacle {
                row.cells[2].footnotes = [table.footnote(obstacle.words(noun))]
            }
            if !item.leftOut.isEmpty {
                row.cells[1].footnotes = [
                    table.footnote(VerdictTable.chosen(item.leftOut, lacking: "interval"))
                ]
            }
            if isOfSeveral { row.footnotes = [table.footnote("vs “\(item.baseline)”")] }
            table.rows.append(row)
        }
        explain(items, noun, &table)
        return table
    }

    private static func row(_ item: Item, _ noun: String) -> Row {
        let metric =
            item.metric.name + Column.inParentheses(unit: item.metric.unit)
        let over = item.difference.map { Cell.Content.effect($0.summary, item.overSeeds) }
        var cells = [Cell(.text(metric)), Cell(over ?? .missing)]
        if let layout = item.layout, let difference = item.difference {
            let shares = layout.shares
            let more =
                shares.seeds == shares.groups
                ? "either" : shares.seeds > shares.groups ? "seeds" : "\(noun)s"
            cells += [
                Cell(.effect(difference.summary, item.overBoth)),
                Cell(.number(layout.seedDeviation)), Cell(.number(layout.groupDeviation)),
                Cell(.number(layout.restDeviation)), Cell(.text(more)),
            ]
        } else {
            cells += Array(repeating: Cell(.notApplicable), count: 5)
        }
        return Row(
            label: item.row, cells: cells, versus: item.baseline, group: item.metric.key)
    }

    private static func explain(_ items: [Item], _ noun: String, _ table: inout Table) {
        guard !items.isEmpty else {
            table.notes.append("There is nothing to take apart: " + VerdictText.noBaseline)
            return
        }
        guard items.contains(where: { $0.layout != nil }) else {
            table.notes.append(
                "There are no figures over seeds and \(noun)s: they take predictions on the same test "
                    + "\(noun)s for two seeds at least.")
            return
        }
        table.caption =
            "Mean differences, paired by seed, each with a 95 % interval of its own: for other seeds "
            + "(Student's), and for other seeds and other test \(noun)s, with the same training data "
            + "(two-way layout, Satterthwaite's degrees of freedom). Deviation: between seeds, between "
            + "groups of test \(noun)s, and of what is left. More of: what the variance of the mean "
            + "is owed to most."
        let layouts = items.compactMap(\.layout)
        func range(_ counts: [Int]) -> String {
            let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
            return least == most ? "\(least)" : "\(least)–\(most)"
        }
        table.notes.append(
            "Over \(range(layouts.map(\.seeds))) seeds and \(range(layouts.map(\.groups))) groups of "
                + "test \(noun)s. Not valid at every look, and not corrected for the number of "
                + "comparisons: verdicts are over seeds.")
        let isNarrower = items.contains { item in
            guard let both = item.overBoth, let seeds = item.overSeeds else {
                return false
            }
            return both.upper - both.lower < seeds.upper - seeds.lower
        }
        if isNarrower {
            table.notes.append(
                "Some are narrower for other seeds and \(noun)s than for other seeds alone: few seeds know their "
                    + "own deviation poorly, which widens Student's interval, and groups of \(noun)s add to "
                    + "what is known of both. Each holds in about 95 % of cases.")
        }
    }
}
