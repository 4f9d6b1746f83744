import Yams

/// Turns YAML text into nodes that remember their places.
///
/// Yams stops at the first mapping with a key given twice and resolves scalars with regular
/// expressions; here every such key is found, and scalars are read by the kind of their setting.
struct YAMLReader {
    static let maximumDepth = 100
    static let maximumNodes = 2_000_000
    private static let maximumDuplicates = 200

    private let place: (Position) -> Origin
    private var duplicateKeys: [Position: String] = [:]
    private var nodeCount = 0

    private struct Position: Hashable {
        var line = 1
        var column = 1

        init() {}
        init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
        init(_ mark: Mark?) { (line, column) = (mark?.line ?? 1, mark?.column ?? 1) }
    }

    private init(place: @escaping (Position) -> Origin) {
        self.place = place
    }

    /// The document of `text`, or nil where there is none to go on with; faults are in `faults`.
    static func read(_ text: String, faults: inout FaultList) -> SourceNode? {
        var reader = YAMLReader { .file(line: $0.line, column: $0.column) }
        return reader.document(text, faults: &faults)
    }

    /// The value of the `index`-th override.
    static func readOverride(_ text: String, index: Int, faults: inout FaultList) -> SourceNode? {
        var reader = YAMLReader { _ in .override(index) }
        let count = faults.count
        let node = reader.document(text, faults: &faults)
        if node == nil, faults.count == count {
            return SourceNode(content: .scalar("", isPlain: true), origin: .override(index))
        }
        return node
    }

    private mutating func document(_ text: String, faults: inout FaultList) -> SourceNode? {
        guard checkCharacters(of: text, faults: &faults) else { return nil }
        var text = text
        while true {
            do {
                guard let root = try Self.compose(text) else { return nil }
                return node(root, depth: 0, faults: &faults)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard duplicateKeys.count < Self.maximumDuplicates,
                    let masked = mask(keys.first ?? "", at: Position(context.mark), in: text)
                else {
                    faults.add(.duplicateKeys(keys), at: place(Position(context.mark)))
                    return nil
                }
                text = masked
            } catch {
                report(error, in: text, faults: &faults)
                return nil
            }
        }
    }

    private static func compose(_ text: String) throws -> Node? {
        // libyaml keeps a pointer to the text's bytes. Those of a text of up to 15 bytes have no
        // lasting place, so that every text is made longer than that.
        let padded = text + String(repeating: "\n", count: 16)
        let parser = try Parser(yaml: padded, resolver: .basic, encoding: .utf8)
        return try withExtendedLifetime(padded) { try parser.singleRoot() }
    }
}

// MARK: Nodes

extension YAMLReader {
    private mutating func node(_ node: Node, depth: Int, faults: inout FaultList) -> SourceNode? {
        let origin = place(Position(node.mark))
        nodeCount += 1
        // Aliases of aliases can grow without bound.
        guard depth <= Self.maximumDepth, nodeCount <= Self.maximumNodes else {
            faults.add(.tooMuch(depth: Self.maximumDepth, nodes: Self.maximumNodes), at: origin)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return self.scalar(scalar, at: origin, faults: &faults)
        case .sequence(let sequence):
            var elements: [SourceNode] = []
            for element in sequence {
                guard let element = self.node(element, depth: depth + 1, faults: &faults) else {
                    return nil
                }
                elements.append(element)
            }
            return SourceNode(content: .list(elements), origin: origin)
        case .mapping(let mapping):
            return map(mapping, at: origin, depth: depth, faults: &faults)
        case .alias:
            return nil
        }
    }

    private func scalar(
        _ scalar: Node.Scalar, at origin: Origin, faults: inout FaultList
    ) -> SourceNode {
        let isPlain: Bool
        switch Tag.Name(rawValue: scalar.tag.rawValue) {
        case .implicit, .int, .float, .bool, .null: isPlain = true
        case .str, .nonSpecific: isPlain = false
        default:
            faults.add(.unknownTag(scalar.tag.rawValue), at: origin)
            isPlain = true
        }
        return SourceNode(content: .scalar(scalar.string, isPlain: isPlain), origin: origin)
    }

