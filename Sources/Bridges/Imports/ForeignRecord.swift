import Files
import Foundation
import Sweeps

/// A result as a file of others has it.
struct ForeignRecord {
    /// Where it stands, for messages: `old.csv:5`.
    var place: String
    var label: String?
    /// Of settings, by their keys.
    var values: [String: SettingValue]
    var seed: Int?
    /// By their names in a trial; as texts, since a file may say anything.
    var figures: [String: String]
}

extension ForeignRecord {
    /// The lines of a CSV file with a header: columns for settings or `label`, `seed`, figures, and perhaps
    /// `status`, of which only `finished` counts. What `export --to csv` has written is one.
    ///
    /// - Parameters:
    ///   - keys: of the varied settings.
    ///   - figures: that a trial may have.
    /// - Throws: ``ImportError``.
    static func records(
        ofTable path: String, keys: [String], figures: [String]
    ) throws -> [ForeignRecord] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ImportError.unreadable(path: path, reason: "it is no text in UTF-8, or not there")
        }
        let table: CommaSeparatedTable
        do {
            table = try CommaSeparatedTable(parsing: text)
        } catch {
            throw ImportError.unreadable(path: path, reason: words(error))
        }
        func column(_ name: String) -> Int? { table.header.firstIndex(of: name) }
        let found = keys.compactMap { key in column(key).map { (key, $0) } }
        var missing =
            found.count == keys.count || column("label") != nil
            ? [] : keys.filter { column($0) == nil }
        if column("seed") == nil { missing.append("seed") }
        if !figures.contains(where: { column($0) != nil }) { missing += figures }
        guard missing.isEmpty else {
            throw ImportError.missingColumns(path: path, columns: missing)
        }
        return table.rows.compactMap { row in
            func field(_ name: String) -> String? { column(name).map { row.fields[$0] } }
            if let status = field("status"), status != "finished" { return nil }
            return ForeignRecord(
                place: "\(path):\(row.line)",
                label: found.count == keys.count ? nil : field("label"),
                values: Dictionary(uniqueKeysWithValues: found.map { ($0, value(row.fields[$1])) }),
                seed: field("seed").flatMap { Int($0) },
                figures: Dictionary(
                    uniqueKeysWithValues: figures.compactMap { name in
                        field(name).flatMap { $0.isEmpty ? nil : (name, $0) }
                    }))
        }
    }

    /// As JSON has it where it is JSON, else a text; as pandas writes truth values, too.
    private static func value(_ text: String) -> SettingValue {
        switch text {
        case "": return .null
        case "True": return .boolean(true)
        case "False": return .boolean(false)
        default:
            return (try? JSONDecoder().decode(SettingValue.self, from: Data(text.utf8)))
                ?? .text(text)
        }
    }

    private static func words(_ fault: CommaSeparatedTable.Fault) -> String {
        switch fault {
        case .empty: "it is empty"
        case .unclosedQuote(let line): "line \(line): a quote is not closed"
        case .textAfterQuote(let line): "line \(line): text follows a closed quote"
        case .fieldCount(let line, let found, let expected):
            "line \(line): \(found) fields, where the header has \(expected)"
        }
    }
}
