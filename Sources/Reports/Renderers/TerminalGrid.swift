/// A table's cells as padded text, every column aligned within itself.
struct TerminalGrid {
    struct GridColumn {
        var header: String
        var group: String
        var alignment: Column.Alignment
        var width: Int
    }
    struct GridCell {
        var text: String
        var isBest: Bool
    }
    struct GridRow {
        var label: String
        var cells: [GridCell]
        var isParted: Bool
    }

    static let bestMark = "•"

    var labelHeader: String
    var columns: [GridColumn] = []
    var rows: [GridRow]

    init(_ table: Table, marksBest: Bool) {
        labelHeader = PlainText.oneLine(table.labelHeader)
        rows = table.rows.indices.map { index in
            let row = table.rows[index]
            let marks = row.footnotes.map(Table.mark).joined(separator: ",")
            return GridRow(
                label: PlainText.oneLine(row.label) + Self.raised(marks), cells: [],
                isParted: index > 0 && row.isParted(from: table.rows[index - 1]))
        }
        for (index, column) in table.columns.enumerated() {
            let texts = table.rows.map { CellText($0.cells[index], column: column) }
            let cells = Self.aligned(texts, column.alignment, marksBest: marksBest)
            let header = PlainText.oneLine(column.heading)
            let width = max(
                DisplayWidth.of(header), cells.map { DisplayWidth.of($0) }.max() ?? 0)
            columns.append(
                GridColumn(
                    header: header, group: PlainText.oneLine(column.group ?? ""),
                    alignment: column.alignment, width: width))
            for (row, cell) in cells.enumerated() {
                rows[row].cells.append(
                    GridCell(
                        text: DisplayWidth.pad(cell, to: width, column.alignment),
                        isBest: texts[row].isBest))
            }
        }
        widenForGroups()
    }

    /// The width of the widest label.
    var labelWidth: Int {
        rows.reduce(DisplayWidth.of(labelHeader)) { max($0, DisplayWidth.of($1.label)) }
    }

    // MARK: Cells

    /// Numbers under numbers, deviations under deviations, marks behind both.
    private static func aligned(
        _ texts: [CellText], _ alignment: Column.Alignment, marksBest: Bool
    ) -> [String] {
        let bodies = texts.map { text -> (main: String, tail: String, marks: String) in
            let best = text.isBest && marksBest ? bestMark + " " : ""
            let main = best + (text.isFreeText ? PlainText.oneLine(text.main) : text.main)
            let marks = (text.isSignificant ? "*" : "") + raised(text.marks)
            switch text.tail {
            case .spread(let deviation): return (main, deviation, marks)
            case .interval(let lower, let upper): return (main, "[\(lower), \(upper)]", marks)
            case nil: return (main, "", marks)
            }
        }
        let spreads = texts.map { if case .spread = $0.tail { true } else { false } }
        let tail = bodies.map { DisplayWidth.of($0.tail) }.max() ?? 0
        let separator = spreads.contains(true) ? " ± " : " "
        // Numbers stand in line whether or not a deviation follows; words and dashes need not.
        let numbers = zip(texts, bodies).map { text, body in
            text.isFreeText || text.main == "–" || text.main == "missing"
                ? 0 : DisplayWidth.of(body.main)
        }
        let main = numbers.max() ?? 0
        let marks = bodies.map { DisplayWidth.of($0.marks) }.max() ?? 0
        return zip(texts, bodies).map { text, body in
            if text.isFreeText && alignment == .left { return body.main + body.marks }
            var line = body.main
            if text.main == "missing" || (text.main == "–" && !spreads.contains(true)) {
                let width = main + (tail > 0 ? separator.count + tail : 0)
                line = DisplayWidth.pad(body.main, to: width, .right)
            } else if !body.tail.isEmpty {
                line = DisplayWidth.pad(body.main, to: main, .right) + separator
                line += DisplayWidth.pad(body.tail, to: tail, .right)
            } else if tail > 0 {
                // Marks stand right behind the number; the room of the deviation stays empty.
                line = DisplayWidth.pad(body.main, to: main, .right) + body.marks
                let width = main + separator.count + tail + marks
                return DisplayWidth.pad(line, to: width, .left)
            }
            return line + DisplayWidth.pad(body.marks, to: marks, .left)
        }
    }

    /// Superscript letters; the comma stays.
    static func raised(_ marks: String) -> String {
        let letters: [Character: Character] = [
            "a": "ᵃ", "b": "ᵇ", "c": "ᶜ", "d": "ᵈ", "e": "ᵉ", "f": "ᶠ", "g": "ᵍ", "h": "ʰ",
            "i": "ⁱ", "j": "ʲ", "k": "ᵏ", "l": "ˡ", "m": "ᵐ", "n": "ⁿ", "o": "ᵒ", "p": "ᵖ",
            "r": "ʳ", "s": "ˢ", "t": "ᵗ", "u": "ᵘ", "v": "ᵛ", "w": "ʷ", "x": "ˣ", "y": "ʸ",
            "z": "ᶻ",
        ]
        return String(marks.map { letters[$0] ?? $0 })
    }

    // MARK: Groups

    /// Runs of neighbouring columns of a block with the same group.
    private func runs(in block: [Int]) -> [[Int]] {
        var runs: [[Int]] = []
        for index in block {
            if let last = runs.last?.last, last + 1 == index,
                columns[last].group == columns[index].group
            {
                runs[runs.count - 1].append(index)
            } else {
                runs.append([index])
            }
        }
        return runs
    }

    /// The line of group headers, each centred over its columns; nil without groups.
    func groupLine(_ block: [Int], gap: Int) -> String? {
        guard block.contains(where: { !columns[$0].group.isEmpty }) else { return nil }
        return runs(in: block).map { run in
            let width = run.reduce(-gap) { $0 + gap + columns[$1].width }
            // A block may hold a part of the group, too narrow for its header.
            let group = DisplayWidth.wrap(columns[run[0]].group, width: width)[0]
            let left = (width - DisplayWidth.of(group)) / 2
            return DisplayWidth.pad(
                String(repeating: " ", count: max(0, left)) + group, to: width, .left)
        }.joined(separator: String(repeating: " ", count: gap))
    }

    /// Widens the last column of a group whose header is wider than its columns.
    private mutating func widenForGroups() {
        let gap = 2
        for run in runs(in: Array(columns.indices)) {
            let width = run.reduce(-gap) { $0 + gap + columns[$1].width }
            let missing = DisplayWidth.of(columns[run[0]].group) - width
            guard missing > 0, let last = run.last else { continue }
            columns[last].width += missing
            for row in rows.indices {
                rows[row].cells[last].text = DisplayWidth.pad(
                    rows[row].cells[last].text, to: columns[last].width, columns[last].alignment)
            }
        }
    }
}
