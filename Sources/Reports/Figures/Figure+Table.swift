import Analysis

extension Figure {
    /// Says in the caption that intervals end at the axis, where some do.
    public mutating func noteCutIntervals() {
        guard cutsIntervals else { return }
        caption += " Intervals that reach beyond what is possible are cut."
    }

    /// One figure a metric of a comparison table: a bar a row, with Student's 95 % interval.
    public static func bars(from table: Table) -> [Figure] {
        table.columns.indices.compactMap { index in
            let column = table.columns[index]
            let bars = table.rows.compactMap { row -> Bar? in
                guard case .summary(let summary) = row.cells[index].content else { return nil }
                let interval = summary.interval()
                return Bar(
                    label: row.label, value: summary.mean, lower: interval?.lower,
                    upper: interval?.upper, isReference: row.isReference,
                    points: summary.count > 1 ? row.cells[index].sources.map(\.value) : [])
            }
            guard !bars.isEmpty else { return nil }
            let name = column.group.map { "\($0): \(column.header)" } ?? column.header
            let hasIntervals = bars.contains { $0.lower != nil }
            let better = column.better.map {
                $0 == .higher ? "Higher is better." : "Lower is better."
            }
            let sentences = [
                "Mean over seeds"
                    + (hasIntervals ? " with Student's 95 % interval" : "")
                    + (hasIntervals && bars.contains { $0.lower == nil && !$0.isReference }
                        ? " (none for a single seed, or for equal values)." : "."),
                better,
                bars.contains { !$0.points.isEmpty } ? "A dot a seed." : nil,
                bars.contains { $0.isReference } ? "References in grey." : nil,
            ].compactMap { $0 }
            var figure = Figure(
                identifier: "\(table.identifier)-\(column.key)", title: name,
                caption: sentences.joined(separator: " "), xLabel: column.headerWithUnit,
                bounds: bounds(ofUnit: column.unit), content: .bars(bars))
            figure.noteCutIntervals()
            return figure
        }
    }
}
