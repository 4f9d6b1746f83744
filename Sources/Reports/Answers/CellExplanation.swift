import Analysis
import Platform

/// The trials behind a cell, for `why`.
public enum CellExplanation {
    /// A table of seeds, values and digests; nil where the row or the column does not exist.
    ///
    /// The row is found by its label, the column by its key. A difference against a baseline shows
    /// both values of each seed; a trial whose interval is known shows it.
    public static func make(from table: Table, row label: String, column key: String) -> Table? {
        guard let row = table.row(named: label),
            let index = table.columns.firstIndex(where: { $0.key == key })
        else { return nil }
        let column = table.columns[index]
        let cell = row.cells[index]
        var result = Table(
            title: "\(row.label), \(column.fullHeader): \(text(of: cell, column))",
            identifier: "why", labelHeader: "seed")
        if case .difference(let difference, let adjusted) = cell.content {
            explain(difference, adjusted, of: row, at: index, in: table, &result)
        } else {
            explain(cell, column, &result)
        }
        if case .count = cell.content {
            result.notes.append("\(column.header): how many trials of the row are finished.")
        } else if cell.sources.isEmpty {
            result.notes.append("No trial stands behind this cell.")
        }
        // The row's own remarks bear on each of its cells.
        let remarks = row.footnotes + (row.cells.first?.footnotes ?? []) + cell.footnotes
        for remark in remarks.map({ table.footnotes[$0] }) where !result.notes.contains(remark) {
            result.notes.append(remark)
        }
        return result
    }

    private static func text(of cell: Cell, _ column: Column) -> String {
        let text = CellText(cell, column: column)
        switch text.tail {
        case .spread(let deviation): return text.main + " ± \(deviation)"
        case .interval(let lower, let upper): return text.main + " [\(lower), \(upper)]"
        case nil: return text.main
        }
    }

    private static func explain(_ cell: Cell, _ column: Column, _ result: inout Table) {
        let hasIntervals = cell.sources.contains { $0.interval != nil }
        result.columns = [
            Column(
                key: "value", header: column.header, unit: column.unit,
                decimals: hasIntervals ? column.decimals : column.decimals + 2),
            Column(key: "trial", header: "trial", alignment: .left),
        ]
        result.rows = cell.sources.map { source in
            let value: Cell.Content =
                hasIntervals ? .estimate(source.value, source.interval) : .number(source.value)
            return Row(
                label: "\(source.seed)",
                cells: [Cell(value, sources: [source]), digest(source)])
        }
    }

    /// As much of a digest as a person needs; the value's cell has the whole.
    private static func digest(_ source: Cell.Source) -> Cell {
        Cell(.text(String(source.trial.prefix(12))))
    }

    private static func explain(
        _ difference: PairedDifference, _ adjusted: Double?, of row: Row, at index: Int,
        in table: Table, _ result: inout Table
    ) {
        let column = table.columns[index]
        // The metric's own column stands before that of its differences.
        let metric = table.columns[index - 1]
        let versus = row.versus.flatMap { table.row(named: $0) }
        let baseline = Dictionary(
            versus?.cells[index - 1].sources.map { ($0.seed, $0) } ?? [],
            uniquingKeysWith: { first, _ in first })
        func number(_ key: String, _ header: String) -> Column {
            Column(key: key, header: header, unit: column.unit, decimals: column.decimals + 2)
        }
        result.columns = [
            number("value", metric.header), number("baseline", "baseline"),
            number("difference", "difference"),
            Column(key: "trial", header: "trial", alignment: .left),
            Column(key: "baseline_trial", header: "baseline's trial", alignment: .left),
        ]
        result.rows = row.cells[index].sources.map { source in
            let other = baseline[source.seed]
            return Row(
                label: "\(source.seed)",
                cells: [
                    Cell(.number(source.value), sources: [source]),
                    Cell(other.map { .number($0.value) } ?? .missing),
                    Cell(other.map { .number(source.value - $0.value) } ?? .missing),
                    digest(source), other.map(digest) ?? Cell(.missing),
                ])
        }
        if let label = row.versus { result.notes.append("vs “\(label)”") }
        let corrected =
            adjusted.map { ", \(NumberText.short($0)) after correction" } ?? ", not corrected"
        let count = difference.summary.count
        result.notes.append(
            "p = \(NumberText.short(difference.pValue))\(corrected), by "
                + "\(ComparisonBuilder.words(for: [difference.test])) over "
                + Count.text(count, "pair"))
        // What the correction is over is the same as in the table.
        result.notes += table.notes.filter { note in
            note.hasPrefix(ComparisonBuilder.differencesNote)
                || adjusted == nil && note.hasPrefix("Not tested")
        }
    }
}
