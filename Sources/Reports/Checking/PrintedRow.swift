/// A row of cells as a paper has it.
struct PrintedRow {
    struct Field {
        /// With its markup.
        var scalars: [Unicode.Scalar]
        /// Where it begins.
        var line: Int
    }

    var fields: [Field]
    /// Whether Markdown takes it for the header.
    var isHeader = false
    /// The table, of those of a text, that it belongs to.
    var table = 0
    /// Whether it is known to stand in a table: lines of text have one field as well.
    var isOfTable = true

    var line: Int { fields.first { !$0.scalars.isEmpty }?.line ?? 0 }
}

/// Takes the rows out of LaTeX: cells end at `&`, rows at `\\`, over as many lines as they like.
struct LaTeXRows {
    private(set) var rows: [PrintedRow] = []
    private var fields: [PrintedRow.Field] = [.init(scalars: [], line: 0)]
    private var depth = 0
    private var table = 0
    /// Whether a table has begun, and has not ended.
    private var isInTable = false
    /// Whether a table began in these lines and does not end in them.
    private(set) var isCut = false

    /// Environments whose `&` and `\\` make cells and rows.
    private static let tables = [
        "tabular", "tabular*", "tabularx", "tabulary", "tabularray", "tblr", "longtblr",
        "longtable", "supertabular", "xltabular", "array", "NiceTabular", "NiceArray",
    ]

    init(_ glyphs: [PaperSource.Glyph]) {
        var index = 0
        while index < glyphs.count {
            let scalar = glyphs[index].scalar
            switch scalar {
            case "\\": readCommand(glyphs, &index)
            case "&" where depth == 0:
                fields.append(.init(scalars: [], line: glyphs[index].line))
                isInTable = true
                index += 1
            default:
                if scalar == "{" { depth += 1 }
                // The brace around a whole table opened before it.
                if scalar == "}" { depth = max(0, depth - 1) }
                append(glyphs[index])
                index += 1
            }
        }
        finish()
    }

    private mutating func append(_ glyph: PaperSource.Glyph) {
        let last = fields.count - 1
        if fields[last].scalars.isEmpty {
            if glyph.scalar.properties.isWhitespace { return }
            fields[last].line = glyph.line
        }
        fields[last].scalars.append(glyph.scalar)
    }

    /// A backslash and what belongs to it.
    private mutating func readCommand(_ glyphs: [PaperSource.Glyph], _ index: inout Int) {
        var end = index + 1
        while end < glyphs.count, glyphs[end].scalar.isASCII,
            glyphs[end].scalar.properties.isAlphabetic
        { end += 1 }
        let name = Self.text(glyphs[(index + 1)..<end])
        if end == index + 1, end < glyphs.count, glyphs[end].scalar == "\\", depth == 0 {
            index = end + 1
            Self.skipArgument(glyphs, &index)
            finish()
        } else if ["tabularnewline", "cr"].contains(name), depth == 0 {
            index = end
            Self.skipArgument(glyphs, &index)
            finish()
        } else if name == "begin" || name == "end", let group = Self.group(glyphs, from: end) {
            index = group.end
            name == "begin" ? begin(group.text, glyphs, &index) : self.end(group.text)
        } else {
            // With the sign behind it, which it escapes.
            let stop = min(glyphs.count, max(end, index + 2))
            for glyph in glyphs[index..<stop] { append(glyph) }
            index = stop
        }
    }

    private mutating func begin(
        _ name: String, _ glyphs: [PaperSource.Glyph], _ index: inout Int
    ) {
        if fields.count > 1 {
            // A table within a cell.
            depth += 1
            return
        }
        fields = [.init(scalars: [], line: 0)]
        depth = 0
        guard Self.tables.contains(name) else { return }
        isInTable = true
        isCut = true
        table += 1
        // Widths, positions and the kinds of the columns.
        while let start = glyphs[index...].firstIndex(where: {
            !$0.scalar.properties.isWhitespace
        }), glyphs[start].scalar == "[" || glyphs[start].scalar == "{" {
            index = start
            if glyphs[start].scalar == "[" {
                Self.skipArgument(glyphs, &index)
                if index == start { break }
            } else if let group = Self.group(glyphs, from: start) {
                // An empty group begins a label.
                if group.text.isEmpty { break }
                index = group.end
            } else {
                break
            }
        }
    }

