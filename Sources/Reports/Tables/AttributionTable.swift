public import Analysis

/// What each switch contributes to the metrics, as a table.
public enum AttributionTable {
    /// One row a member, one column a metric: the Shapley value with its 95 % interval; then a row
    /// a pair of members: their interaction.
    ///
    /// - Parameter unknown: metrics of which no seed has every subset.
    public static func make(
        _ attributions: [(metric: ComparisonInput.Metric, attribution: Attribution)],
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
            for item in attribution.interactions where !pairs.contains(name(item)) {
                pairs.append(name(item))
            }
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
            "Shapley values: the mean effect of adding a member over all orders of adding; "
            + "interactions: what two do together beyond their sum. Per seed, then mean over "
            + "seeds with Student's 95 % interval, each by itself."
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
                .contains { $0.summary.count > 1 && $0.interval == nil }
        }
        if hasEqual {
            table.notes.append("An effect that is the same in all seeds has no interval.")
        }
        return table
    }

    private static func name(_ pair: Attribution.Interaction) -> String {
        "\(pair.first) × \(pair.second)"
    }

    private static func cell(_ effect: Attribution.Effect?) -> Cell {
        guard let effect else { return Cell(.notApplicable) }
        return Cell(.effect(effect.summary, effect.interval))
    }
}
