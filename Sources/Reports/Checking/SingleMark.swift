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
        let text = String(String.UnicodeScalarView(before.suffix(12).map(\.scalar)))
            .replacing("$", with: "").replacing("{", with: "").replacing("}", with: "")
        // One hyphen is a sign where no word ends before it; two are a dash.
        return text.contains(#/(?:\d[.,]?|(?:^|[^\w\-])-|\u{2212})$/#)
    }

    private static func isBeforeNumber(_ after: ArraySlice<PaperSource.Glyph>) -> Bool {
        let text = String(String.UnicodeScalarView(after.prefix(6).map(\.scalar)))
            .replacing("$", with: "").replacing("{", with: "").replacing("}", with: "")
        return text.prefixMatch(of: #/[.,]?\d/#) != nil
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
