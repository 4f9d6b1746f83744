/// What a publication reports for one row, to stand beside our figures.
public struct PaperRow: Sendable, Hashable {
    /// A row's label, or an evaluation that is a row of its own (`random`, `scratch`).
    public let label: String
    /// By metric.
    public let values: [String: Double]
}

/// `paper`: row label to metric to value.
struct PaperSection {
    var rows: [(row: PaperRow, origin: Origin)] = []

    init(_ node: SourceNode, schema: SettingsSchema, faults: inout FaultList) {
        guard let entries = node.entries else {
            faults.add(.notAMap(place: "paper", found: node.excerpt), at: node.origin)
            return
        }
        for entry in entries {
            guard let metrics = entry.value.entries else {
                faults.add(
                    .notAMap(place: "paper.\(entry.key)", found: entry.value.excerpt),
                    at: entry.value.origin)
                continue
            }
            var values: [String: Double] = [:]
            for metric in metrics {
                if let known = schema.metrics, !known.contains(metric.key) {
                    faults.add(
                        .unknownName(metric.key, what: "metric", allowed: known),
                        at: metric.keyOrigin)
                }
                values[metric.key] =
                    SettingChecker.value(
                        of: metric.value,
                        as: .number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude),
                        name: "paper.\(entry.key).\(metric.key)", faults: &faults)?.number
            }
            rows.append((PaperRow(label: entry.key, values: values), entry.keyOrigin))
        }
    }

    /// Adds a fault for each row that is neither a row of the plan nor an evaluation.
    ///
    /// `aliases` are the labels of what became another row because nothing reads its settings.
    func check(
        labels: [String], aliases: [String], evaluations: [String], faults: inout FaultList
    ) {
        let labels = labels.map(LabelSpelling.typed)
        let known = Set(labels).union(evaluations).union(aliases)
        for (row, origin) in rows where !known.contains(LabelSpelling.typed(row.label)) {
            faults.add(
                .unknownName(row.label, what: "row", allowed: labels + evaluations), at: origin)
        }
    }
}
