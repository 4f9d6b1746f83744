public import Analysis

/// What each switch contributes to the metrics, as a table.
public enum AttributionTable {
    /// One row a member, one column a metric: the Shapley value with its interval; then a row a pair of
    /// members: their interaction. All intervals of a table hold together in 95 % of cases.
    ///
    /// - Parameters:
    ///   - order: 1 for members alone, 2 for pairs as well.
    ///   - looks: of the plan.
    ///   - unknown: metrics of which no seed has every subset.
    public static func make(
        _ attributions: [(metric: ComparisonInput.Metric, attribution: Attribution)],
        order: Int = 2, looks: Looks = .fixed,
        title: String = "Attribution", unknown: [ComparisonInput.Metric] = []
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
        let count = max(1, (members.count + pairs.count) * attributions.count)
        func cell(_ effect: Attribution.Effect?) -> Cell {
            guard let effect else { return Cell(.notApplicable) }
            return Cell(
                .effect(
                    effect.summary,
                    looks.interval(ofMean: effect.summary, alpha: 0.05 / Double(count))))
        }
        for member in members {
            let cells = attributions.map { _, attribution in
                cell(attribution.contributions.first { $0.member == member }?.effect)
            }
            table.rows.append(Row(label: member, cells: cells, group: "members"))
        }
        for pair in pairs {
            let cells = attributions.map { _, attribution in
                cell(attribution.interactions.first { name($0) == pair }?.effect)
            }
            table.rows.append(Row(label: pair, cells: cells, group: "pairs"))
        }
        table.caption =
            "Shapley values: the mean effect of adding a member over all orders of adding"
            + (pairs.isEmpty ? "" : "; interactions: what two do together beyond their sum")
            + ". Per seed, then mean over seeds, with intervals that hold together in 95 % of cases "
            + "(k = \(count))."
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

    private static func name(_ pair: Attribution.Interaction) -> String { pair.name }
}

extension Attribution.Interaction {
    /// "ChannelSwap × Mixup"
    package var name: String { "\(first) × \(second)" }
}
