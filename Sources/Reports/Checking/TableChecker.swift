import Analysis
import Foundation
import Platform

/// The steps of ``TableCheck/check(_:against:syntax:)``.
struct TableChecker {
    let table: Table
    /// By the label as it is read back; a label of two rows names neither.
    let rows: [String: [Int]]
    var outcome = TableCheck.Outcome()
    /// Of the text that is being read.
    private var rowsSeen: Set<Int> = []
    private var hasOtherWidth = false

    init(_ table: Table) {
        self.table = table
        rows = Dictionary(grouping: table.rows.indices) {
            PrintedText.label(table.rows[$0].label)
        }
    }

    /// A block of the text that has begun.
    private struct Block {
        var line: Int
        /// Whether it is of our table.
        var isOurs: Bool
        var columns: [Int]
        var compared: Int
        var mismatches: Int
        /// The rows that it has.
        var rows: Set<Int> = []
        var isOfOtherWidth = false
    }

    mutating func check(_ source: PaperSource) {
        var block: Block?
        for part in source.parts {
            switch part {
            case .marker(.begin(let name), let line):
                if let block {
                    report(block.line, "the block has no 'ablate end' before line \(line)")
                }
                block = Block(
                    line: line, isOurs: name == table.identifier,
                    columns: Array(table.columns.indices), compared: outcome.compared,
                    mismatches: outcome.mismatches.count)
            case .marker(.end, let line):
                if let block { finish(block) } else { report(line, "no block ends here") }
                block = nil
            case .marker(.columns(let keys), let line):
                guard block != nil else {
                    report(line, "'ablate columns' stands in no block")
                    continue
                }
                guard block?.isOurs == true else { continue }
                block?.columns = keys.compactMap { key in
                    table.columns.firstIndex { $0.key == key }
                }
                for key in keys where !table.columns.contains(where: { $0.key == key }) {
                    report(line, unknownColumn(key))
                }
            case .marker(.unknown(let words), let line):
                report(
                    line,
                    "'\(words)' is no marker; write 'ablate table \(table.identifier)', 'ablate "
                        + "columns KEY ...' or 'ablate end'")
            case .text(let glyphs):
                guard block?.isOurs == true, let columns = block?.columns else { continue }
                rowsSeen = []
                hasOtherWidth = false
                checkRows(glyphs, columns, source.syntax)
                checkRemarks(glyphs)
                block?.rows.formUnion(rowsSeen)
                if hasOtherWidth { block?.isOfOtherWidth = true }
            }
        }
        if let block { report(block.line, "the block has no 'ablate end'") }
        checkSingles(source.printed)
    }

    // MARK: Blocks

    /// A block of ours in which nothing was found is not what its author meant.
    private mutating func finish(_ block: Block) {
        guard block.isOurs else { return }
        let missing = table.rows.indices.filter { !block.rows.contains($0) }.map {
            "“\(table.rows[$0].label)”"
        }
        if !missing.isEmpty, !block.rows.isEmpty {
            outcome.remarks.append(
                "line \(block.line): the block has \(block.rows.count) of the table's "
                    + "\(Count.text(table.rows.count, "row")); not in it: "
                    + missing.joined(separator: ", "))
        }
        if block.isOfOtherWidth {
            outcome.remarks.append(
                "line \(block.line): a block is compared with the table of the same command "
                    + "(--metrics, --differences, --cost); what --clips, --paper, --claims, "
                    + "--tuned and --attribution print cannot be checked")
        }
        guard outcome.compared == block.compared,
            outcome.mismatches.count == block.mismatches
        else { return }
        report(
            block.line,
            "no number of the block could be compared; rows of cells are read, parted by & and "
                + "\\\\ or by |, that stand in this file")
    }

