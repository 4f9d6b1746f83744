import Analysis
import Foundation

/// The steps of ``TableCheck/check(_:against:)``.
struct TableChecker {
    let table: Table
    let rows: [String: Int]
    var outcome = TableCheck.Outcome()

    init(_ table: Table) {
        self.table = table
        rows = Dictionary(
            table.rows.enumerated().map { (PrintedText.label($1.label), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    mutating func check(_ text: String) {
        var start: Int?
        var columns = Array(table.columns.indices)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let number = index + 1
            switch Marker(line) {
            case .begin(let name):
                if let start {
                    report(start, "the block has no 'ablate end' before line \(number)")
                }
                start = name == table.identifier ? number : nil
                columns = Array(table.columns.indices)
            case .end: start = nil
            case .columns(let keys):
                guard start != nil else { continue }
                columns = keys.compactMap { key in
                    table.columns.firstIndex { $0.key == key }
                }
                for key in keys where !table.columns.contains(where: { $0.key == key }) {
                    report(number, unknownColumn(key))
                }
            case nil:
                if start != nil { checkRow(String(line), columns, number) }
                checkSingles(line, number)
            }
        }
        if let start { report(start, "the block has no 'ablate end'") }
    }

    /// A comment line of ours.
    private enum Marker: Equatable {
        case begin(String)
        case end
        /// The keys of the columns of the rows that follow, where they are not all.
        case columns([String])

        init?(_ line: Substring) {
            var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, first == "%" || first == "<!--" else { return nil }
            words.removeFirst()
            if words.last == "-->" { words.removeLast() }
            guard words.first == "ablate", words.count > 1 else { return nil }
            if words[1] == "end" {
                self = .end
            } else if words[1] == "columns" {
                self = .columns(Array(words[2...]))
            } else if words[1] == "table", words.count > 2 {
                self = .begin(words[2...].joined(separator: " "))
            } else {
                return nil
            }
        }
    }

    // MARK: Blocks

    private mutating func checkRow(_ line: String, _ columns: [Int], _ number: Int) {
        let fields = PrintedText.fields(line)
        guard fields.count > 1,
            fields.dropFirst().contains(where: { !PrintedText.numbers($0).isEmpty })
        else { return }
        let label = PrintedText.label(fields[0])
        // Headers may hold numbers too.
        if line.contains("\\multicolumn") { return }
        guard let row = rows[label] else {
            if label == PrintedText.label(table.labelHeader) { return }
            report(number, "the table has no row “\(label)”")
            return
        }
        guard fields.count == columns.count + 1 else {
            report(
                number,
                "\(fields.count - 1) cells, but the table has \(columns.count) columns")
            return
        }
        for (column, field) in zip(columns, fields.dropFirst()) {
            compare(PrintedText.numbers(field), row: row, column: column, number)
        }
    }

    private mutating func compare(_ printed: [String], row: Int, column: Int, _ line: Int) {
        let cell = table.rows[row].cells[column]
        let current = Self.numbers(of: cell)
        guard printed.count == current.count else {
            outcome.mismatches.append(
                .init(
                    line: line, row: table.rows[row].label,
                    column: table.columns[column].fullHeader,
                    printed: printed.isEmpty ? "no number" : printed.joined(separator: ", "),
                    current: Self.shown(cell, table.columns[column])))
            return
        }
        for (text, value) in zip(printed, current) {
            outcome.compared += 1
            if !PrintedText.agrees(text, value) {
                outcome.mismatches.append(
                    .init(
                        line: line, row: table.rows[row].label,
                        column: table.columns[column].fullHeader, printed: text,
                        current: NumberText.fixed(value, decimals: PrintedText.decimals(of: text))))
            }
        }
    }

    /// The numbers of a cell in the order in which every format prints them.
    private static func numbers(of cell: Cell) -> [Double] {
        switch cell.content {
        case .summary(let summary):
            [summary.mean] + (summary.standardDeviation.map { [$0] } ?? [])
        case .number(let number): [number]
        case .count(let count): [Double(count)]
        case .difference(let difference, adjustedPValue: _):
            [difference.summary.mean]
                + (difference.interval.map { [$0.lower, $0.upper] } ?? [])
        case .effect(let summary, let interval):
            [summary.mean] + (interval.map { [$0.lower, $0.upper] } ?? [])
        case .estimate(let value, let interval):
            [value] + (interval.map { [$0.lower, $0.upper] } ?? [])
        case .text, .missing, .notApplicable: []
        }
    }

    private static func shown(_ cell: Cell, _ column: Column) -> String? {
        let values = numbers(of: cell)
        guard !values.isEmpty else { return nil }
        return values.map { NumberText.fixed($0, decimals: column.decimals) }.joined(
            separator: ", ")
    }

    // MARK: Single numbers

    private mutating func checkSingles(_ line: Substring, _ number: Int) {
        for match in line.matches(of: #/\\ablate\{((?:[^{}\\]|\\.)*)\}\{([^{}]*)\}\{([^{}]*)\}/#) {
            let label = PrintedText.label(String(match.1))
            let key = String(match.2)
            let printed = PrintedText.numbers(String(match.3))
            guard let row = rows[label] else {
                report(number, "the table has no row “\(label)”")
                continue
            }
            guard let column = table.columns.firstIndex(where: { $0.key == key }) else {
                report(number, unknownColumn(key))
                continue
            }
            let value = table.rows[row].cells[column].value
            if let text = printed.first, printed.count == 1, let value {
                outcome.compared += 1
                if PrintedText.agrees(text, value) { continue }
            }
            outcome.mismatches.append(
                .init(
                    line: number, row: table.rows[row].label, column: key,
                    printed: String(match.3),
                    current: value.map {
                        NumberText.fixed($0, decimals: printed.first.map(PrintedText.decimals) ?? 1)
                    }))
        }
    }

    private func unknownColumn(_ key: String) -> String {
        let keys = table.columns.map(\.key).joined(separator: ", ")
        return "the table has no column “\(key)”; it has \(keys)"
    }

    private mutating func report(_ line: Int, _ problem: String) {
        outcome.mismatches.append(
            .init(line: line, row: "", column: "", printed: "", current: nil, problem: problem))
    }
}
