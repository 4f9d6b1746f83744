import Files
import Foundation

extension SoundDataSet {
    /// ESC-50 as distributed: ``DataSettings/fold`` is the test, the next fold validates, the others
    /// train. Clips cut from one source recording are one group.
    ///
    /// Layout: `audio/` and `meta/esc50.csv` (filename, fold, category; src_file where there is one).
    static func loadESC50(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        let source = DataSource.esc50.rawValue
        let folder = try requireLayout(url, source: source, ["meta/esc50.csv", "audio"])
        let tableFile = folder.appendingPathComponent("meta/esc50.csv")
        let table = try readTable(tableFile, source: source)
        let name = try requireColumn("filename", of: table, tableFile)
        let fold = try requireColumn("fold", of: table, tableFile)
        let category = try requireColumn("category", of: table, tableFile)
        let origin = table.column("src_file")
        try requireFold(settings.fold, of: 5, source: source)
        let candidates = try table.rows.map { row in
            let file = try requireField(name, of: row, "filename", tableFile)
            let value = try requireNumber(fold, of: row, "fold", tableFile)
            guard let number = Int(exactly: value), (1...5).contains(number) else {
                throw SoundDataError.table(
                    path: tableFile.path,
                    problem: .foldOutOfRange(line: row.line, value: row.fields[fold], folds: 5))
            }
            return ClipCandidate(
                identifier: "audio/\(file)",
                file: folder.appendingPathComponent("audio").appendingPathComponent(file),
                label: try requireField(category, of: row, "category", tableFile),
                split: split(ofFold: number, folds: 5, settings),
                group: "\(number)/\(origin.map { row.fields[$0] } ?? file)")
        }
        return try ClipCollection(
            name: "ESC-50", path: url.path, folder: folder, candidates: candidates
        )
        .dataSet(settings, look)
    }

    static func requireFold(_ fold: Int, of folds: Int, source: String) throws {
        guard (1...folds).contains(fold) else {
            throw SoundDataError.foldOutOfRange(fold, folds: folds, source: source)
        }
    }

    static func split(ofFold fold: Int, folds: Int, _ settings: DataSettings) -> Split {
        if fold == settings.fold { return .test }
        return fold == settings.fold % folds + 1 ? .validation : .training
    }
}
