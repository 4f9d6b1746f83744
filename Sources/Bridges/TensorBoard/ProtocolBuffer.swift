import Foundation

/// A message as protocol buffers encode it: fields by number, one after another.
///
/// Source: https://protobuf.dev/programming-guides/encoding
struct ProtocolBuffer {
    private(set) var data = Data()

    private enum WireType: UInt64 {
        case variableLength = 0
        case eightBytes = 1
        case counted = 2
        case fourBytes = 5
    }

    init() {}

    init(_ fill: (inout ProtocolBuffer) -> Void) { fill(&self) }

    mutating func add(_ number: Int, integer value: Int) {
        key(number, .variableLength)
        append(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ number: Int, truth value: Bool) { add(number, integer: value ? 1 : 0) }

    mutating func add(_ number: Int, double value: Double) {
        key(number, .eightBytes)
        data.append(littleEndian: value.bitPattern)
    }

    mutating func add(_ number: Int, float value: Float) {
        key(number, .fourBytes)
        data.append(littleEndian: value.bitPattern)
    }

    mutating func add(_ number: Int, text value: String) { add(number, bytes: Data(value.utf8)) }

    mutating func add(_ number: Int, bytes value: Data) {
        key(number, .counted)
        append(UInt64(value.count))
        data.append(value)
    }

    mutating func add(_ number: Int, _ message: ProtocolBuffer) { add(number, bytes: message.data) }

    private mutating func key(_ number: Int, _ type: WireType) {
        append(UInt64(number) << 3 | type.rawValue)
    }

    /// Seven bits a byte, the lowest first.
    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        data.append(UInt8(rest))
    }
}

extension Data {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
