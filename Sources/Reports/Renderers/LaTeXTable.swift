/// A LaTeX table for papers: booktabs rules, numbers aligned without siunitx.
///
/// A table that is much wider than a line is broken into blocks of columns below each other, one that
/// is a little wider is shrunk to the line. One that is longer than a page becomes several.
///
/// The output is a `table` environment to `\input`; ``isDocument`` makes it a document that
/// compiles by itself.
public struct LaTeXTable: TableRenderer {
    /// Whether to write a whole document around the table.
    public var isDocument: Bool
    /// Whether the table spans both columns of a two-column paper.
    public var spansColumns: Bool

    public init(isDocument: Bool = false, spansColumns: Bool = false) {
        self.isDocument = isDocument
        self.spansColumns = spansColumns
    }

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        let environment = spansColumns ? "table*" : "table"
        if isDocument {
            stream.write("\\documentclass{article}\n\\usepackage{booktabs,graphicx}\n")
            stream.write("\\usepackage[margin=2cm]{geometry}\n\\begin{document}\n")
        } else {
            stream.write("% Needs \\usepackage{booktabs,graphicx}.")
            let advice = spansColumns ? "" : " In a paper of two columns write table* for table."
            stream.write("\(advice)\n")
        }
        let blocks = LaTeXBlocks(table)
        let pages = blocks.rows(of: table, remarks: remarks(of: table).map(\.text))
        for (page, rows) in pages.enumerated() {
            write(table, blocks, rows: rows, page: page, of: pages.count, environment, to: &stream)
        }
        if isDocument { stream.write("\\end{document}\n") }
    }

    /// One environment: all of the table, or those of its rows that a page holds.
    private func write(
        _ table: Table, _ blocks: LaTeXBlocks, rows: Range<Int>, page: Int, of pages: Int,
        _ environment: String, to stream: inout some TextOutputStream
    ) {
        stream.write("\\begin{\(environment)}[tbp]\n\\centering\n")
        let title = Self.title(of: table)
        let caption = [title, table.caption].filter { !$0.isEmpty }
            .map { $0.hasSuffix(".") || $0.hasSuffix("?") || $0.hasSuffix("!") ? $0 : $0 + "." }
            .joined(separator: " ")
        if page == 0 {
            stream.write("\\caption{\(LaTeXText.escape(caption))}\\smallskip\n")
            stream.write("\\label{tab:\(Self.identifier(table.identifier))}\n")
        } else {
            let continued = title.isEmpty ? "The table" : title
            stream.write("\\caption{\(LaTeXText.escape(continued)) (continued).}\\smallskip\n")
        }
        if blocks.columns.count > 1 {
            stream.write("\\footnotesize\\setlength{\\tabcolsep}{4pt}\n")
        }
        for (index, columns) in blocks.columns.enumerated() {
            if index > 0 { stream.write("\\par\\medskip\n") }
            if blocks.columns.count > 1 {
                // For TableCheck.
                let keys = columns.map { table.columns[$0].key }.joined(separator: " ")
                stream.write("% ablate columns \(keys)\n")
            }
            write(table, rows: rows, columns: columns, blocks.labelRoom, to: &stream)
        }
        if page == pages - 1 { writeRemarks(of: table, to: &stream) }
        stream.write("\\end{\(environment)}\n")
    }

    private func write(
        _ table: Table, rows: Range<Int>, columns: [Int], _ labelRoom: Int?,
        to stream: inout some TextOutputStream
    ) {
        // A part of the table is a table, and has no other cells.
        var part = table
        part.columns = columns.map { table.columns[$0] }
        part.rows = table.rows[rows].map { row in
            var row = row
            row.cells = columns.map { row.cells[$0] }
            return row
        }
        // An em is about two characters wide.
        let label = labelRoom.map { "p{\(($0 + 1) / 2)em}" } ?? "l"
        let alignments = part.columns.map { $0.alignment == .left ? "l" : "r" }.joined()
        stream.write("\\sbox0{%\n\\begin{tabular}{@{}\(label)\(alignments)@{}}\n\\toprule\n")
        writeHeaders(of: part, to: &stream)
        writeRows(of: part, breaksLabels: labelRoom != nil, to: &stream)
        stream.write("\\bottomrule\n\\end{tabular}}%\n")
        stream.write(
            "\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi\n")
    }

    // MARK: Headers

    private func writeHeaders(of table: Table, to stream: inout some TextOutputStream) {
        if table.columns.contains(where: { $0.group != nil }) {
            var line = ""
            var rules = ""
            var start = 0
            while start < table.columns.count {
                let group = table.columns[start].group
                var end = start
                while end < table.columns.count, table.columns[end].group == group { end += 1 }
                let text = group.map(LaTeXText.escape) ?? ""
                line += " & \\multicolumn{\(end - start)}{c}{\(text)}"
                // Column 1 holds the labels.
                if group != nil { rules += "\\cmidrule(lr){\(start + 2)-\(end + 1)}" }
                start = end
            }
            stream.write("\(line.dropFirst()) \\\\\n\(rules)\n")
        }
        let headers = table.columns.map { column in
            "\\multicolumn{1}{\(column.alignment == .left ? "l" : "c")}"
                + "{\(LaTeXText.escape(column.heading))}"
        }
        let line = [LaTeXText.escape(table.labelHeader)] + headers
        stream.write(line.joined(separator: " & ") + " \\\\\n\\midrule\n")
    }

    // MARK: Rows

    private func writeRows(
        of table: Table, breaksLabels: Bool, to stream: inout some TextOutputStream
    ) {
        let cells = table.columns.enumerated().map { index, column in
            Self.aligned(table.rows.map { CellText($0.cells[index], column: column) })
        }
        for (index, row) in table.rows.enumerated() {
            if index > 0, row.isParted(from: table.rows[index - 1]) { stream.write("\\midrule\n") }
            let marks = row.footnotes.map(Table.mark).joined(separator: ",")
            let label = "\(LaTeXText.escape(row.label))\(Self.raised(marks))"
            // An empty group first: a label that begins with a bracket or a star must not be
            // taken for an argument of the \\ before it.
            stream.write(breaksLabels ? "\\raggedright " : "{}")
            stream.write(([label] + cells.map { $0[index] }).joined(separator: " & "))
            stream.write(" \\\\\n")
        }
    }

    /// Digits have one width in TeX's fonts, so that invisible ones line the numbers up.
    private static func aligned(_ texts: [CellText]) -> [String] {
        let tails = texts.map(tail)
        let longest = tails.max { $0.count < $1.count } ?? ""
        let marks = texts.map { ($0.isSignificant ? "*" : "") + $0.marks }
        let hasSpread = texts.contains { if case .spread = $0.tail { true } else { false } }
        let widestMark = marks.max { $0.count < $1.count } ?? ""
        return texts.indices.map { index in
            let text = texts[index]
            var body = text.isFreeText ? LaTeXText.escape(text.main) : text.main
            if body == "–" { body = "--" }
            if !text.isFreeText { body = body.replacing("-", with: body == "--" ? "-" : "$-$") }
            switch text.tail {
            case .spread:
                let room = max(0, longest.count - tails[index].count)
                body += " $\\pm$ " + phantom(String(repeating: "0", count: room)) + tails[index]
            case .interval:
                body += " {[}" + tails[index].replacing("-", with: "$-$") + "{]}"
            case nil: break
            }
            if text.isBest {
                body = "\\textbf{\(body.replacing("$\\pm$", with: "$\\mathbf{\\pm}$"))}"
            }
            let mark = raised(marks[index])
            let isNumber = !text.isFreeText && text.main != "missing"
            if text.tail == nil, isNumber, hasSpread {
                // Marks stand right behind the number; the room of the deviation stays empty.
                return body + (mark.isEmpty ? "" : "\\rlap{\(mark)}")
                    + phantom(" $\\pm$ \(longest)") + phantom(raised(widestMark))
            }
            let room = String(widestMark.dropFirst(marks[index].count))
            return body + mark + phantom(raised(room))
        }
    }

    private static func tail(_ text: CellText) -> String {
        switch text.tail {
        case .spread(let deviation): deviation
        case .interval(let lower, let upper): "\(lower), \(upper)"
        case nil: ""
        }
    }

    private static func phantom(_ text: String) -> String {
        text.isEmpty ? "" : "\\phantom{\(text)}"
    }

    private static func raised(_ marks: String) -> String {
        marks.isEmpty ? "" : "\\textsuperscript{\(marks)}"
    }

    // MARK: Remarks

    /// What stands below a table, each with the mark of a footnote or none.
    private func remarks(of table: Table) -> [(mark: String, text: String)] {
        let notes = [legend(of: table, best: "Bold")].compactMap { $0 } + table.notes
        return notes.map { ("", $0) }
            + table.footnotes.enumerated().map { (Table.mark($0), $1) }
    }

    private func writeRemarks(of table: Table, to stream: inout some TextOutputStream) {
        let remarks = remarks(of: table).map { mark, text in
            (mark.isEmpty ? "" : "\(Self.raised(mark))~") + LaTeXText.escape(text)
        }
        guard !remarks.isEmpty else { return }
        stream.write("\\par\\smallskip\n\\begin{minipage}{\\linewidth}\\footnotesize\n")
        stream.write(remarks.joined(separator: "\\par\n") + "\n\\end{minipage}\n")
    }

    /// The title without the identifier, which means nothing to readers of a paper.
    private static func title(of table: Table) -> String {
        if table.title == table.identifier, !table.caption.isEmpty { return "" }
        let prefix = table.identifier + ": "
        return table.title.hasPrefix(prefix)
            ? String(table.title.dropFirst(prefix.count)) : table.title
    }

    /// Letters, digits and hyphens: what is safe in a label.
    private static func identifier(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}