    private mutating func end(_ name: String) {
        if fields.count > 1, depth > 0 {
            depth -= 1
            return
        }
        finish()
        if Self.tables.contains(name) {
            isInTable = false
            isCut = false
        }
        depth = 0
    }

    /// Ends the row, whose last line need not end in `\\`.
    private mutating func finish() {
        if fields.contains(where: { !$0.scalars.isEmpty }) {
            rows.append(PrintedRow(fields: fields, table: table, isOfTable: isInTable))
        }
        fields = [.init(scalars: [], line: 0)]
        depth = 0
    }

    private static func text(_ glyphs: ArraySlice<PaperSource.Glyph>) -> String {
        String(String.UnicodeScalarView(glyphs.map(\.scalar)))
    }

    /// The `*` and the `[...]` that `\\` takes.
    private static func skipArgument(_ glyphs: [PaperSource.Glyph], _ index: inout Int) {
        if index < glyphs.count, glyphs[index].scalar == "*" { index += 1 }
        let start = glyphs[index...].firstIndex { !$0.scalar.properties.isWhitespace }
        guard let start, glyphs[start].scalar == "[",
            let end = glyphs[start...].firstIndex(where: { $0.scalar == "]" })
        else { return }
        index = end + 1
    }

    /// A group in braces that begins at `start`, and where it ends.
    private static func group(
        _ glyphs: [PaperSource.Glyph], from start: Int
    ) -> (text: String, end: Int)? {
        guard start < glyphs.count, glyphs[start].scalar == "{" else { return nil }
        var depth = 0
        for index in start..<glyphs.count {
            if glyphs[index].scalar == "{" { depth += 1 }
            if glyphs[index].scalar == "}" { depth -= 1 }
            if depth == 0 { return (text(glyphs[(start + 1)..<index]), index + 1) }
        }
        return nil
    }
}

/// Takes the rows out of Markdown: lines with bars, with or without one at their ends.
struct MarkdownRows {
    private(set) var rows: [PrintedRow] = []

    init(_ glyphs: [PaperSource.Glyph]) {
        for line in glyphs.split(whereSeparator: { $0.scalar == "\n" }) {
            let scalars = line.map(\.scalar)
            guard let number = line.first?.line, let fields = Self.fields(scalars) else { continue }
            if Self.isRule(fields) {
                if !rows.isEmpty { rows[rows.count - 1].isHeader = true }
            } else {
                rows.append(
                    PrintedRow(fields: fields.map { .init(scalars: $0, line: number) }))
            }
        }
    }

    /// Nil for a line without a bar.
    static func fields(_ line: [Unicode.Scalar]) -> [[Unicode.Scalar]]? {
        var fields: [[Unicode.Scalar]] = [[]]
        var isEscaped = false
        for scalar in line {
            if scalar == "|", !isEscaped {
                fields.append([])
            } else {
                fields[fields.count - 1].append(scalar)
            }
            isEscaped = scalar == "\\" && !isEscaped
        }
        guard fields.count > 1 else { return nil }
        func isEmpty(_ field: [Unicode.Scalar]) -> Bool {
            field.allSatisfy { $0.properties.isWhitespace }
        }
        if isEmpty(fields[0]), let first = line.first(where: { !$0.properties.isWhitespace }),
            first == "|"
        {
            fields.removeFirst()
        }
        if fields.count > 1, isEmpty(fields[fields.count - 1]) { fields.removeLast() }
        return fields
    }

    /// The line between header and rows.
    private static func isRule(_ fields: [[Unicode.Scalar]]) -> Bool {
        fields.allSatisfy { field in
            let signs = field.filter { !$0.properties.isWhitespace }
            return signs.contains("-") && signs.allSatisfy { $0 == "-" || $0 == ":" }
        }
    }
}
