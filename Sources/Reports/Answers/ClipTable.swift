/// What each trial reached, with the interval that its test clips give it.
///
/// Two things make a figure uncertain: the seed (another training would give another encoder), which
/// the comparison table's deviation shows; and the test clips (other clips would give another figure
/// of the same encoder), which this table shows.
public enum ClipTable {
    /// A row a trial, from a table whose cells know their trials' intervals.
    ///
    /// - Parameter noun: what an item of the test set is called; nil where no trial says anything of items.
    public static func make(from table: Table, noun: String? = "clip") -> Table {
        func columns(where isShown: (Cell.Source) -> Bool) -> [Int] {
            table.columns.indices.filter { index in
                table.rows.contains { $0.cells[index].sources.contains(where: isShown) }
            }
        }
        let certain = columns { $0.interval != nil }
        // Of a study whose trials leave no predictions the figures alone.
        let metrics = certain.isEmpty ? columns { _ in true } : certain
        var result = Table(
            title: "\(table.title) (each trial\(noun.map { ", over its test \($0)s" } ?? ""))",
            identifier: "\(table.identifier)-clips",
            labelHeader: table.labelHeader,
            columns: [Column(key: "seed", header: "seed", decimals: 0, identifies: true)]
                + metrics.map { table.columns[$0] })
        for row in table.rows {
            let seeds = Set(metrics.flatMap { row.cells[$0].sources.map(\.seed) }).sorted()
            for seed in seeds {
                let cells = metrics.map { index -> Cell in
                    guard let source = row.cells[index].sources.first(where: { $0.seed == seed })
                    else { return Cell(.notApplicable) }
                    return Cell(.estimate(source.value, source.interval), sources: [source])
                }
                result.rows.append(
                    Row(
                        label: row.label, cells: [Cell(.count(seed))] + cells,
                        isReference: row.isReference, isBaseline: row.isBaseline))
            }
        }
        // Trials without figures have no row: the table says which, and why.
        for row in table.rows {
            for remark in row.cells.first?.footnotes ?? [] {
                result.notes.append("“\(row.label)”: \(table.footnotes[remark])")
            }
        }
        return result
    }
}
