/// Finds the remarks of a table in a text, and those whose figures have changed since.
///
/// A remark is known by its words; what an author wrote in other words is not compared.
struct PrintedRemarks {
    /// By their words, with a mark for each figure.
    private let remarks: [String: [String]]

    init(_ table: Table) {
        var remarks: [String: [String]] = [:]
        for text in table.notes + table.footnotes {
            let plain = Self.plain(PrintedCell(MarkdownTable.escape(text).unicodeScalars).text)
            remarks[Self.words(plain), default: []].append(plain)
        }
        self.remarks = remarks
    }

    func problems(of glyphs: [PaperSource.Glyph]) -> [(line: Int, text: String)] {
        Self.paragraphs(glyphs).compactMap { paragraph in
            let plain = Self.plain(PrintedCell(paragraph.scalars).text)
            guard let current = remarks[Self.words(plain)], let first = current.first,
                !current.contains(plain)
            else { return nil }
            return (paragraph.line, "the remark “\(plain)” is now “\(first)”")
        }
    }

    /// Stretches of text between empty lines, breaks of lines and `\\par`.
    private static func paragraphs(
        _ glyphs: [PaperSource.Glyph]
    ) -> [(scalars: [Unicode.Scalar], line: Int)] {
        var paragraphs: [(scalars: [Unicode.Scalar], line: Int)] = []
        var current: (scalars: [Unicode.Scalar], line: Int) = ([], 0)
        func flush() {
            if !current.scalars.isEmpty { paragraphs.append(current) }
            current = ([], 0)
        }
        for line in glyphs.split(separator: "\n", omittingEmptySubsequences: false) {
            var text = String(String.UnicodeScalarView(line.map(\.scalar)))
            let isBreak =
                text.allSatisfy(\.isWhitespace) || text.contains("\\begin{")
                || text.contains("\\end{")
                || text.contains("\\\\") || text.hasPrefix("|")
            if isBreak {
                flush()
                continue
            }
            let ends = text.contains("\\par") || text.hasSuffix("  ")
            if ends { text.replace("\\par", with: "") }
            if current.scalars.isEmpty { current.line = line.first?.line ?? 0 }
            current.scalars += Array(text.unicodeScalars) + [" "]
            if ends { flush() }
        }
        flush()
        return paragraphs
    }

    private static func plain(_ text: String) -> String {
        PrintedText.label(text.replacing(#/[\u{2010}-\u{2015}\u{2212}]/#, with: "-"))
    }

    private static func words(_ plain: String) -> String {
        plain.replacing(#/[-+]?\d+(?:[.,]\d+)*/#, with: "#")
    }
}

extension [PaperSource.Glyph] {
    fileprivate func split(
        separator: Unicode.Scalar, omittingEmptySubsequences: Bool
    ) -> [ArraySlice<PaperSource.Glyph>] {
        split(
            omittingEmptySubsequences: omittingEmptySubsequences,
            whereSeparator: { $0.scalar == separator })
    }
}
