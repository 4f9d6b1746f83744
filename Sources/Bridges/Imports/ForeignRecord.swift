import Files
import Foundation
import Sweeps

/// A result as a file of others has it.
struct ForeignRecord {
    /// Where it stands, for messages: `old.csv:5`.
    var place: String
    var label: String?
    /// Of settings, by their keys, as the file has them: texts, of a journal also numbers and truth values.
    var values: [String: SettingValue]
    /// The same of settings that the sweep does not vary, and of what may be none.
    var others: [String: SettingValue] = [:]
    /// As the file has it; nil and empty where it has none.
    var seed: SettingValue?
    /// By their names in a trial; as texts, since a file may say anything.
    var figures: [String: String]
}

extension ForeignRecord {
    /// What a file says, and what of it was left out, a sentence each.
    struct Reading {
        var records: [ForeignRecord]
        var remarks: [String] = []
    }

    /// Columns of `export --to csv` that an import has no use for.
    private static let ownColumns: Set<String> = [
        "sweep", "trial", "row", "label", "seed", "status", "reason", "digest", "started",
        "seconds",
        "peak_memory_bytes", "build",
    ]

    /// The lines of a CSV file with a header: columns for settings or `label`, `seed`, figures, and perhaps
    /// `status`, of which only `finished` counts, unless a setting or figure is called that. What
    /// `export --to csv` has written is one.
    ///
    /// - Parameters:
    ///   - keys: of the varied settings.
    ///   - fixed: of all other settings.
    ///   - figures: that a trial may have.
    /// - Throws: ``ImportError``.
    static func records(
        ofTable path: String, keys: [String], fixed: [String], figures: [String]
    ) throws -> Reading {
        guard let text = String(validating: try content(of: path), as: UTF8.self) else {
            throw ImportError.unreadable(
                path: path, reason: "it is no text in UTF-8; save it as CSV in UTF-8")
        }
        let separator = otherSeparator(text)
        let table: CommaSeparatedTable
        do {
            table = try CommaSeparatedTable(parsing: text)
        } catch {
            throw ImportError.unreadable(
                path: path,
                reason: words(error) + (separator.map { "; " + advice(onSeparator: $0) } ?? ""))
        }
        func column(_ name: String) -> Int? { table.header.firstIndex(of: name) }
        let known = Set(keys + fixed + figures + ["label", "seed", "status"])
        if let twice = known.sorted().first(where: { name in
            table.header.count { $0 == name } > 1
        }) {
            throw ImportError.columnTwice(path: path, column: twice)
        }
        let found = keys.compactMap { key in column(key).map { (key, $0) } }
        var missing =
            found.count == keys.count || column("label") != nil
            ? [] : keys.filter { column($0) == nil }
        if column("seed") == nil { missing.append("seed") }
        if !figures.contains(where: { column($0) != nil }) { missing += figures }
        guard missing.isEmpty else {
            throw ImportError.missingColumns(
                path: path, columns: missing, advice: separator.map(advice(onSeparator:)))
        }
        let status = (keys + figures).contains("status") ? nil : column("status")
        var others: [String: Int] = [:]
        var reading = Reading(records: [])
        reading.records = table.rows.compactMap { row in
            func field(_ name: String) -> String? {
                column(name).map { row.fields[$0].trimmingCharacters(in: .whitespaces) }
            }
            if let word = status.map({ row.fields[$0] }), word != "finished" {
                others[word, default: 0] += 1
                return nil
            }
            return ForeignRecord(
                place: "\(path):\(row.line)", label: keys.contains("label") ? nil : field("label"),
                values: found.count < keys.count
                    ? [:]
                    : Dictionary(
                        uniqueKeysWithValues: found.map { key, _ in
                            (key, .text(field(key) ?? ""))
                        }),
                others: Dictionary(
                    uniqueKeysWithValues: fixed.compactMap { key in
                        field(key).flatMap { $0.isEmpty ? nil : (key, .text($0)) }
                    }),
                seed: field("seed").flatMap { $0.isEmpty ? nil : .text($0) },
                figures: Dictionary(
                    uniqueKeysWithValues: figures.compactMap { name in
                        field(name).flatMap { $0.isEmpty ? nil : (name, $0) }
                    }))
        }
        if !others.isEmpty {
            let words = others.sorted { $0.key < $1.key }.map { "'\($0.key)' (\($0.value))" }
            reading.remarks.append(
                "\(others.values.reduce(0, +)) of \(table.rows.count) lines are left out, whose status is not "
                    + "'finished' but \(words.prefix(10).joined(separator: ", "))")
        }
        let unknown = table.header.filter { !known.contains($0) && !ownColumns.contains($0) }
        if !unknown.isEmpty {
            reading.remarks.append(
                "no varied setting and no figure, and so left out: column "
                    + unknown.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
                    + (unknown.count > 10 ? " and \(unknown.count - 10) more" : ""))
        }
        return reading
    }

    /// All that a file has.
    ///
    /// Throws: ``ImportError/unreadable(path:reason:)``.
    static func content(of path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as NSError {
            let code = (error.userInfo[NSUnderlyingErrorKey] as? NSError)?.code
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            throw ImportError.unreadable(
                path: path,
                reason: isFolder.boolValue
                    ? "it is a folder; name a file in it"
                    : isThere
                        ? code.map { String(cString: strerror(Int32($0))) }
                            ?? error.localizedDescription
                        : "it is not there; check the path")
        }
    }

    /// What parts the fields of a table instead of commas, from its first line; nil for commas.
    private static func otherSeparator(_ text: String) -> Character? {
        let line = text.prefix { !$0.isNewline }
        return line.contains(",") ? nil : [";", "\t"].first(where: line.contains)
    }

    private static func advice(onSeparator separator: Character) -> String {
        let name = separator == ";" ? "semicolons" : "tabs"
        return "its fields are parted by \(name): save it with commas, and points in numbers"
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
