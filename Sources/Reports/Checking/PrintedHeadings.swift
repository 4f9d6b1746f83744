/// Compares headings with the columns that they stand over.
///
/// Authors shorten and rename headings, so that one which names no column says nothing; one that names
/// another column than its own is a fault.
struct PrintedHeadings {
    private let columns: [Column]

    init(_ table: Table, _ columns: [Int]) { self.columns = columns.map { table.columns[$0] } }

    /// What is wrong with a row of headings, whose first cell stands over the labels.
    func problems(of cells: [PrintedCell]) -> [String] {
        guard cells.dropFirst().reduce(0, { $0 + $1.span }) == columns.count else { return [] }
        var problems: [String] = []
        var position = 0
        for cell in cells.dropFirst() {
            let below = columns[position..<(position + cell.span)]
            position += cell.span
            let printed = Self.words(cell.text)
            guard !printed.isEmpty, !below.contains(where: { Self.names(printed, $0) }),
                let other = columns.first(where: { Self.names(printed, $0) })
            else { continue }
            let own = below.map { "“\($0.fullHeader)”" }.joined(separator: ", ")
            problems.append(
                "the heading “\(cell.text.trimmed)” stands over \(own), and reads like "
                    + "“\(other.fullHeader)”")
        }
        return problems
    }

    /// Whether a heading names a column: all of its header, its group, its key, or the beginning of one.
    private static func names(_ printed: String, _ column: Column) -> Bool {
        let names = [
            column.fullHeader, column.headerWithUnit, column.header, column.group ?? "", column.key,
        ].map(words)
        if names.contains(printed) { return true }
        // "acc" is short for "accuracy"; a letter or two may be anything.
        return printed.count >= 3 && words(column.header).hasPrefix(printed)
    }

    /// Letters and digits in lower case, without units in parentheses and arrows.
    private static func words(_ text: String) -> String {
        var text = text.replacing(#/\([^()]*\)/#, with: " ")
        text.removeAll { "↑↓.:*".contains($0) }
        return text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
}

extension String {
    fileprivate var trimmed: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
