/// A table for a terminal: aligned, fitted to a width, the best in bold or, without colour, marked.
public struct TerminalTable: TableRenderer {
    /// Columns of the terminal; narrower ones than 30 are written for 30.
    public var width: Int
    /// Whether escape sequences for bold and dim text may be written.
    public var color: Bool

    public init(width: Int = 100, color: Bool = false) {
        self.width = max(30, width)
        self.color = color
    }

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        if !table.title.isEmpty {
            for line in DisplayWidth.wrap(PlainText.oneLine(table.title), width: width) {
                stream.write(styled(line, .bold) + "\n")
            }
            stream.write("\n")
        }
        let grid = TerminalGrid(table, marksBest: !color)
        let labels = labelWidth(of: grid)
        for (index, block) in blocks(of: table, grid, labelWidth: labels).enumerated() {
            if index > 0 { stream.write("\n") }
            write(grid, columns: block, labelWidth: labels, to: &stream)
        }
        writeRemarks(of: table, to: &stream)
    }

    // MARK: Fitting

    private static let gap = 2

    /// The labels' width: what they need, or less where the numbers need the room.
    private func labelWidth(of grid: TerminalGrid) -> Int {
        let wanted = grid.labelWidth
        let numbers = grid.columns.reduce(0) { $0 + $1.width + Self.gap }
        if wanted + numbers <= width { return wanted }
        let widest = (grid.columns.map(\.width).max() ?? 0) + Self.gap
        let room = width - numbers
        // Narrower than this a label is hard to read: rather break the table into blocks.
        let readable = min(wanted, 16)
        return room >= readable ? room : max(8, min(wanted, width / 3, width - widest))
    }

    /// The columns that fit beside each other, block by block.
    private func blocks(of table: Table, _ grid: TerminalGrid, labelWidth: Int) -> [[Int]] {
        ColumnBlocks.fit(
            table.columns, widths: grid.columns.map { Self.gap + $0.width },
            room: width - labelWidth)
    }

    // MARK: Drawing

    private func write(
        _ grid: TerminalGrid, columns: [Int], labelWidth: Int,
        to stream: inout some TextOutputStream
    ) {
        let gap = String(repeating: " ", count: Self.gap)
        let total = columns.reduce(labelWidth) { $0 + Self.gap + grid.columns[$1].width }
        if let groups = grid.groupLine(columns, gap: Self.gap) {
            stream.write(
                trimmed(String(repeating: " ", count: labelWidth + Self.gap) + groups) + "\n")
        }
        let headers = columns.map { index in
            let column = grid.columns[index]
            return DisplayWidth.pad(column.header, to: column.width, column.alignment)
        }
        let head = DisplayWidth.pad(grid.labelHeader, to: labelWidth, .left)
        for line in DisplayWidth.wrap(head, width: labelWidth).dropLast() {
            stream.write(line + "\n")
        }
        let lastLine = DisplayWidth.wrap(head, width: labelWidth).last ?? ""
        stream.write(
            trimmed(
                ([DisplayWidth.pad(lastLine, to: labelWidth, .left)] + headers)
                    .joined(separator: gap)) + "\n")
        let rule = String(repeating: "─", count: total)
        stream.write(styled(rule, .dim) + "\n")
        for (index, row) in grid.rows.enumerated() {
            if index > 0, row.isParted { stream.write(styled(rule, .dim) + "\n") }
            // Rows of a broken table and wrapped labels hang under their first line.
            let lines = DisplayWidth.wrap(row.label, width: labelWidth)
            for (number, line) in lines.enumerated() {
                let label = DisplayWidth.pad(line, to: labelWidth, .left)
                guard number == 0 else {
                    stream.write(trimmed(label) + "\n")
                    continue
                }
                let cells = columns.map { column -> String in
                    let cell = row.cells[column]
                    let isBold = cell.isBest && color
                    return isBold ? styled(cell.text, .bold) : cell.text
                }
                stream.write(trimmed(([label] + cells).joined(separator: gap)) + "\n")
            }
        }
    }

    private func writeRemarks(of table: Table, to stream: inout some TextOutputStream) {
        var remarks: [String] = []
        if !table.caption.isEmpty { remarks.append(table.caption) }
        let best = color ? "Bold" : TerminalGrid.bestMark
        if let legend = legend(of: table, best: best) { remarks.append(legend) }
        remarks += table.notes
        remarks += table.footnotes.enumerated().map { index, text in
            TerminalGrid.raised(Table.mark(index)) + " " + text
        }
        guard !remarks.isEmpty else { return }
        stream.write("\n")
        for remark in remarks {
            for line in DisplayWidth.wrap(PlainText.oneLine(remark), width: width) {
                stream.write(line + "\n")
            }
        }
    }

    // MARK: Style

    private enum Style: String {
        case bold = "1"
        case dim = "2"
    }

    private func styled(_ text: String, _ style: Style) -> String {
        color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func trimmed(_ line: String) -> String {
        var line = Substring(line)
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
