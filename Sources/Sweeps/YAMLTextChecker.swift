/// Looks at the text itself: for characters that YAML cannot hold, and, where libyaml stopped, for
/// what a person did there.
struct YAMLTextChecker {
    private let text: String
    private let place: (YAMLReader.Position) -> Origin

    private typealias Position = YAMLReader.Position

    init(_ text: String, place: @escaping (YAMLReader.Position) -> Origin) {
        self.text = text
        self.place = place
    }

    /// False where YAML cannot hold the text at all.
    func checkCharacters(faults: inout FaultList) -> Bool {
        let count = faults.count
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: (line, column) = (line + 1, 0)
            case 0x09, 0x0D: break
            case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF:
                faults.add(
                    .controlCharacter(scalar.value), at: place(Position(line: line, column: column))
                )
            default: break
            }
            column += 1
        }
        return faults.count == count
    }

    func report(_ failure: YAMLEvents.Failure, faults: inout FaultList) {
        if failure.problem.hasPrefix("Maximum nesting level") {
            let problem = SweepProblem.tooMuch(
                depth: YAMLReader.maximumDepth, nodes: YAMLReader.maximumNodes)
            return faults.add(problem, at: place(failure.position))
        }
        let tabs = tabsInIndentation
        for tab in tabs { faults.add(.tab, at: place(tab)) }
        guard tabs.isEmpty else { return }
        if let (blank, position) = missingBlank(failure) {
            return faults.add(.missingBlank(blank), at: place(position))
        }
        let end = end
        let words = failure.context.map {
            "\($0), from line \(min(failure.contextPosition.line, end.line))"
        }
        let position = failure.position.line > end.line ? end : failure.position
        faults.add(.yaml(failure.problem, context: words), at: place(position))
    }

    /// `{channels:[5, 9]}`, and `encoder:small` on a line of its own: libyaml stops at the next
    /// colon or bracket, whose place says nothing.
    private func missingBlank(
        _ failure: YAMLEvents.Failure
    ) -> (blank: MissingBlank, position: YAMLReader.Position)? {
        let lines = lines
        func line(_ number: Int) -> [Unicode.Scalar] {
            lines.indices.contains(number - 1) ? Array(lines[number - 1].unicodeScalars) : []
        }
        switch failure.problem {
        case "found unexpected ':'":
            let scalars = line(failure.position.line)
            let column = min(failure.position.column - 1, scalars.count)
            let isBoundary: (Unicode.Scalar) -> Bool = { " \t[]{},".unicodeScalars.contains($0) }
            let start = scalars[..<column].lastIndex(where: isBoundary).map { $0 + 1 } ?? 0
            let rest = String(String.UnicodeScalarView(scalars[start...]))
            return MissingBlank(rest).map {
                ($0, Position(line: failure.position.line, column: start + 1))
            }
        case "mapping values are not allowed in this context", "could not find expected ':'":
            let first = max(1, failure.position.line - 20)
            for number in stride(from: failure.position.line, through: first, by: -1) {
                let scalars = line(number)
                let start = scalars.firstIndex { $0 != " " && $0 != "-" } ?? 0
                let content = String(String.UnicodeScalarView(scalars[start...]))
                if let blank = MissingBlank(content) {
                    return (blank, Position(line: number, column: start + 1))
                }
            }
            return nil
        default: return nil
        }
    }

    private var lines: [Substring] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Behind the last character that is not white space.
    private var end: YAMLReader.Position {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return Position() }
        let lines = text[...last].split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return Position(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }

    /// The first tab of each line that has one before its first word.
    private var tabsInIndentation: [YAMLReader.Position] {
        lines.enumerated().compactMap { index, line in
            let indentation = line.prefix { $0 == " " || $0 == "\t" }
            guard indentation.count < line.count,
                let tab = indentation.firstIndex(of: "\t")
            else { return nil }
            let column = indentation.distance(from: indentation.startIndex, to: tab) + 1
            return Position(line: index + 1, column: column)
        }
    }
}

/// A key and a value with nothing but a colon between them, which YAML takes for one word.
struct MissingBlank: Hashable {
    var key: String
    /// As much of it as belongs to the key.
    var value: String

    /// Nil where a text does not begin so: `channels:[5, 9]` does, `http://x` and `a: b` do not.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
        let (key, value) = (text[..<colon], text[text.index(after: colon)...])
        guard key.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) }),
            let first = value.first, !first.isWhitespace, first != "/", first != ":"
        else { return nil }
        self.key = String(key)
        self.value = Self.beginning(of: value)
        if self.value.isEmpty { return nil }
    }

    /// Up to the comma or bracket that ends it.
    private static func beginning(of text: Substring) -> String {
        var depth = 0
        var value = ""
        for character in text.prefix(40) {
            if "[{".contains(character) { depth += 1 }
            if "]}".contains(character) { depth -= 1 }
            if depth < 0 || depth == 0 && character == "," { break }
            value.append(character)
            if depth == 0, "]}".contains(character) { break }
        }
        return value
    }
}
