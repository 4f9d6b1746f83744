/// Where a piece of a sweep came from: a place in the file, or one `-S` override.
enum Origin: Sendable, Hashable {
    case wholeFile
    case file(line: Int, column: Int)
    case override(Int)
}

/// A piece of a parsed sweep file that remembers where it stands.
struct SourceNode: Sendable {
    enum Content: Sendable {
        /// `isPlain` is false for quoted text, which is never a number.
        case scalar(String, isPlain: Bool)
        case list([SourceNode])
        case map([Entry])
    }

    struct Entry: Sendable {
        var key: String
        var keyOrigin: Origin
        var value: SourceNode
    }

    var content: Content
    var origin: Origin

    static func map(_ entries: [Entry], at origin: Origin) -> SourceNode {
        SourceNode(content: .map(entries), origin: origin)
    }
}

extension SourceNode {
    var entries: [Entry]? {
        if case .map(let entries) = content { entries } else { nil }
    }

    var elements: [SourceNode]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The text of a scalar, quoted or not; nil for an empty plain one.
    var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    subscript(_ key: String) -> SourceNode? {
        entries?.last { $0.key == key }?.value
    }

    /// The place of the entry that counts.
    func place(of key: String) -> Int? { entries?.lastIndex { $0.key == key } }

    /// Gives the entry at `place` another key.
    mutating func rename(_ place: Int, to key: String) {
        guard var entries else { return }
        entries[place].key = key
        content = .map(entries)
    }

    /// Puts `value` in the place of what stands at `key`, which is there.
    mutating func replace(_ key: String, with value: SourceNode) {
        guard let place = place(of: key), var entries else { return }
        entries[place].value = value
        content = .map(entries)
    }

    /// Puts `value` at `key`, in the place of what stood there or at the end.
    mutating func set(_ key: String, to value: SourceNode, keyOrigin: Origin) {
        var entries = entries ?? []
        let entry = Entry(key: key, keyOrigin: keyOrigin, value: value)
        if let index = entries.lastIndex(where: { $0.key == key }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        content = .map(entries)
    }
}

// MARK: Scalars, by YAML 1.2's core schema

extension SourceNode {
    private var plainText: String? {
        if case .scalar(let text, isPlain: true) = content { text } else { nil }
    }

    var isNull: Bool {
        plainText.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false
    }

    /// `yes`, `no`, `on` and `off` too: they are what many write.
    var boolean: Bool? {
        switch plainText?.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }

    var integer: Int? {
        guard let text = plainText else { return nil }
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
        return Int(text) ?? number.flatMap { Int(exactly: $0) }
    }

    var number: Double? {
        guard let text = plainText, text.utf8.contains(where: { (0x30...0x39).contains($0) }),
            text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value == 0 ? 0 : value
    }

    /// The value as it would be written on one line, cut off where it is long.
    var excerpt: String {
        var text = ""
        write(to: &text, limit: 60)
        return text.count <= 60 ? text : text.prefix(57) + "..."
    }

    private func write(to text: inout String, limit: Int) {
        guard text.utf8.count <= 4 * limit else { return }
        switch content {
        case .scalar(let value, let isPlain):
            if isPlain {
                text += value.isEmpty ? "empty" : value.prefix(limit + 1)
            } else {
                text += "'" + value.prefix(limit + 1).replacing("\n", with: " ") + "'"
            }
        case .list(let elements):
            text += "["
            for (index, element) in elements.prefix(limit).enumerated() {
                if index > 0 { text += ", " }
                element.write(to: &text, limit: limit)
            }
            text += "]"
        case .map(let entries):
            text += "{"
            for (index, entry) in entries.prefix(limit).enumerated() {
                if index > 0 { text += ", " }
                text += entry.key.prefix(limit) + ": "
                entry.value.write(to: &text, limit: limit)
            }
            text += "}"
        }
    }
}
