import Analysis

/// Two tables side by side, for `compare`: two sweeps, or one before and after.
public enum TableDifference {
    /// Rows are matched by label, columns by key; what only one of them has is named in the notes.
    public static func make(
        before: Table, after: Table, names: (before: String, after: String) = ("before", "after")
    ) -> Table {
        var result = Table(
            title: "\(names.before) and \(names.after)", identifier: "compare",
            labelHeader: before.labelHeader)
        let figures = before.figures.map { before.columns[$0] }
        let shared = figures.filter { column in after.columns.contains { $0.key == column.key } }
        for column in shared {
            for (key, header) in [
                ("before", names.before), ("after", names.after), ("change", "change"),
            ] {
                result.columns.append(
                    Column(
                        key: "\(column.key)_\(key)", header: header,
                        group: column.fullHeader, decimals: column.decimals))
            }
        }
        let other = after.rowFinder
        for row in before.rows {
            guard let match = other(row.label) else { continue }
            let cells = shared.flatMap { column -> [Cell] in
                let first = cell(row, column, in: before)
                let second = cell(match, column, in: after)
                return [first, second, change(first, second, names, &result)]
            }
            result.rows.append(
                Row(
                    label: row.label, cells: cells, isReference: row.isReference,
                    isBaseline: row.isBaseline, group: row.group))
        }
        if !shared.isEmpty {
            result.notes.append(
                "change: \(names.after) minus \(names.before); [ ]: Student's 95 % interval, paired by "
                    + "seed, where both have the same seeds; each by itself, without a test.")
        }
        note(before, after, names.before, in: &result)
        note(after, before, names.after, in: &result)
        return result
    }

    /// The change of the means, with an interval where these are over the same seeds.
    private static func change(
        _ first: Cell, _ second: Cell, _ names: (before: String, after: String),
        _ result: inout Table
    ) -> Cell {
        guard let old = first.value, let new = second.value else { return Cell(.notApplicable) }
        func seeds(_ cell: Cell) -> [Int: Double] {
            Dictionary(
                cell.sources.map { ($0.seed, $0.value) }, uniquingKeysWith: { value, _ in value })
        }
        let (before, after) = (seeds(first), seeds(second))
        if before.count == 1, after.count == 1, before.keys == after.keys {
            return Cell(.number(new - old), footnotes: [result.footnote("one run each")])
        }
        if Set(before.keys) == Set(after.keys),
            let difference = PairedDifference(of: after, against: before)
        {
            let remark = "over \(SeedList.text(difference.seeds))"
            return Cell(
                .effect(difference.summary, difference.interval),
                footnotes: [result.footnote(remark)])
        }
        let remark =
            "means over different seeds: \(names.before) \(SeedList.text(Array(before.keys))), "
            + "\(names.after) \(SeedList.text(Array(after.keys)))"
        return Cell(.number(new - old), footnotes: [result.footnote(remark)])
    }

    private static func cell(_ row: Row, _ column: Column, in table: Table) -> Cell {
        guard let index = table.columns.firstIndex(where: { $0.key == column.key }) else {
            return Cell(.notApplicable)
        }
        var cell = row.cells[index]
        // Footnotes and the mark of the best belong to the tables that these are taken from.
        cell.footnotes = []
        cell.isBest = false
        return cell
    }

    private static func note(_ one: Table, _ other: Table, _ name: String, in result: inout Table) {
        let found = other.rowFinder
        let labels = one.rows.map(\.label).filter { found($0) == nil }
        guard !labels.isEmpty else { return }
        result.notes.append("Only in \(name): \(RowNames.text(labels)).")
    }
}
