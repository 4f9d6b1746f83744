import Analysis

/// A publication's figures beside ours.
public enum PaperTable {
    /// One row for each configuration and metric that has a published value: ours, the
    /// publication's, and ours minus the publication's; nil where nothing was published.
    public static func make(from input: ComparisonInput) -> Table? {
        var input = input
        input.showsDifferences = false
        let ours = ComparisonTable.make(from: input)
        let published = Dictionary(
            input.configurations.map { ($0.label, $0.paper) }, uniquingKeysWith: { $1 })
        var table = Table(
            title: "\(input.name): beside the published values",
            identifier: "\(input.name)-paper", labelHeader: ours.labelHeader,
            columns: [
                Column(key: "metric", header: "metric", alignment: .left, identifies: true),
                Column(key: "ours", header: "ours"),
                Column(key: "published", header: "published"),
                Column(key: "difference", header: "ours − published"),
            ], footnotes: ours.footnotes)
        for row in ours.rows {
            for (column, cell) in zip(ours.columns, row.cells) {
                guard let value = published[row.label]?[column.key], value.isFinite else {
                    continue
                }
                table.rows.append(
                    Row(
                        label: row.label, cells: cells(column, cell, published: value),
                        isReference: row.isReference, isBaseline: row.isBaseline,
                        group: row.label, footnotes: row.footnotes))
            }
        }
        guard !table.rows.isEmpty else { return nil }
        let data = input.dataSet.isEmpty ? "the data of this sweep" : input.dataSet
        table.caption =
            "Ours: mean ± standard deviation over seeds, on \(data); published: on the "
            + "publication's data."
        table.sortFootnotes()
        return table
    }

    private static func cells(_ column: Column, _ cell: Cell, published: Double) -> [Cell] {
        var ours = cell
        ours.isBest = false
        let difference = cell.value.map { Cell.Content.number($0 - published) }
        return [
            Cell(.text(column.fullHeader)), ours, Cell(.number(published)),
            Cell(difference ?? .missing, sources: cell.sources),
        ]
    }
}
