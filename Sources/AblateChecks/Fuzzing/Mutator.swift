import Randomness

/// Changes the bytes of a valid file in the ways that files go wrong, or are made wrong: bits, fields
/// of a header, numbers in a text, pieces that are missing, doubled or another file's.
///
/// The same stream gives the same bytes.
struct Mutator {
    private var stream: Stream

    init(_ stream: Stream) { self.stream = stream }

    /// - Parameters:
    ///   - bytes: a file that the reader takes.
    ///   - donor: another one, of which pieces may be taken.
    mutating func mutate(_ bytes: [UInt8], donor: [UInt8]) -> [UInt8] {
        var result = bytes
        let changes = stream.bernoulli(0.5) ? 1 : 2 + stream.index(below: 3)
        for _ in 0..<changes { change(&result, donor: donor) }
        return result
    }

    private mutating func change(_ bytes: inout [UInt8], donor: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = donor
            return
        }
        let place = drawPlace(bytes.count)
        let range = place..<min(bytes.count, place + drawLength())
        switch stream.index(below: 10) {
        case 0: bytes[place] ^= 1 << UInt8(stream.index(below: 8))
        case 1: bytes[place] = UInt8(stream.index(below: 256))
        case 2: overwrite(&bytes, at: place)
        case 3: add(&bytes, at: place)
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.removeSubrange(range)
        case 6: bytes.insert(contentsOf: bytes[range], at: stream.index(below: bytes.count + 1))
        case 7: bytes.insert(contentsOf: drawToken(), at: place)
        case 8: replaceNumber(&bytes, from: place)
        default:
            guard !donor.isEmpty else { return }
            let start = drawPlace(donor.count)
            let piece = donor[start..<min(donor.count, start + drawLength())]
            bytes.replaceSubrange(range, with: piece)
        }
    }

    /// Half of the changes hit what stands first: headers.
    private mutating func drawPlace(_ count: Int) -> Int {
        stream.index(below: stream.bernoulli(0.5) ? min(count, 128) : count)
    }

    private mutating func drawLength() -> Int {
        stream.bernoulli(0.1) ? stream.index(below: 4096) : 1 + stream.index(below: 16)
    }

    /// Sizes, counts and offsets at the edges of what types and files can have.
    private mutating func drawInteger() -> UInt64 {
        let edges: [UInt64] = [
            0, 1, 2, 3, 7, 8, 16, 64, 127, 128, 255, 256, 1000, 32_767, 32_768, 65_535, 65_536,
            1 << 24, 1 << 30, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 1 << 32, 1 << 40,
            1 << 53, 1 << 62, UInt64.max >> 1, 1 << 63, UInt64.max - 1, UInt64.max,
        ]
        return edges[stream.index(below: edges.count)]
    }

    private mutating func overwrite(_ bytes: inout [UInt8], at place: Int) {
        let width = 1 << stream.index(below: 4)
        let value = drawInteger()
        let isBigEndian = stream.bernoulli(0.3)
        for index in 0..<width where place + index < bytes.count {
            let shift = 8 * UInt64(isBigEndian ? width - 1 - index : index)
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }

    /// A little more or less in a field of two or four bytes.
    private mutating func add(_ bytes: inout [UInt8], at place: Int) {
        let width = stream.bernoulli(0.5) ? 2 : 4
        guard place + width <= bytes.count else { return }
        var value = (0..<width).reduce(UInt32(0)) {
            $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1))
        }
        value &+= UInt32(bitPattern: Int32(stream.index(below: 65) - 32))
        for index in 0..<width {
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
        }
    }

    /// A number that is written out becomes another.
    private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        let texts = [
            "-1", "0", "1e400", "1e-320", "nan", "inf", "-0.0", "0.5", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "99999999999999999999999", "4294967296",
            "2147483648", "65536", "1e18", "null", "true", "\"1\"", "[]", "{}", "007", "1_000",
        ]
        let text =
            stream.bernoulli(0.6)
            ? texts[stream.index(below: texts.count)] : String(drawInteger())
        bytes.replaceSubrange(start..<end, with: Array(text.utf8))
    }

    private mutating func drawToken() -> [UInt8] {
        let tokens: [String] = [
            "\0", "\n", "\r\n", "\r", "\t", " ", ",", ",,", "\"", "\"\"", "'", "\\", "\\u0000",
            "\\ud800", "[", "]", "{", "}", ":", ": ", "- ", "&a ", "*a", "<<: ", "!", "|", ">", "#",
            "%", "$", "~", "/", "../", "\u{FEFF}", "\u{85}", "\u{2028}", "é", "e\u{301}", "😀",
            "\u{1B}[31m", "\u{7}", "__metadata__", "F32", "BF16", "data_offsets", "RIFF", "LIST",
            "fLaC", "OggS", "fmt ", "data", "sfbk", "NUMPY", "descr", "fortran_order", "shape",
        ]
        guard stream.bernoulli(0.9) else {
            return (0..<stream.index(below: 64)).map { _ in UInt8(stream.index(below: 256)) }
        }
        let token = Array(tokens[stream.index(below: tokens.count)].utf8)
        let isRepeated = stream.bernoulli(0.05)
        return isRepeated ? Array(repeatElement(token, count: 500).joined()) : token
    }
}
