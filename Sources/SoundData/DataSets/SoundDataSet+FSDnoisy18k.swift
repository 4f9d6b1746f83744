import Files
import Foundation

extension SoundDataSet {
    /// FSDnoisy18k as distributed: the noisy clips of the training set are for pretraining, the clean
    /// ones for training and validation, its test set for the test.
    ///
    /// Layout: `FSDnoisy18k.audio_train/`, `FSDnoisy18k.audio_test/`, `FSDnoisy18k.meta/train.csv`
    /// (fname, label, manually_verified) and `test.csv` (fname, label).
    static func loadFSDnoisy18k(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        let source = DataSource.fsdnoisy18k.rawValue
        let folder = try requireLayout(
            url, source: source,
            [
                "FSDnoisy18k.meta/train.csv", "FSDnoisy18k.meta/test.csv",
                "FSDnoisy18k.audio_train", "FSDnoisy18k.audio_test",
            ])
        let meta = folder.appendingPathComponent("FSDnoisy18k.meta")
        var candidates = try fsdnoisyClips(
            meta.appendingPathComponent("train.csv"), "FSDnoisy18k.audio_train",
            verified: "manually_verified")
        let labelled = candidates.indices.filter { candidates[$0].split == .training }
        let names = Set(labelled.map { candidates[$0].label }).sorted()
        let splits = SplitAssignment.draw(
            labels: labelled.map { names.firstIndex(of: candidates[$0].label) ?? 0 },
            groups: labelled.map { candidates[$0].group },
            validationFraction: settings.validationFraction, testFraction: 0, seed: settings.seed)
        for (index, split) in zip(labelled, splits) { candidates[index].split = split }
        candidates += try fsdnoisyClips(
            meta.appendingPathComponent("test.csv"), "FSDnoisy18k.audio_test", verified: nil)
        return try ClipCollection(
            name: "FSDnoisy18k", path: url.path, folder: folder, candidates: candidates
        )
        .dataSet(settings, look)
    }

    private static func fsdnoisyClips(
        _ tableFile: URL, _ folder: String, verified: String?
    ) throws -> [ClipCandidate] {
        let table = try readTable(tableFile, source: DataSource.fsdnoisy18k.rawValue)
        let name = try requireColumn("fname", of: table, tableFile)
        let label = try requireColumn("label", of: table, tableFile)
        let clean = try verified.map { try requireColumn($0, of: table, tableFile) }
        let root = tableFile.deletingLastPathComponent().deletingLastPathComponent()
        return try table.rows.map { row in
            let file = try requireField(name, of: row, "fname", tableFile)
            var split = Split.test
            if let clean {
                let value = try requireNumber(clean, of: row, "manually_verified", tableFile)
                split = value == 0 ? .pretraining : .training
            }
            return ClipCandidate(
                identifier: "\(folder)/\(file)",
                file: root.appendingPathComponent(folder).appendingPathComponent(file),
                label: try requireField(label, of: row, "label", tableFile), split: split,
                group: "\(folder)/\(file)")
        }
    }

    /// Throws: ``SoundDataError/layout(source:path:missing:)`` naming the first path that is missing.
    static func requireLayout(_ url: URL, source: String, _ paths: [String]) throws -> URL {
        let folder = try requireFolder(url, source: source)
        for path in paths
        where !FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path) {
            // An archive is often unpacked into a folder of its own.
            let names = ((try? FilePath.names(in: folder.path)) ?? []).prefix(1000)
            if let deeper = names.first(where: {
                FilePath.status("\(folder.path)/\($0)/\(path)") != nil
            }) {
                throw SoundDataError.layout(
                    source: source, path: folder.path, missing: path, found: deeper)
            }
            throw SoundDataError.layout(source: source, path: folder.path, missing: path)
        }
        return folder
    }

    static func requireNumber(
        _ column: Int, of row: CommaSeparatedTable.Row, _ name: String, _ url: URL
    ) throws -> Double {
        let text = row.fields[column].filter { !$0.isWhitespace }
        guard let value = Double(decimal: text) else {
            throw SoundDataError.table(
                path: url.path, problem: .notANumber(line: row.line, column: name, value: text))
        }
        return value
    }

    /// A number that is what it says it is: an angle, or how far something is away.
    static func requireNumber(
        _ column: Int, of row: CommaSeparatedTable.Row, _ name: String, _ url: URL,
        within range: ClosedRange<Double>, _ unit: String
    ) throws -> Double {
        let value = try requireNumber(column, of: row, name, url)
        guard range.contains(value) else {
            throw SoundDataError.table(
                path: url.path,
                problem: .impossible(
                    line: row.line, column: name, value: row.fields[column], range: range,
                    unit: unit))
        }
        return value
    }
}
