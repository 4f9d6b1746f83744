/// A number marked in running text: `\ablate{row}{column}{number}`, over as many lines as it likes.
struct SingleMark {
    var line: Int
    /// In braces, as they follow; fewer than three where the mark is not whole.
    var arguments: [[Unicode.Scalar]]
    /// Whether what stands right beside it makes another number of it: `-\ablate{...}{...}{5}`.
    var touchesNumber = false

    /// All marks of a text; the command's own definition is none.
    static func all(in glyphs: [PaperSource.Glyph]) -> [SingleMark] {
        let name = Array("\\ablate".unicodeScalars)
        var marks: [SingleMark] = []
        var index = 0
        while let start = glyphs[index...].firstIndex(where: { $0.scalar == "\\" }) {
            index = start + 1
            let end = start + name.count
            guard end <= glyphs.count, glyphs[start..<end].map(\.scalar) == name else {
                // A backslash before a backslash begins no command.
                if index < glyphs.count, glyphs[index].scalar == "\\" { index += 1 }
                continue
            }
            let isLonger =
                end < glyphs.count && glyphs[end].scalar.isASCII
                && glyphs[end].scalar.properties.isAlphabetic
            if isLonger || isDefinition(glyphs[..<start]) { continue }
            var arguments: [[Unicode.Scalar]] = []
            index = end
            while arguments.count < 3, let group = group(glyphs, from: index) {
                arguments.append(group.content)
                index = group.end
            }
            marks.append(
                SingleMark(
                    line: glyphs[start].line, arguments: arguments,
                    touchesNumber: isAfterNumber(glyphs[..<start])
                        || isBeforeNumber(glyphs[index...])))
        }
        return marks
    }

    private static func isAfterNumber(_ before: ArraySlice<PaperSource.Glyph>) -> Bool {
        // What begins in the middle of a command is none.
        let words = before.suffix(80).split(whereSeparator: { $0.scalar.properties.isWhitespace })
        guard let last = words.last else { return false }
        // The blank behind a command belongs to it, another one parts words.
        let command = last.lastIndex { $0.scalar == "\\" }.map { last[($0 + 1)...] }
        let endsInCommand = command?.allSatisfy { $0.scalar.properties.isAlphabetic } ?? false
        guard endsInCommand || last.endIndex == before.endIndex else { return false }
        let scalars = last.map(\.scalar)
        let text = (words.count > 1 ? " " : "") + PrintedCell(scalars).text
        // One hyphen is a sign where no word ends before it; two are a dash.
        return text.contains(#/(?:\d[.,]?|(?:^|[^\w\-])-|\u{2212})$/#)
    }

    private static func isBeforeNumber(_ after: ArraySlice<PaperSource.Glyph>) -> Bool {
        let text = PrintedCell(after.prefix(40).map(\.scalar)).text
        // Digits, thousands behind a thin space, powers of ten, exponents.
        return text.prefixMatch(of: #/[.,]?\d|\u{2009}\d{3}|\s*[×·]\s*\d|[eE][-+]?\d/#) != nil
    }

    /// Whether what stands before defines the command.
    private static func isDefinition(_ before: ArraySlice<PaperSource.Glyph>) -> Bool {
        let text = String(String.UnicodeScalarView(before.suffix(40).map(\.scalar)))
        return text.contains(
            #/\\(?:(?:re|provide)?newcommand|providecommand|DeclareRobustCommand|NewDocumentCommand|[gex]?def|let)\*?\s*\{?\s*$/#
        )
    }

    private static func group(
        _ glyphs: [PaperSource.Glyph], from start: Int
    ) -> (content: [Unicode.Scalar], end: Int)? {
        let open = glyphs[start...].firstIndex { !$0.scalar.properties.isWhitespace }
        guard let open, glyphs[open].scalar == "{" else { return nil }
        var depth = 0
        var index = open
        while index < glyphs.count {
            switch glyphs[index].scalar {
            case "\\": index += 1
            case "{": depth += 1
            case "}": depth -= 1
            default: break
            }
            if depth == 0 {
                return (glyphs[(open + 1)..<index].map(\.scalar), index + 1)
            }
            index += 1
        }
        return nil
    }
}
