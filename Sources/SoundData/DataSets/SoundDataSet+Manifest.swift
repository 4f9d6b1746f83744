import Files
import Foundation

extension SoundDataSet {
    /// A CSV file with the columns path and label, and optionally split and group; others are
    /// ignored. Paths are relative to the file's folder. A clip without a group is its own group;
    /// without a split column, splits are drawn by group. Clips for pretraining need no label.
    static func loadManifest(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        if FilePath.isFolder(url.path) {
            throw SoundDataError.manifestIsFolder(path: url.path, manifest: manifest(in: url))
        }
        let table = try readTable(url, source: "manifest")
        let path = try requireColumn("path", of: table, url)
        let label = try requireColumn("label", of: table, url)
        let split = table.column("split")
        let group = table.column("group")
        let folder = url.deletingLastPathComponent()
        var places = ClipPlaces(folder: folder.path)
        let candidates = try table.rows.map { row in
            let place = places.place(of: try requireField(path, of: row, "path", url))
            let split = try split.map { try splitNamed(row.fields[$0], row, url) }
            return ClipCandidate(
                identifier: place.identifier, file: URL(fileURLWithPath: place.path),
                label: split == .pretraining
                    ? row.fields[label] : try requireField(label, of: row, "label", url),
                split: split,
                group: group.map { row.fields[$0] } ?? "")
        }
        // One of several lists of a folder: "instruments" and "instruments-unlabelled".
        let stem = url.deletingPathExtension().lastPathComponent
        let name =
            stem == "manifest" || stem.hasPrefix("manifest-")
            ? folder.lastPathComponent + stem.dropFirst("manifest".count) : stem
        return try ClipCollection(
            name: name, path: url.path, folder: folder, candidates: candidates
        ).dataSet(settings, look)
    }

    static func readTable(_ url: URL, source: String) throws -> CommaSeparatedTable {
        do {
            _ = try RegularFile(url.path)
        } catch {
            guard error.fault == .missing, FilePath.status(url.path) == nil else {
                throw SoundDataError.fileSystem(
                    path: url.path, operation: "read", reason: error.reason)
            }
            throw SoundDataError.fileNotFound(path: url.path, source: source)
        }
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw SoundDataError.fileNotFound(path: url.path, source: source)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SoundDataError.table(path: url.path, problem: .notText)
        }
        do {
            return try CommaSeparatedTable(parsing: text)
        } catch {
            throw SoundDataError.table(path: url.path, problem: error.problem)
        }
    }

    static func requireColumn(_ name: String, of table: CommaSeparatedTable, _ url: URL) throws
        -> Int
    {
        guard let column = table.column(name) else {
            throw SoundDataError.table(
                path: url.path, problem: .missingColumn(name, found: table.header))
        }
        return column
    }

    static func requireField(
        _ column: Int, of row: CommaSeparatedTable.Row, _ name: String, _ url: URL
    ) throws -> String {
        let value = row.fields[column]
        guard value.contains(where: { !$0.isWhitespace }) else {
            throw SoundDataError.table(
                path: url.path, problem: .emptyField(line: row.line, column: name))
        }
        return value
    }

    private static func splitNamed(_ text: String, _ row: CommaSeparatedTable.Row, _ url: URL)
        throws -> Split
    {
        switch CanonicalText.trimmed(text).lowercased() {
        case "pretraining", "pretrain", "unlabelled", "unlabeled": .pretraining
        case "training", "train": .training
        case "validation", "valid", "val", "dev": .validation
        case "test", "testing", "eval", "evaluation": .test
        default:
            throw SoundDataError.table(
                path: url.path, problem: .unknownSplit(line: row.line, value: text))
        }
    }
}

extension CommaSeparatedTable.Fault {
    fileprivate var problem: TableProblem {
        switch self {
        case .empty: .empty
        case .unclosedQuote(let line): .unclosedQuote(line: line)
        case .textAfterQuote(let line): .textAfterQuote(line: line)
        case .fieldCount(let line, let found, let expected):
            .fieldCount(line: line, found: found, expected: expected)
        }
    }
}
