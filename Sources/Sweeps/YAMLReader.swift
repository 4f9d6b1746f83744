/// Turns YAML text into nodes that remember their places.
///
/// Every key given twice is found, and scalars are read by the kind of their setting. What a text of
/// a few kilobytes could grow to (aliases of aliases) is counted as it is put together, and refused.
struct YAMLReader {
    static let maximumDepth = 100
    static let maximumNodes = 2_000_000

    typealias Position = YAMLEvents.Position

    private let place: (Position) -> Origin
    private let events: YAMLEvents
    /// What anchors name, with how many nodes it is.
    private var anchors: [String: (node: SourceNode, size: Int)] = [:]
    private var nodeCount = 0
    /// Texts with letters beyond ASCII, as they were written first.
    private var spellings: [String: String] = [:]
    /// Where the root ends. Units: Unicode scalars.
    private(set) var endOfRoot = 0

    private init(_ text: String, place: @escaping (Position) -> Origin) {
        self.place = place
        events = YAMLEvents(text)
    }

    /// The document of `text`, or nil where there is none to go on with; faults are in `faults`.
    static func read(_ text: String, faults: inout FaultList) -> SourceNode? {
        var reader = YAMLReader(text) { .file(line: $0.line, column: $0.column) }
        return reader.document(text, faults: &faults)
    }

    /// The value of the `index`-th override.
    static func readOverride(_ text: String, index: Int, faults: inout FaultList) -> SourceNode? {
        let origin = Origin.override(index)
        var reader = YAMLReader(text) { _ in origin }
        let count = faults.count
        let node = reader.document(text, faults: &faults)
        if node == nil, faults.count == count {
            return SourceNode(content: .scalar("", isPlain: true), origin: origin)
        }
        let rest = text.unicodeScalars.dropFirst(reader.endOfRoot).drop { $0 == " " }
        if node != nil, rest.first == "#" {
            faults.add(.overrideComment(String(String.UnicodeScalarView(rest))), at: origin)
        }
        return node
    }

    private mutating func document(_ text: String, faults: inout FaultList) -> SourceNode? {
        let checker = YAMLTextChecker(text, place: place)
        guard checker.checkCharacters(faults: &faults) else { return nil }
        do {
            guard case .documentStart = try events.next().kind else { return nil }
            guard let root = try node(at: events.next(), depth: 0, faults: &faults) else {
                return nil
            }
            _ = try events.next()
            let after = try events.next()
            guard case .streamEnd = after.kind else {
                faults.add(
                    .yaml(
                        "but found another document",
                        context: "expected a single document in the stream, from line 1"),
                    at: place(after.start))
                return nil
            }
            return root.node
        } catch {
            checker.report(error, faults: &faults)
            return nil
        }
    }
}

// MARK: Nodes

extension YAMLReader {
    private typealias Sized = (node: SourceNode, size: Int)

    /// The node that begins with an event, with its size; nil where there is too much.
    private mutating func node(
        at event: YAMLEvents.Event, depth: Int, faults: inout FaultList
    ) throws(YAMLEvents.Failure) -> Sized? {
        let origin = place(event.start)
        if case .alias(let name) = event.kind {
            guard let named = anchors[name] else {
                throw YAMLEvents.Failure(
                    problem: "found undefined alias", position: event.start,
                    contextPosition: event.start)
            }
            guard count(named.size, depth: depth, at: origin, faults: &faults) else { return nil }
            endOfRoot = event.endOffset
            return named
        }
        guard count(1, depth: depth, at: origin, faults: &faults) else { return nil }
        let made: Sized?
        switch event.kind {
        case .scalar(let text, let style, let tag):
            endOfRoot = event.endOffset
            made = (scalar(text, style, tag: tag, at: origin, faults: &faults), 1)
        case .sequenceStart(let tag):
            checkTag(tag, "seq", at: origin, faults: &faults)
            made = try list(at: origin, depth: depth, faults: &faults)
        case .mappingStart(let tag):
            checkTag(tag, "map", at: origin, faults: &faults)
            made = try map(at: origin, depth: depth, faults: &faults)
        default: made = nil
        }
        if let anchor = event.anchor, let made { anchors[anchor] = made }
        return made
    }

    /// False, with a fault, where the document has grown too large or too deep.
    private mutating func count(
        _ size: Int, depth: Int, at origin: Origin, faults: inout FaultList
    ) -> Bool {
        nodeCount += size
        guard depth <= Self.maximumDepth, nodeCount <= Self.maximumNodes else {
            faults.add(.tooMuch(depth: Self.maximumDepth, nodes: Self.maximumNodes), at: origin)
            return false
        }
        return true
    }

