import Foundation

/// Reads labels and numbers back from LaTeX and Markdown.
enum PrintedText {
    /// The cells of a row: parted by & in LaTeX, by | in Markdown, unless escaped.
    static func fields(_ line: String) -> [String] {
        let trimmed = line.trimmingCharacters(in: .whitespaces)
        let isMarkdown = trimmed.hasPrefix("|")
        let separator: Character = isMarkdown ? "|" : "&"
        var fields = [""]
        var isEscaped = false
        for character in isMarkdown ? trimmed.dropFirst() : Substring(trimmed) {
            if isEscaped {
                fields[fields.count - 1].append(character)
                isEscaped = false
                // A row ends at \\ in LaTeX.
                if character == "\\", !isMarkdown { break }
            } else if character == separator {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
                isEscaped = character == "\\"
            }
        }
        if isMarkdown, let last = fields.last, last.allSatisfy(\.isWhitespace) {
            fields.removeLast()
        }
        return fields.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// What remains of a label without markup: letters, digits and signs that no format escapes,
    /// so that all formats of a label read alike.
    static func label(_ text: String) -> String {
        var text = withoutMarks(text)
        for (command, sign) in commands { text.replace(command, with: sign) }
        text = text.replacing("\\raggedright ", with: "")
        // Other commands go, their arguments stay.
        text = text.replacing(#/\\[a-zA-Z]+ ?/#, with: "")
        text.removeAll { "\\{}$*`".contains($0) }
        return Table.typed(text)
    }

    private static let commands = [
        ("\\textless{}", "<"), ("\\textgreater{}", ">"), ("\\textbar{}", "|"),
        ("\\textbackslash{}", ""), ("\\textasciitilde{}", "~"), ("\\textasciicircum{}", "^"),
        ("$\\pm$", "±"), ("$^\\circ$", "°"), ("$\\times$", "×"), ("$-$", "-"),
        ("---", "—"), ("--", "–"), ("''", "\""),
    ]

    /// The numbers of a cell, in order, with their signs.
    static func numbers(_ text: String) -> [String] {
        let plain = withoutMarks(text).replacing("$-$", with: "-").replacing("−", with: "-")
            .replacing("\\%", with: "")
        return plain.matches(of: #/[-+]?\d+(?:\.\d+)?/#).map { String($0.0) }
    }

    /// Without footnote marks and without what is there to hold room only.
    private static func withoutMarks(_ text: String) -> String {
        var text = text
        text = text.replacing(#/\\rlap\{\\textsuperscript\{[^{}]*\}\}/#, with: "")
        text = text.replacing(#/\\phantom\{(?:[^{}]|\{[^{}]*\})*\}/#, with: "")
        text = text.replacing(#/\\textsuperscript\{[^{}]*\}/#, with: "")
        return text.replacing(#/<sup>[^<]*<\/sup>/#, with: "")
    }

    /// Digits after the point.
    static func decimals(of printed: String) -> Int {
        guard let point = printed.firstIndex(of: ".") else { return 0 }
        return printed.distance(from: point, to: printed.endIndex) - 1
    }

    /// Whether a printed number is `value` rounded to the digits printed.
    static func agrees(_ printed: String, _ value: Double) -> Bool {
        let digits = printed.hasPrefix("+") ? String(printed.dropFirst()) : printed
        return NumberText.fixed(value, decimals: decimals(of: printed)) == digits
    }
}
