public import Analysis

/// What each switch contributes to the metrics, as a table.
public enum AttributionTable {
    /// One row a member, one column a metric: the Shapley value with its interval; then a row a pair of
    /// members: their interaction. All intervals of a table hold together in 95 % of cases.
    ///
    /// - Parameters:
    ///   - order: 1 for members alone, 2 for pairs as well.
    ///   - plan: when its effects may be looked at.
    ///   - unknown: metrics of which no seed has every subset.
    public static func make(
        _ attributions: [(metric: ComparisonInput.Metric, attribution: Attribution)],
        order: Int = 2, plan: Plan, title: String = "Attribution",
        unknown: [ComparisonInput.Metric] = []
    ) -> Table {
        var table = Table(title: title, identifier: "attribution", labelHeader: "Member")
        table.columns = attributions.map { metric, _ in
            Column(
                key: metric.key, header: metric.header, group: metric.group, unit: metric.unit,
                decimals: metric.decimals)
        }
        var members: [String] = []
        var pairs: [String] = []
        for (_, attribution) in attributions {
            for item in attribution.contributions where !members.contains(item.member) {
                members.append(item.member)
            }
            for item in attribution.interactions where order > 1 && !pairs.contains(name(item)) {
                pairs.append(name(item))
            }
        }
        func cell(
            _ effect: Attribution.Effect?, _ metric: ComparisonInput.Metric,
            _ attribution: Attribution
        ) -> Cell {
            guard let effect else { return Cell(.notApplicable) }
            return Cell(.effect(effect.summary, plan.interval(of: effect, metric.key, attribution)))
        }
        for member in members {
            let cells = attributions.map { metric, attribution in
                cell(
                    attribution.contributions.first { $0.member == member }?.effect, metric,
                    attribution)
            }
            table.rows.append(Row(label: member, cells: cells, group: "members"))
        }
        for pair in pairs {
            let cells = attributions.map { metric, attribution in
                cell(
                    attribution.interactions.first { name($0) == pair }?.effect, metric, attribution
                )
            }
            table.rows.append(Row(label: pair, cells: cells, group: "pairs"))
        }
        table.caption =
            "Shapley values: the mean effect of adding a member over all orders of adding"
            + (pairs.isEmpty ? "" : "; interactions: what two do together beyond their sum")
            + ". Per seed, then mean over seeds, with intervals that hold together in 95 % of cases "
            + "(k = \(plan.comparisons): every effect, of pairs too, on every metric of the sweep)."
        table.notes += plan.notes(on: attributions.map(\.metric))
        let seeds = Set(attributions.map(\.attribution.seeds))
        for (metric, attribution) in attributions {
            let isNamed = seeds.count > 1 || attributions.count == 1
            let note =
                (isNamed ? "\(metric.name): over " : "Over ") + SeedList.text(attribution.seeds)
                + "."
            if !table.notes.contains(note) { table.notes.append(note) }
        }
        for (metric, attribution) in attributions where !attribution.incompleteSeeds.isEmpty {
            table.notes.append(
                "\(metric.name): \(SeedList.text(attribution.incompleteSeeds)) left out, a "
                    + "subset is missing.")
        }
        for metric in unknown {
            table.notes.append("\(metric.name): no seed has every subset finished.")
        }
        let hasEqual = attributions.contains { _, attribution in
            (attribution.contributions.map(\.effect) + attribution.interactions.map(\.effect))
                .contains { $0.summary.count > 1 && $0.summary.standardDeviation == 0 }
        }
        if hasEqual {
            table.notes.append("An effect that is the same in all seeds has no interval.")
        }
        return table
    }

    /// When the effects of a sweep may be looked at, and how many there are.
    public struct Plan: Sendable, Hashable {
        public var looks: Looks
        /// How many effects are corrected for at once, whatever is shown.
        public var comparisons: Int
        /// Whether seeds of a fixed plan are still to come.
        public var isPending: Bool
        /// The keys of the metrics whose effects these are.
        public var tested: Set<String>

        public init(
            looks: Looks = .fixed, comparisons: Int, isPending: Bool = false, tested: Set<String>
        ) {
            self.looks = looks
            self.comparisons = comparisons
            self.isPending = isPending
            self.tested = tested
        }

        /// Nil where a fixed plan has not all of its seeds yet, for a metric of no family, and where so few
        /// seeds bound nothing.
        public func interval(
            of effect: Attribution.Effect, _ metric: String, _ attribution: Attribution
        ) -> ConfidenceInterval? {
            guard tested.contains(metric), !isUnfinished else { return nil }
            return looks.interval(
                of: effect.summary, values: effect.values, seeds: attribution.seeds,
                roundOffs: effect.values.map { _ in effect.roundOff },
                alpha: 0.05 / Double(max(1, comparisons)))
        }

        private var isUnfinished: Bool { looks == .fixed && isPending }

        func notes(on metrics: [ComparisonInput.Metric]) -> [String] {
            var notes: [String] = []
            if isUnfinished {
                notes.append(
                    "Fixed plan: looked at once, when all of its seeds are there; until then there are "
                        + "no intervals."
                )
            }
            switch looks {
            case .fixed: break
            case .chosen(let leftOut):
                notes.append("No intervals: " + VerdictTable.chosen(leftOut) + ".")
            case .open(let first) where first.isEmpty:
                notes.append(
                    "Open plan: confidence sequences, which hold at every number of seeds, and are wider "
                        + "for it.")
            case .open(let first):
                notes.append(
                    "Open plan: \(SeedList.text(first)) had been looked at before seeds were added. What "
                        + "Student's interval of these and the confidence sequence of all have in common, "
                        + "2.5 % each.")
            }
            let others = metrics.filter { !tested.contains($0.key) }.map(\.name)
            if !others.isEmpty {
                notes.append(
                    "No intervals, because the sweep's metrics are others: \(others.joined(separator: ", "))."
                )
            }
            return notes
        }
    }

    private static func name(_ pair: Attribution.Interaction) -> String { pair.name }
}

extension Attribution.Interaction {
    /// "ChannelSwap × Mixup"
    package var name: String { "\(first) × \(second)" }
}
