import Foundation
public import Reports

/// The formats that a table can be had in.
public enum TableFormat: String, CaseIterable, Sendable {
    case terminal
    case markdown
    case latex
    case csv
    case json

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - usesColour: of the terminal.
    public func text(of table: Table, width: Int = 100, usesColour: Bool = false) -> String {
        switch self {
        case .terminal: TerminalTable(width: width, color: usesColour).text(of: table)
        case .markdown: MarkdownTable().text(of: table)
        case .latex: LaTeXTable().text(of: table)
        case .csv: CSVTable().text(of: table)
        case .json: JSONTable().text(of: table)
        }
    }

    /// Extension of the file that holds it; nil for what is not kept in a file.
    public var fileExtension: String? {
        switch self {
        case .terminal: nil
        case .markdown: "md"
        case .latex: "tex"
        case .csv: "csv"
        case .json: "json"
        }
    }
}

extension ResultsLayout {
    /// Writes a sweep's table in every format that is kept; each file whole or not at all.
    ///
    /// Throws: ``StudiesError/cannotWrite(path:reason:)``.
    public func write(_ table: Table, as kind: SweepTableKind, ofSweep name: String) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder(ofSweep: name), withIntermediateDirectories: true)
        } catch {
            throw StudiesError.cannotWrite(
                path: folder(ofSweep: name).path, reason: error.localizedDescription)
        }
        for format in TableFormat.allCases {
            guard let fileExtension = format.fileExtension else { continue }
            let file = self.table(ofSweep: name, kind: kind, fileExtension: fileExtension)
            do {
                try Data(format.text(of: table).utf8).write(to: file, options: .atomic)
            } catch {
                throw StudiesError.cannotWrite(path: file.path, reason: error.localizedDescription)
            }
        }
    }
}
