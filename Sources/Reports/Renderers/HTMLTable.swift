import Analysis

/// A fragment of HTML: a `figure` of class `ablate-table` with the table and its remarks.
///
/// The classes `best`, `reference`, `baseline`, `parted`, `missing` and `number` are for a style
/// sheet; without one the table reads well too. Each number's title tells the seeds behind it.
public struct HTMLTable: TableRenderer {
    /// Whether headers and rows say what they are called: `data-key`, `data-row`.
    private let isNamed: Bool

    /// - Parameter isNamed: whether a script is to find headers and rows by their names.
    public init(isNamed: Bool = false) { self.isNamed = isNamed }

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        stream.write("<figure class=\"ablate-table\">\n")
        // Beside the table, not in it: it must not scroll with a wide one.
        stream.write("<p class=\"title\">\(HTMLText.escape(table.title))</p>\n")
        let kind = table.columns.count > 7 ? " class=\"wide\"" : ""
        stream.write("<div class=\"scroll\"><table\(kind)>\n<thead>\n")
        writeHeaders(of: table, to: &stream)
        stream.write("</thead>\n<tbody>\n")
        let widths = table.columns.indices.map { Self.spreadWidth(in: table, at: $0) }
        for (index, row) in table.rows.enumerated() {
            let isParted = index > 0 && row.isParted(from: table.rows[index - 1])
            write(row, columns: table.columns, widths: widths, isParted: isParted, to: &stream)
        }
        stream.write("</tbody>\n</table></div>\n")
        writeRemarks(of: table, to: &stream)
        stream.write("</figure>\n")
    }

    private func writeHeaders(of table: Table, to stream: inout some TextOutputStream) {
        let hasGroups = table.columns.contains { $0.group != nil }
        let label = HTMLText.escape(table.labelHeader)
        let span = hasGroups ? " rowspan=\"2\"" : ""
        stream.write("<tr><th scope=\"col\"\(span)>\(label)</th>")
        if hasGroups {
            var start = 0
            while start < table.columns.count {
                let group = table.columns[start].group
                var end = start
                while end < table.columns.count, table.columns[end].group == group { end += 1 }
                if let group {
                    stream.write(
                        "<th scope=\"colgroup\" colspan=\"\(end - start)\" class=\"group\">"
                            + "\(HTMLText.escape(group))</th>")
                } else {
                    for column in table.columns[start..<end] {
                        stream.write(header(column, attributes: " rowspan=\"2\""))
                    }
                }
                start = end
            }
            stream.write("</tr>\n<tr>")
        }
        for column in table.columns where !hasGroups || column.group != nil {
            stream.write(header(column, attributes: ""))
        }
        stream.write("</tr>\n")
    }

    private func header(_ column: Column, attributes: String) -> String {
        let kind = column.alignment == .right ? " class=\"number\"" : ""
        let name = isNamed ? " data-key=\"\(HTMLText.escape(column.key))\"" : ""
        return
            "<th scope=\"col\"\(attributes)\(kind)\(name)>\(HTMLText.escape(column.heading))</th>"
    }

    private func write(
        _ row: Row, columns: [Column], widths: [Int], isParted: Bool,
        to stream: inout some TextOutputStream
    ) {
        let classes = [
            row.isReference ? "reference" : nil, row.isBaseline ? "baseline" : nil,
            isParted ? "parted" : nil,
        ].compactMap { $0 }
        let name = isNamed ? " data-row=\"\(HTMLText.escape(row.label))\"" : ""
        stream.write("<tr\(Self.attribute(classes))\(name)><th scope=\"row\">")
        stream.write(HTMLText.escape(row.label) + Self.raised(row.footnotes) + "</th>")
        for (index, cell) in row.cells.enumerated() {
            write(cell, columns[index], spreadWidth: widths[index], to: &stream)
        }
        stream.write("</tr>\n")
    }

    private func write(
        _ cell: Cell, _ column: Column, spreadWidth width: Int,
        to stream: inout some TextOutputStream
    ) {
        let text = CellText(cell, column: column)
        var classes = column.alignment == .right ? ["number"] : []
        if cell.isBest { classes.append("best") }
        if cell.content == .missing { classes.append("missing") }
        let sources = cell.sources.map {
            "seed \($0.seed): \(NumberText.fixed($0.value, decimals: column.decimals + 1))"
        }
        let title =
            sources.isEmpty ? "" : " title=\"\(HTMLText.escape(sources.joined(separator: "; ")))\""
        var body = text.isFreeText ? HTMLText.escape(text.main) : Self.minus(text.main)
        switch text.tail {
        case .spread(let deviation):
            // A figure space is as wide as a digit.
            let padding = String(repeating: "\u{2007}", count: max(0, width - deviation.count))
            body += " <span class=\"spread\">± \(padding)\(deviation)</span>"
        case .interval(let lower, let upper):
            body += " <span class=\"spread\">[\(Self.minus(lower)), \(Self.minus(upper))]</span>"
        case nil: break
        }
        if text.isSignificant { body += "*" }
        if text.tail == nil, !text.isFreeText, cell.content != .missing, width > 0 {
            // An invisible deviation keeps the number in line with the others.
            let room =
                "<span aria-hidden=\"true\" style=\"visibility:hidden\"> ± "
                + String(repeating: "0", count: width - 1) + ".</span>"
            return stream.write(
                "<td\(Self.attribute(classes))\(title)>"
                    + (text.isBest ? "<strong>\(body)</strong>" : body)
                    + "\(Self.raised(cell.footnotes))\(room)</td>")
        }
        if text.isBest { body = "<strong>\(body)</strong>" }
        stream.write(
            "<td\(Self.attribute(classes))\(title)>\(body)\(Self.raised(cell.footnotes))</td>")
    }

    private func writeRemarks(of table: Table, to stream: inout some TextOutputStream) {
        var remarks: [String] = []
        if !table.caption.isEmpty { remarks.append(HTMLText.escape(table.caption)) }
        if let legend = legend(of: table, best: "Bold") { remarks.append(HTMLText.escape(legend)) }
        remarks += table.notes.map(HTMLText.escape)
        remarks += table.footnotes.enumerated().map { index, text in
            "\(Self.raised([index])) \(HTMLText.escape(text))"
        }
        guard !remarks.isEmpty else { return }
        stream.write("<figcaption>\n")
        for remark in remarks { stream.write("<p>\(remark)</p>\n") }
        stream.write("</figcaption>\n")
    }

    /// Characters of the longest deviation in a column; 0 where there is none.
    private static func spreadWidth(in table: Table, at column: Int) -> Int {
        table.rows.reduce(0) { width, row in
            let text = CellText(row.cells[column], column: table.columns[column])
            guard case .spread(let deviation) = text.tail else { return width }
            return max(width, deviation.count)
        }
    }

    private static func minus(_ number: String) -> String { number.replacing("-", with: "−") }

    private static func attribute(_ classes: [String]) -> String {
        classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    }

    private static func raised(_ footnotes: [Int]) -> String {
        footnotes.isEmpty
            ? "" : "<sup>\(footnotes.map(Table.mark).joined(separator: ","))</sup>"
    }
}
