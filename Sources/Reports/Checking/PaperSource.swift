import Foundation

/// A paper's text in parts: what is printed, scalar by scalar with its line, and our markers.
///
/// What LaTeX does not print is left out: comments, with the end of their line, and the environment
/// `comment`. In Markdown that is what stands between `<!--` and `-->`.
struct PaperSource {
    struct Glyph {
        var scalar: Unicode.Scalar
        /// Counted from 1.
        var line: Int
    }

    enum Part {
        case text([Glyph])
        case marker(PaperMarker, line: Int)
    }

    private(set) var parts: [Part] = []
    let syntax: TableCheck.Syntax

    init(_ text: String, _ syntax: TableCheck.Syntax) {
        self.syntax = syntax
        let lines = Self.lines(of: text)
        switch syntax {
        case .latex: readLaTeX(lines)
        case .markdown: readMarkdown(lines)
        }
        flush()
    }

    /// All that is printed, without the markers.
    var printed: [Glyph] {
        parts.flatMap { part -> [Glyph] in
            if case .text(let glyphs) = part { return glyphs }
            return []
        }
    }

    /// Lines end as on any machine: LF, CR LF (which Swift takes for one character) or CR.
    static func lines(of text: String) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = [[]]
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n", isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = scalar == "\r"
            if scalar == "\n" || scalar == "\r" {
                lines.append([])
            } else if scalar != "\u{FEFF}" {
                lines[lines.count - 1].append(scalar)
            }
        }
        return lines
    }

    /// What has been read since the last marker.
    private var pending: [Glyph] = []

    private mutating func append(_ scalars: some Sequence<Unicode.Scalar>, _ line: Int) {
        for scalar in scalars { pending.append(Glyph(scalar: scalar, line: line)) }
    }

    private mutating func add(_ marker: PaperMarker, _ line: Int) {
        flush()
        parts.append(.marker(marker, line: line))
    }

    private mutating func flush() {
        if !pending.isEmpty { parts.append(.text(pending)) }
        pending = []
    }

    // MARK: LaTeX

    /// Environments in which a percent sign is printed.
    private static let verbatim = [
        "verbatim", "verbatim*", "Verbatim", "BVerbatim", "LVerbatim", "lstlisting", "minted",
        "alltt",
    ]

    private mutating func readLaTeX(_ lines: [[Unicode.Scalar]]) {
        var environment: String?
        for (index, scalars) in lines.enumerated() {
            let number = index + 1
            let line = String(String.UnicodeScalarView(scalars))
            if let name = environment {
                if line.contains("\\end{\(name)}") { environment = nil }
                if name == "comment" { continue }
            }
            let isVerbatim = environment != nil
            let comment = isVerbatim ? nil : LaTeXComment.start(in: scalars)
            let end = comment ?? scalars.count
            let content = scalars[..<end].drop { $0 == " " || $0 == "\t" }
            if environment == nil {
                let shown = String(String.UnicodeScalarView(content))
                environment = (Self.verbatim + ["comment"]).first {
                    shown.contains("\\begin{\($0)}") && !shown.contains("\\end{\($0)}")
                }
                if environment == "comment" { continue }
            }
            append(comment == nil ? content + ["\n"] : content, number)
            // Markers work wherever they stand at a line's beginning.
            let isMarkerLine = content.isEmpty || isVerbatim
            if isMarkerLine || comment != nil,
                let marker = PaperMarker(
                    String(String.UnicodeScalarView(isVerbatim ? scalars[...] : scalars[end...])))
            {
                add(marker, number)
            } else if let marker = PaperMarker(html: line) {
                add(marker, number)
            }
        }
    }

    // MARK: Markdown

    private mutating func readMarkdown(_ lines: [[Unicode.Scalar]]) {
        var comment: (text: String, line: Int)?
        for (index, scalars) in lines.enumerated() {
            let number = index + 1
            var rest = Substring(String(String.UnicodeScalarView(scalars)))
            if comment == nil, let marker = PaperMarker(String(rest)) {
                add(marker, number)
                continue
            }
            while true {
                if let open = comment {
                    guard let end = rest.range(of: "-->") else {
                        comment?.text += rest + "\n"
                        break
                    }
                    if let marker = PaperMarker(comment: open.text + rest[..<end.lowerBound]) {
                        add(marker, open.line)
                    }
                    comment = nil
                    rest = rest[end.upperBound...]
                } else if let start = rest.range(of: "<!--") {
                    append(rest[..<start.lowerBound].unicodeScalars, number)
                    comment = ("", number)
                    rest = rest[start.upperBound...]
                } else {
                    append(rest.unicodeScalars, number)
                    break
                }
            }
            append(["\n"], number)
        }
    }
}

/// Where LaTeX stops to read a line.
enum LaTeXComment {
    /// The position of the first percent sign that begins a comment: one that no backslash escapes,
    /// and that is in no address and no `\verb`.
    static func start(in line: [Unicode.Scalar]) -> Int? {
        var index = 0
        while index < line.count {
            if line[index] == "%" { return index }
            guard line[index] == "\\" else {
                index += 1
                continue
            }
            var end = index + 1
            while end < line.count, line[end].properties.isAlphabetic, line[end].isASCII {
                end += 1
            }
            switch String(String.UnicodeScalarView(line[(index + 1)..<end])) {
            case "": index += 2
            case "verb", "lstinline": index = afterVerbatim(line, from: end)
            case "url", "href", "path", "nolinkurl": index = afterGroup(line, from: end)
            default: index = end
            }
        }
        return nil
    }

    /// Behind `|...|`, whatever sign stands in the place of the bars.
    private static func afterVerbatim(_ line: [Unicode.Scalar], from start: Int) -> Int {
        var start = start
        if start < line.count, line[start] == "*" { start += 1 }
        guard start < line.count else { return line.count }
        if line[start] == "{" { return afterGroup(line, from: start) }
        let end = line[(start + 1)...].firstIndex(of: line[start])
        return end.map { $0 + 1 } ?? line.count
    }

    /// Behind `{...}`; at `start` where there is none.
    private static func afterGroup(_ line: [Unicode.Scalar], from start: Int) -> Int {
        guard start < line.count, line[start] == "{" else { return start }
        var depth = 0
        for index in start..<line.count {
            if line[index] == "{" { depth += 1 }
            if line[index] == "}" { depth -= 1 }
            if depth == 0 { return index + 1 }
        }
        return line.count
    }
}
