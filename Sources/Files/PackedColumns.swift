import Foundation

/// Columns of numbers, one number a row each, packed into a text: the same columns are the same text.
///
/// Binary, then base64. Whole numbers are differences from the row before in as few bytes as they take, seven bits a
/// byte with the sign at the low end; others their eight bytes. JSON takes about four times as much.
package struct PackedColumns: Sendable, Hashable {
    package enum Column: Sendable, Hashable {
        case whole([Int])
        case real([Double])

        package var count: Int {
            switch self {
            case .whole(let values): values.count
            case .real(let values): values.count
            }
        }
    }

    /// Each as long as the others.
    package var columns: [String: Column]

    package init(_ columns: [String: Column] = [:]) {
        precondition(
            Set(columns.values.map(\.count)).count <= 1, "columns of different lengths")
        self.columns = columns
    }

    package subscript(name: String) -> Column? { columns[name] }

    /// Whole numbers; nil for a column that is not there or has others.
    package func whole(_ name: String) -> [Int]? {
        if case .whole(let values) = columns[name] { values } else { nil }
    }

    /// Numbers, whole or not; nil for a column that is not there.
    package func real(_ name: String) -> [Double]? {
        switch columns[name] {
        case .real(let values): values
        case .whole(let values): values.map(Double.init)
        case nil: nil
        }
    }

    // MARK: Text

    /// What a packed text begins with, and nothing in JSON does.
    private static let mark = "packed1:"

    package static func isPacked(_ text: String) -> Bool { text.hasPrefix(mark) }

    package var text: String {
        var writer = ByteWriter()
        writer.add(columns.values.first?.count ?? 0)
        for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
            let name = Array(name.utf8)
            writer.add(name.count)
            writer.bytes += name
            switch column {
            case .whole(let values):
                writer.bytes.append(0)
                var last = 0
                for value in values {
                    writer.add(value &- last)
                    last = value
                }
            case .real(let values):
                writer.bytes.append(1)
                for value in values { writer.add(value.bitPattern) }
            }
        }
        return Self.mark + Data(writer.bytes).base64EncodedString()
    }

    /// Nil for a text that is none of these, or was cut off.
    package init?(_ text: String) {
        guard Self.isPacked(text),
            let data = Data(base64Encoded: String(text.dropFirst(Self.mark.count)))
        else { return nil }
        var reader = ByteReader(Array(data))
        // A number takes a byte at least: more rows than bytes are none.
        guard let count = reader.whole(), (0...data.count).contains(count) else { return nil }
        var columns: [String: Column] = [:]
        while !reader.isAtEnd {
            guard let length = reader.whole(), let bytes = reader.bytes(length),
                let name = String(validating: bytes, as: UTF8.self),
                let kind = reader.bytes(1)?.first
            else { return nil }
            switch kind {
            case 0:
                var last = 0
                var values: [Int] = []
                for _ in 0..<count {
                    guard let difference = reader.whole() else { return nil }
                    last &+= difference
                    values.append(last)
                }
                columns[name] = .whole(values)
            case 1:
                var values: [Double] = []
                for _ in 0..<count {
                    guard let pattern = reader.word() else { return nil }
                    values.append(Double(bitPattern: pattern))
                }
                columns[name] = .real(values)
            default: return nil
            }
        }
        self.columns = columns
    }
}

private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func add(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value << 1) ^ Int64(value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Least significant byte first.
    mutating func add(_ word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
    }
}

private struct ByteReader {
    private let content: [UInt8]
    private var place = 0

    init(_ content: [UInt8]) { self.content = content }

    var isAtEnd: Bool { place == content.count }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= content.count - place else { return nil }
        defer { place += count }
        return content[place..<place + count]
    }

    mutating func whole() -> Int? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard place < content.count else { return nil }
            let byte = content[place]
            place += 1
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 {
                return Int(truncatingIfNeeded: Int64(bitPattern: value >> 1) ^ -Int64(value & 1))
            }
        }
        return nil
    }

    mutating func word() -> UInt64? {
        bytes(8).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
