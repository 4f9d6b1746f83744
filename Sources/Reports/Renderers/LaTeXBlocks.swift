/// How a table that is too large for a page is broken: columns into blocks below each other, rows into
/// tables that follow each other. Widths are counted in characters, since only TeX knows the fonts.
struct LaTeXBlocks {
    /// What a line of a page holds when it is shrunk to about 7 of 10 points.
    static let charactersOfLine = 104
    /// What a line of the standard class `article` holds at its own size.
    private static let charactersAtFullSize = 72
    /// Lines of text that a page holds below a caption.
    private static let linesOfPage = 42.0
    /// Labels that are longer are broken into lines where the table is too wide.
    private static let charactersOfLabel = 18...34

    /// The columns of each block.
    let columns: [[Int]]
    /// Characters of a line of labels, where these are broken.
    let labelRoom: Int?

    init(_ table: Table) {
        let widths = table.columns.indices.map { Self.width(of: table, column: $0) }
        let longest =
            ([table.labelHeader] + table.rows.map(\.label)).map(DisplayWidth.of).max() ?? 0
        let rest = widths.reduce(0, +)
        // Nothing is shrunk that fits when labels are broken; where it does not, they are broken less.
        let left = Self.charactersAtFullSize - rest
        let most = Self.charactersOfLabel.upperBound
        let room = Self.charactersOfLabel.contains(left) ? left : most
        labelRoom = longest > room && longest > left ? room : nil
        let label = labelRoom ?? longest
        columns = ColumnBlocks.fit(
            table.columns, widths: widths, room: Self.charactersOfLine - label)
    }

    /// Characters of a column, with the gap before it.
    private static func width(of table: Table, column index: Int) -> Int {
        let column = table.columns[index]
        let cells = table.rows.map { row -> Int in
            let text = CellText(row.cells[index], column: column)
            let tail =
                switch text.tail {
                case .spread(let deviation): 3 + deviation.count
                case .interval(let lower, let upper): 5 + lower.count + upper.count
                case nil: 0
                }
            return DisplayWidth.of(text.main) + tail
        }
        return 2 + max(DisplayWidth.of(column.heading), cells.max() ?? 0)
    }

    /// The rows of each table, so that a page holds all its blocks and the remarks below.
    func rows(of table: Table, remarks: [String]) -> [Range<Int>] {
        // Several blocks, and remarks, are in smaller print.
        let small = 0.8
        let remarkLines = remarks.reduce(0) { $0 + 1 + $1.count / 95 }
        let room = Self.linesOfPage - small * Double(remarkLines)
        let blocks = Double(columns.count) * (columns.count > 1 ? small : 1)
        // Headers and rules take the room of four lines and a half.
        let lines = max(6, room / blocks - 4.5)
        var pages: [Range<Int>] = []
        var used = Double.infinity
        for (index, row) in table.rows.enumerated() {
            let width = DisplayWidth.of(row.label)
            let height = labelRoom.map { Double((width - 1) / $0 + 1) } ?? 1
            if used + height > lines {
                pages.append(index..<index + 1)
                used = height
            } else {
                pages[pages.count - 1] = pages[pages.count - 1].lowerBound..<index + 1
                used += height
            }
        }
        return pages.isEmpty ? [0..<0] : pages
    }
}