    private mutating func scalar(
        _ text: String, _ style: YAMLEvents.Style, tag: String?, at origin: Origin,
        faults: inout FaultList
    ) -> SourceNode {
        checkSpelling(text, at: origin, faults: &faults)
        var isPlain = style == .plain
        switch tag {
        case nil: break
        case "!", Self.standard("str"): isPlain = false
        case Self.standard("int"), Self.standard("float"), Self.standard("bool"),
            Self.standard("null"):
            isPlain = true
        case let tag?:
            faults.add(.unknownTag(tag), at: origin)
            isPlain = true
        }
        return SourceNode(content: .scalar(text, isPlain: isPlain), origin: origin)
    }

    /// "é" as one character and as a letter with an accent are equal to Swift, and two values, or files, to
    /// everything else.
    private mutating func checkSpelling(
        _ text: String, at origin: Origin, faults: inout FaultList
    ) {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return }
        guard let first = spellings[text] else {
            spellings[text] = text
            return
        }
        if !first.utf8.elementsEqual(text.utf8) { faults.add(.twoSpellings(text), at: origin) }
    }

    private func checkTag(
        _ tag: String?, _ usual: String, at origin: Origin, faults: inout FaultList
    ) {
        guard let tag, tag != "!", tag != Self.standard(usual) else { return }
        faults.add(.unknownTag(tag), at: origin)
    }

    private static func standard(_ name: String) -> String { "tag:yaml.org,2002:" + name }

    private mutating func list(
        at origin: Origin, depth: Int, faults: inout FaultList
    ) throws(YAMLEvents.Failure) -> Sized? {
        var elements: [SourceNode] = []
        var size = 1
        while true {
            let event = try events.next()
            if case .end = event.kind {
                endOfRoot = event.endOffset
                return (SourceNode(content: .list(elements), origin: origin), size)
            }
            guard let element = try node(at: event, depth: depth + 1, faults: &faults) else {
                return nil
            }
            elements.append(element.node)
            size += element.size
        }
    }

    private mutating func map(
        at origin: Origin, depth: Int, faults: inout FaultList
    ) throws(YAMLEvents.Failure) -> Sized? {
        var builder = MapBuilder()
        var size = 1
        while true {
            let event = try events.next()
            if case .end = event.kind {
                endOfRoot = event.endOffset
                return (.map(builder.entries, at: origin), size)
            }
            guard let key = try node(at: event, depth: depth + 1, faults: &faults),
                let value = try node(at: events.next(), depth: depth + 1, faults: &faults)
            else { return nil }
            size += key.size + value.size
            builder.add(
                key.node, value.node, keyOrigin: place(event.start), faults: &faults)
        }
    }
}

/// Puts a map together: no key twice, merges behind the map's own keys.
private struct MapBuilder {
    private var own: [SourceNode.Entry] = []
    private var merged: [SourceNode.Entry] = []
    private var ownKeys: [String: Origin] = [:]
    private var mergedKeys: Set<String> = []

    var entries: [SourceNode.Entry] { own + merged.filter { ownKeys[$0.key] == nil } }

    mutating func add(
        _ keyNode: SourceNode, _ value: SourceNode, keyOrigin: Origin, faults: inout FaultList
    ) {
        guard case .scalar(let key, let isPlain) = keyNode.content else {
            return faults.add(.keyNotText, at: keyOrigin)
        }
        if key == "<<", isPlain { return merge(value, faults: &faults) }
        if isPlain, case .scalar("", isPlain: true) = value.content,
            let blank = MissingBlank(key)
        {
            return faults.add(.missingBlank(blank), at: keyOrigin)
        }
        if let first = ownKeys[key] {
            var firstLine: Int?
            if case .file(let line, _) = first { firstLine = line }
            return faults.add(.duplicateKey(key, firstLine: firstLine), at: keyOrigin)
        }
        ownKeys[key] = keyOrigin
        own.append(.init(key: key, keyOrigin: keyOrigin, value: value))
    }

    /// `<<: *anchor` and `<<: [*first, *second]`: the entries there, where the map has none of its
    /// own; the first of several wins.
    private mutating func merge(_ value: SourceNode, faults: inout FaultList) {
        for source in value.elements ?? [value] {
            guard let entries = source.entries else {
                faults.add(.mergeNotMap(found: source.excerpt), at: source.origin)
                continue
            }
            for entry in entries where mergedKeys.insert(entry.key).inserted {
                merged.append(entry)
            }
        }
    }
}
