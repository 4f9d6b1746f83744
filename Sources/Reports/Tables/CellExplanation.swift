import Analysis

/// The trials behind a cell, for `why`.
public enum CellExplanation {
    /// A table of seeds, values and digests; nil where the row or the column does not exist.
    ///
    /// The row is found by its label, the column by its key.
    public static func make(from table: Table, row label: String, column key: String) -> Table? {
        guard let row = table.rows.first(where: { $0.label == label }),
            let index = table.columns.firstIndex(where: { $0.key == key })
        else { return nil }
        let column = table.columns[index]
        let cell = row.cells[index]
        let text = CellText(cell, column: column)
        var value = text.main
        switch text.tail {
        case .spread(let deviation): value += " ± \(deviation)"
        case .interval(let lower, let upper): value += " [\(lower), \(upper)]"
        case nil: break
        }
        var result = Table(
            title: "\(row.label), \(column.fullHeader): \(value)", identifier: "why",
            labelHeader: "seed",
            columns: [
                Column(
                    key: "value", header: column.header, unit: column.unit,
                    decimals: column.decimals + 2),
                Column(key: "trial", header: "trial", alignment: .left),
            ])
        result.rows = cell.sources.map { source in
            Row(
                label: "\(source.seed)",
                cells: [Cell(.number(source.value)), Cell(.text(source.trial))])
        }
        if cell.sources.isEmpty { result.notes.append("No trial stands behind this cell.") }
        // The row's own remarks bear on each of its cells.
        let remarks = row.footnotes + (row.cells.first?.footnotes ?? []) + cell.footnotes
        for remark in remarks.map({ table.footnotes[$0] }) where !result.notes.contains(remark) {
            result.notes.append(remark)
        }
        return result
    }
}
