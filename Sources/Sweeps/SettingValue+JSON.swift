extension SettingValue {
    /// One line of JSON that is the same for equal values: keys sorted, no spaces, numbers in their
    /// shortest form that reads back exactly, whole numbers without a point (`1.0` is `1`).
    public var canonicalJSON: String {
        var text = ""
        writeJSON(to: &text)
        return text
    }

    func writeJSON(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.shortest(value)
        case .text(let value): Self.writeQuoted(value, to: &text)
        case .list(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.writeJSON(to: &text)
            }
            text += "]"
        case .map(let entries): Self.writeJSON(entries, to: &text)
        }
    }

    static func writeJSON(_ entries: [String: SettingValue], to text: inout String) {
        text += "{"
        for (index, key) in entries.keys.sorted().enumerated() {
            if index > 0 { text += "," }
            writeQuoted(key, to: &text)
            text += ":"
            entries[key]?.writeJSON(to: &text)
        }
        text += "}"
    }

    /// The shortest digits that read back as the same number; JSON has no infinities, so they are
    /// texts.
    static func shortest(_ value: Double) -> String {
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.isFinite ? value.description : "\"\(value)\""
    }

    static func writeQuoted(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension SettingValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([SettingValue].self) {
            self = .list(values)
        } else {
            self = .map(try container.decode([String: SettingValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .map(let entries): try container.encode(entries)
        }
    }
}

extension SettingValue: CustomStringConvertible {
    /// As a person would write it: `64`, `0.1`, `on`, `[a, b]`.
    public var description: String {
        switch self {
        case .null: "none"
        case .boolean(let value): value ? "on" : "off"
        case .integer(let value): String(value)
        case .number(let value): Self.shortest(value)
        case .text(let value): value
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.keys.sorted().map { "\($0): \(entries[$0, default: .null])" }
                .joined(separator: ", ") + "}"
        }
    }
}