    private mutating func map(
        _ mapping: Node.Mapping, at origin: Origin, depth: Int, faults: inout FaultList
    ) -> SourceNode? {
        var entries: [SourceNode.Entry] = []
        var merged: [SourceNode.Entry] = []
        var lines: [String: Position] = [:]
        for (keyNode, valueNode) in mapping {
            guard let value = node(valueNode, depth: depth + 1, faults: &faults) else { return nil }
            let mark = Position(keyNode.mark)
            guard case .scalar(let scalar) = keyNode else {
                faults.add(.keyNotText, at: place(mark))
                continue
            }
            let key = duplicateKeys[mark] ?? scalar.string
            if key == "<<", scalar.style == .plain {
                merge(value, into: &merged, faults: &faults)
                continue
            }
            if let first = lines[key] {
                faults.add(.duplicateKey(key, firstLine: first.line), at: place(mark))
                continue
            }
            lines[key] = mark
            entries.append(.init(key: key, keyOrigin: place(mark), value: value))
        }
        entries += merged.filter { lines[$0.key] == nil }
        return .map(entries, at: origin)
    }

    /// `<<: *anchor` and `<<: [*first, *second]`: the entries there, where the map has none of its
    /// own; the first of several wins.
    private func merge(
        _ value: SourceNode, into merged: inout [SourceNode.Entry], faults: inout FaultList
    ) {
        for source in value.elements ?? [value] {
            guard let entries = source.entries else {
                faults.add(.mergeNotMap(found: source.excerpt), at: source.origin)
                continue
            }
            for entry in entries where !merged.contains(where: { $0.key == entry.key }) {
                merged.append(entry)
            }
        }
    }
}

// MARK: Faults of the text

extension YAMLReader {
    /// False where YAML cannot hold the text at all.
    private func checkCharacters(of text: String, faults: inout FaultList) -> Bool {
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

    /// Gives the key at `mark` a name of its own of the same length, so that reading can go on and
    /// marks stay right; remembers the name that stood there.
    private mutating func mask(_ key: String, at mark: Position, in text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        var start = 0
        for _ in 1..<max(mark.line, 1) {
            while start < scalars.count, !Self.isBreak(scalars[start]) { start += 1 }
            let isPair =
                start + 1 < scalars.count && scalars[start] == "\r" && scalars[start + 1] == "\n"
            start += isPair ? 2 : 1
        }
        start += mark.column - 1
        if start < scalars.count, scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
        // The private use area: no person writes it. Anything but the key itself (an anchor, an
        // escape, an empty key) is left alone.
        guard start < scalars.count, scalars[start] == key.unicodeScalars.first,
            let name = Unicode.Scalar(0xE000 + UInt32(duplicateKeys.count)),
            duplicateKeys.updateValue(key, forKey: mark) == nil
        else { return nil }
        scalars[start] = name
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    private func report(_ error: any Error, in text: String, faults: inout FaultList) {
        guard let error = error as? YamlError else {
            return faults.add(.yaml("\(error)", context: nil), at: place(Position()))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let tabs = Self.tabs(inIndentationOf: text)
            for tab in tabs { faults.add(.tab, at: place(tab)) }
            guard tabs.isEmpty else { return }
            let end = Self.end(of: text)
            let words = context.map { "\($0.text), from line \(min($0.mark.line, end.line))" }
            let position = mark.line > end.line ? end : Position(mark)
            faults.add(.yaml(problem, context: words), at: place(position))
        default:
            faults.add(.yaml("\(error)", context: nil), at: place(Position()))
        }
    }

    /// Behind the last character that is not white space.
    private static func end(of text: String) -> Position {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return Position() }
        let lines = text[...last].split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return Position(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }

    /// The first tab of each line that has one before its first word.
    private static func tabs(inIndentationOf text: String) -> [Position] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .compactMap { index, line in
                let indentation = line.prefix { $0 == " " || $0 == "\t" }
                guard indentation.count < line.count,
                    let tab = indentation.firstIndex(of: "\t")
                else { return nil }
                let column = indentation.distance(from: indentation.startIndex, to: tab) + 1
                return Position(line: index + 1, column: column)
            }
    }
}