    private mutating func checkRows(
        _ glyphs: [PaperSource.Glyph], _ columns: [Int], _ syntax: TableCheck.Syntax
    ) {
        let first = glyphs.first { !$0.scalar.properties.isWhitespace }
        let isMarkdown = syntax == .markdown || first?.scalar == "|"
        checkOtherLines(glyphs)
        let rows: [PrintedRow]
        if isMarkdown {
            rows = MarkdownRows(glyphs).rows
        } else {
            let latex = LaTeXRows(glyphs)
            rows = latex.rows
            if latex.isCut, let line = glyphs.last?.line {
                report(line, "the block, or the columns named for it, end within the table")
            }
        }
        var tablesBegun: Set<Int> = []
        let headings = PrintedHeadings(table, columns)
        for row in rows {
            let cells = row.fields.map { PrintedCell($0.scalars) }
            let numbers = cells.map { PrintedText.numbers($0.text) }
            let hasNumbers = numbers.dropFirst().contains { !$0.isEmpty }
            if row.fields.count == 1 {
                if row.isOfTable, !numbers[0].isEmpty {
                    report(row.line, "\(Self.list(numbers[0])) in a row without cells")
                }
                continue
            }
            let label = PrintedText.label(cells[0].text)
            let line = row.fields.first { $0.line > 0 }?.line ?? 0
            let isHeader =
                row.isHeader || label == PrintedText.label(table.labelHeader)
                || label.isEmpty && !tablesBegun.contains(row.table)
            if let positions = self.rows[label], !row.isHeader {
                tablesBegun.insert(row.table)
                rowsSeen.formUnion(positions)
                guard positions.count == 1 else {
                    report(line, "the table has \(Count.text(positions.count, "row")) “\(label)”")
                    continue
                }
                compare(row, cells, at: positions[0], columns, line)
            } else if isHeader {
                checkHeader(numbers.flatMap { $0 }, line)
                for problem in headings.problems(of: cells) { report(line, problem) }
            } else if hasNumbers {
                report(
                    line,
                    label.isEmpty
                        ? "\(Self.list(numbers.flatMap { $0 })) in a row without a label"
                        : "the table has no row “\(label)”")
            } else if !tablesBegun.contains(row.table) {
                for problem in headings.problems(of: cells) { report(line, problem) }
            }
        }
    }

    /// Remarks of ours whose figures are no longer what they were.
    private mutating func checkRemarks(_ glyphs: [PaperSource.Glyph]) {
        let remarks = PrintedRemarks(table)
        for problem in remarks.problems(of: glyphs) { report(problem.line, problem.text) }
    }

