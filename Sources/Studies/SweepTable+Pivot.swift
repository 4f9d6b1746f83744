public import Reports
import ResultsStore
import Sweeps

extension SweepTable {
    /// A table a metric of a sweep that varies two settings: the values of the first down, those of the
    /// second across.
    ///
    /// Throws: as ``make(_:from:options:)``, ``StudiesError/noPivot(sweep:varied:)`` where other than
    /// two settings vary.
    public static func pivots(
        _ sweep: String, from store: StudyStore, metrics: [String]? = nil
    ) throws -> [Table] {
        let sweep = try store.sweep(sweep)
        let options = TableOptions(metrics: metrics)
        let table = table(from: try input(sweep, options: options), options)
        let grid = SettingsGrid(
            try sweep.store.trials(of: sweep.record.name), order: sweep.record.parameters)
        guard let grid else {
            throw StudiesError.noPivot(sweep: sweep.record.name, varied: sweep.record.parameters)
        }
        return table.figures.map {
            pivot(table, column: $0, grid, sweep.study.schema)
        }
    }

    private static func pivot(
        _ table: Table, column index: Int, _ grid: SettingsGrid, _ schema: SettingsSchema
    ) -> Table {
        let (down, across) = (grid.words(down: schema), grid.words(across: schema))
        let column = table.columns[index]
        let words = grid.keys.map { $0.replacing("_", with: " ") }
        let unit = Column.inParentheses(unit: column.unit)
        let found = table.rowFinder
        var result = Table(
            title: "\(column.group.map { "\($0): " } ?? "")\(column.header)\(unit)",
            caption: table.caption, identifier: "\(table.identifier)-\(column.key)",
            labelHeader: words[0],
            columns: zip(grid.across, across).map { value, text in
                Column(
                    key: "\(column.key)_\(value)", header: text, group: words[1],
                    better: column.better, decimals: column.decimals)
            })
        for (value, text) in zip(grid.down, down) {
            let cells = grid.across.map { other -> Cell in
                guard let row = grid.labels[[value, other]].flatMap(found)
                else { return Cell(.notApplicable) }
                var cell = row.cells[index]
                let remarks = cell.footnotes + (row.cells.first?.footnotes ?? [])
                cell.footnotes = remarks.map { result.footnote(table.footnotes[$0]) }
                return cell
            }
            result.rows.append(Row(label: text, cells: cells))
        }
        result.notes = table.notes
        if result.hasBest {
            result.notes.insert(
                "Marked among all cells of this table, not column by column.", at: 0)
        }
        result.sortFootnotes()
        return result
    }
}

/// The rows of a sweep by the values of the two settings that it varies.
struct SettingsGrid {
    /// In the order of the file.
    let keys: [String]
    /// In the order of the rows.
    private(set) var down: [SettingValue] = []
    private(set) var across: [SettingValue] = []
    /// By both values.
    private(set) var labels: [[SettingValue]: String] = [:]

    /// Nil where other than two settings vary.
    ///
    /// - Parameter order: of the settings that vary.
    init?(_ trials: [TrialRecord], order: [String]) {
        // Tuned rows have values of their own.
        let trials = trials.filter { !$0.isTuned }
        var values: [String: Set<SettingValue>] = [:]
        for trial in trials {
            for (key, value) in trial.variedValues { values[key, default: []].insert(value) }
        }
        let varied = order.filter { (values[$0]?.count ?? 0) > 1 }
        guard varied.count == 2 else { return nil }
        keys = varied
        var known: [Set<SettingValue>] = [[], []]
        for trial in trials {
            let own = trial.settingValues
            guard let first = own[keys[0]], let second = own[keys[1]] else { continue }
            if known[0].insert(first).inserted { down.append(first) }
            if known[1].insert(second).inserted { across.append(second) }
            labels[[first, second]] = trial.label
        }
    }

    /// The values of the first setting as labels have them.
    func words(down schema: SettingsSchema) -> [String] { words(down, keys[0], schema) }

    /// Those of the second.
    func words(across schema: SettingsSchema) -> [String] { words(across, keys[1], schema) }

    private func words(
        _ values: [SettingValue], _ key: String, _ schema: SettingsSchema
    ) -> [String] {
        let setting = schema.trial.first { $0.key == key }
        return values.map { setting?.words(for: $0) ?? $0.description }
    }
}
