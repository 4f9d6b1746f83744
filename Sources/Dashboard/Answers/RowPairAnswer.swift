import Digests
import Reports
import ResultsStore
import Studies
import Sweeps

/// Two rows side by side: the settings in which they differ, and their figures.
struct RowPairAnswer: Encodable {
    struct Setting: Encodable {
        var name: String
        var first: String
        var second: String
    }

    var first: String
    var second: String
    var settings: [Setting]
    /// How many settings are the same.
    var same: Int
    var html: String

    init(_ first: String, _ second: String, of sweep: String, _ store: StudyStore) throws {
        var table = try TableAnswer.table(.differences, sweep, store)
        let rows = try [first, second].map { label in
            guard let row = table.row(named: label) else {
                throw StudiesError.unknownRow(
                    label, sweep: sweep, known: table.rows.map(\.label))
            }
            return row
        }
        (self.first, self.second) = (rows[0].label, rows[1].label)
        table.rows = rows
        table.sortFootnotes()
        html = HTMLTable(isNamed: true).text(of: table)
        let schema = try store.study(ofSweep: sweep).schema
        let values = try rows.map { try Self.settings(ofRow: $0.label, sweep, store.store, schema) }
        let names = Set(values[0].keys).union(values[1].keys).sorted()
        settings = names.compactMap { name in
            let (ours, theirs) = (values[0][name] ?? "–", values[1][name] ?? "–")
            return ours == theirs ? nil : Setting(name: name, first: ours, second: theirs)
        }
        same = names.count - settings.count
    }

    /// A reference has none of its own.
    private static func settings(
        ofRow label: String, _ sweep: String, _ store: ResultsStore, _ schema: SettingsSchema
    ) throws -> [String: String] {
        guard let trial = try store.firstTrial(ofRow: label, in: sweep),
            let record = try store.trials(of: sweep, only: trial).first
        else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: record.settingValues.map { key, value in
                let setting = schema.trial.first { $0.key == key }
                return (key, setting?.words(for: value) ?? value.description)
            })
    }
}