    /// Lines of a block that hold numbers of a row, but are none that is read: HTML, and columns that
    /// blanks alone part.
    private mutating func checkOtherLines(_ glyphs: [PaperSource.Glyph]) {
        for line in glyphs.split(whereSeparator: { $0.scalar == "\n" }) {
            guard let number = line.first?.line,
                !line.contains(where: { $0.scalar == "&" || $0.scalar == "|" })
            else { continue }
            let source = String(String.UnicodeScalarView(line.map(\.scalar)))
            let words = PrintedCell(line.map(\.scalar)).text.split(whereSeparator: \.isWhitespace)
            let isOfHTML = source.contains(#/(?i)<t[dh][\s>]/#)
            let isRow = words.indices.dropFirst().contains { start in
                !PrintedText.numbers(String(words[start])).isEmpty
                    && rows[PrintedText.label(words[..<start].joined(separator: " "))] != nil
            }
            guard isRow || isOfHTML && !PrintedText.numbers(words.joined(separator: " ")).isEmpty
            else { continue }
            report(
                number,
                "numbers in a line that is not read; part the cells by & and \\\\, in Markdown by |"
            )
        }
    }

    private static func list(_ numbers: [PrintedText.Number]) -> String {
        numbers.map(\.text).joined(separator: ", ")
    }

    /// Headers may hold numbers too, but only those of the table's own.
    private mutating func checkHeader(_ numbers: [PrintedText.Number], _ line: Int) {
        let known = Set(
            ([table.labelHeader] + table.columns.map(\.fullHeader)).flatMap {
                PrintedText.numbers($0)
            })
        let others = numbers.filter { !known.contains($0) }
        guard !others.isEmpty else { return }
        report(line, "\(Self.list(others)) in a header, and in no header of the table")
    }

    private mutating func compare(
        _ printed: PrintedRow, _ cells: [PrintedCell], at row: Int, _ columns: [Int], _ line: Int
    ) {
        let width = cells.dropFirst().reduce(0) { $0 + $1.span }
        guard cells[0].span == 1, width == columns.count else {
            report(
                line,
                "\(Count.text(width, "cell")), but the table has \(Count.text(columns.count, "column"))"
            )
            hasOtherWidth = true
            return
        }
        var position = 0
        for (cell, field) in zip(cells, printed.fields).dropFirst() {
            let line = field.line > 0 ? field.line : line
            for column in columns[position..<position + cell.span] {
                compare(cell, row: row, column: column, line)
            }
            position += cell.span
        }
    }

    private mutating func compare(_ printed: PrintedCell, row: Int, column: Int, _ line: Int) {
        let cell = table.rows[row].cells[column]
        compare(
            PrintedText.numbers(printed.text), with: Self.numbers(of: cell), row: row,
            table.columns[column].fullHeader, Self.shown(cell, table.columns[column]), line)
        let column = table.columns[column]
        if printed.isBold, !cell.isBest, column.better != nil, isContested {
            outcome.mismatches.append(
                .init(
                    line: line, row: table.rows[row].label, column: column.fullHeader,
                    printed: "bold",
                    current: "unmarked: it is beaten, or no row is shown to be"))
        }
        let hasStar = (printed.text + printed.raised).contains("*")
        if case .difference = cell.content, hasStar, !cell.isSignificant {
            outcome.mismatches.append(
                .init(
                    line: line, row: table.rows[row].label,
                    column: column.fullHeader, printed: "a star",
                    current: "none: p > 0.05 after correction"))
        }
    }

    /// Whether rows compete, so that bold type says something.
    private var isContested: Bool { table.rows.count { !$0.isReference } > 1 || table.hasBest }

    private mutating func compare(
        _ printed: [PrintedText.Number], with current: [Double], row: Int, _ column: String,
        _ shown: String?, _ line: Int
    ) {
        func add(_ text: String, _ current: String?) {
            outcome.mismatches.append(
                .init(
                    line: line, row: table.rows[row].label, column: column, printed: text,
                    current: current))
        }
        guard printed.count == current.count else {
            add(printed.isEmpty ? "no number" : Self.list(printed), shown)
            return
        }
        for (number, value) in zip(printed, current) {
            outcome.compared += 1
            if number.isUnreadable {
                add("\(number.text) and more, which can be read in two ways", shown)
            } else if !PrintedText.agrees(number.text, value) {
                let decimals = PrintedText.decimals(of: number.text)
                add(number.text, NumberText.fixed(value, decimals: decimals))
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
        var decimals = column.decimals
        switch cell.content {
        case .difference(let difference, adjustedPValue: _):
            decimals = NumberText.decimals(showing: difference.interval, atLeast: decimals)
        case .effect(_, let interval):
            decimals = NumberText.decimals(showing: interval, atLeast: decimals)
        default: break
        }
        return values.map { NumberText.fixed($0, decimals: decimals) }.joined(separator: ", ")
    }

    // MARK: Single numbers

    private mutating func checkSingles(_ glyphs: [PaperSource.Glyph]) {
        for single in SingleMark.all(in: glyphs) {
            guard single.arguments.count == 3 else {
                report(
                    single.line,
                    "\\ablate has \(Count.text(single.arguments.count, "argument")) in braces, but needs a row, a "
                        + "column and a number")
                continue
            }
            if single.touchesNumber {
                report(
                    single.line,
                    "a digit or a sign stands right beside \\ablate's number and changes it")
            }
            let label = PrintedText.label(PrintedCell(single.arguments[0]).text)
            let key = PrintedCell(single.arguments[1]).text
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard let positions = rows[label] else {
                report(single.line, "the table has no row “\(label)”")
                continue
            }
            guard positions.count == 1, let row = positions.first else {
                report(
                    single.line, "the table has \(Count.text(positions.count, "row")) “\(label)”")
                continue
            }
            guard let column = table.columns.firstIndex(where: { $0.key == key }) else {
                report(single.line, unknownColumn(key))
                continue
            }
            let printed = PrintedText.numbers(PrintedCell(single.arguments[2]).text)
            let cell = table.rows[row].cells[column]
            // The number alone, or all that the cell shows.
            let numbers = Self.numbers(of: cell)
            let current = printed.count == numbers.count ? numbers : Array(numbers.prefix(1))
            let decimals = printed.first.map { PrintedText.decimals(of: $0.text) } ?? 1
            compare(
                printed, with: current, row: row, key,
                numbers.first.map { NumberText.fixed($0, decimals: decimals) }, single.line)
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
