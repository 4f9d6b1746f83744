import Foundation

/// A JSON value whose members keep their order, so that the same table is the same bytes.
package indirect enum JSONText: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// Not finite is written as null.
    case number(Double)
    case text(String)
    case array([JSONText])
    case object([(String, JSONText)])

    package static func optional(_ number: Double?) -> JSONText {
        number.map { .number($0) } ?? .null
    }
    package static func optional(_ text: String?) -> JSONText { text.map { .text($0) } ?? .null }

    /// Objects and arrays of them over several lines, arrays of numbers on one.
    package func write(to stream: inout some TextOutputStream, indent: Int = 0) {
        switch self {
        case .null: stream.write("null")
        case .boolean(let value): stream.write(value ? "true" : "false")
        case .integer(let value): stream.write(String(value))
        case .number(let value): stream.write(value.isFinite ? "\(value)" : "null")
        case .text(let value): stream.write(Self.quoted(value))
        case .array(let values): writeList(values.map { (nil, $0) }, "[", "]", to: &stream, indent)
        case .object(let members):
            writeList(members.map { (Optional($0.0), $0.1) }, "{", "}", to: &stream, indent)
        }
    }

    private var isFlat: Bool {
        switch self {
        case .array(let values): values.allSatisfy { $0.isScalar }
        case .object(let members): members.count <= 4 && members.allSatisfy { $0.1.isScalar }
        default: true
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private func writeList(
        _ members: [(String?, JSONText)], _ open: String, _ close: String,
        to stream: inout some TextOutputStream, _ indent: Int
    ) {
        let isFlat = isFlat
        let margin = "\n" + String(repeating: " ", count: indent + 2)
        stream.write(open)
        for (index, member) in members.enumerated() {
            if index > 0 { stream.write(isFlat ? ", " : ",") }
            if !isFlat { stream.write(margin) }
            if let key = member.0 { stream.write(Self.quoted(key) + ": ") }
            member.1.write(to: &stream, indent: indent + 2)
        }
        if !isFlat, !members.isEmpty {
            stream.write("\n" + String(repeating: " ", count: indent))
        }
        stream.write(close)
    }

    /// A string in quotes; everything below a space and the two separators that JavaScript trips
    /// over as \u escapes.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if scalar.value < 0x20 || (0x2028...0x2029).contains(scalar.value) {
                    quoted += String(format: "\\u%04x", scalar.value)
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
