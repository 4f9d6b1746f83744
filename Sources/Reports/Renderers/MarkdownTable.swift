/// GitHub-flavoured Markdown: a pipe table, its source aligned for plain reading.
public struct MarkdownTable: TableRenderer {
    public init() {}

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        let lines = cells(of: table)
        let widths = (0...table.columns.count).map { index in
            max(3, lines.map { DisplayWidth.of($0[index]) }.max() ?? 0)
        }
        let alignments = [Column.Alignment.left] + table.columns.map(\.alignment)
        if !table.title.isEmpty { stream.write("**\(Self.escape(table.title))**\n\n") }
        for (index, line) in lines.enumerated() {
            let padded = zip(zip(line, widths), alignments).map { cell, alignment in
                DisplayWidth.pad(cell.0, to: cell.1, alignment)
            }
            stream.write("| " + padded.joined(separator: " | ") + " |\n")
            if index == 0 {
                let rule = zip(widths, alignments).map { width, alignment in
                    String(repeating: "-", count: width - 1) + (alignment == .right ? ":" : "-")
                }
                stream.write("| " + rule.joined(separator: " | ") + " |\n")
            }
        }
        writeRemarks(of: table, to: &stream)
    }

    private func cells(of table: Table) -> [[String]] {
        let header =
            [Self.escape(table.labelHeader)] + table.columns.map { Self.escape($0.fullHeading) }
        let rows = table.rows.map { row in
            let label = Self.escape(row.label)
            let marks = row.footnotes.map(Table.mark).joined(separator: ",")
            return [(row.isReference ? "*\(label)*" : label) + Self.raised(marks)]
                + zip(row.cells, table.columns).map { Self.cell(CellText($0, column: $1)) }
        }
        return [header] + rows
    }

    private func writeRemarks(of table: Table, to stream: inout some TextOutputStream) {
        var paragraphs: [String] = []
        if !table.caption.isEmpty { paragraphs.append(Self.escape(table.caption)) }
        if let legend = legend(of: table, best: "Bold") { paragraphs.append(Self.escape(legend)) }
        paragraphs += table.notes.map(Self.escape)
        // Two spaces at a line's end break it within the paragraph.
        let footnotes = table.footnotes.enumerated().map { index, text in
            Self.raised(Table.mark(index)) + " " + Self.escape(text)
        }
        if !footnotes.isEmpty { paragraphs.append(footnotes.joined(separator: "  \n")) }
        for paragraph in paragraphs { stream.write("\n" + paragraph + "\n") }
    }

    private static func cell(_ text: CellText) -> String {
        var body = text.isFreeText ? escape(text.main) : text.main
        switch text.tail {
        case .spread(let deviation): body += " ± \(deviation)"
        case .interval(let lower, let upper): body += " \\[\(lower), \(upper)\\]"
        case nil: break
        }
        if text.isSignificant { body += "\\*" }
        if text.isBest { body = "**\(body)**" }
        return body + raised(text.marks)
    }

    private static func raised(_ marks: String) -> String {
        marks.isEmpty ? "" : "<sup>\(marks)</sup>"
    }

    /// A backslash before everything that Markdown, or GitHub's formulas, could take for markup.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in PlainText.oneLine(text).unicodeScalars {
            if "\\`*_{}[]<>()#+!|~$&^@".unicodeScalars.contains(scalar), !isHarmless(scalar) {
                escaped.unicodeScalars.append("\\")
            }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// Signs that mean something only at a line's beginning, where no text of ours stands bare.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        "()+!{}^@".unicodeScalars.contains(scalar)
    }
}
