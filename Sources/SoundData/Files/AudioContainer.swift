import Foundation

/// What a file's container says of the content beside it. The decoder passes over what is missing, and
/// checks no checksum.
///
/// Nothing here is believed, only compared with what was decoded: a container that is not understood
/// says nothing.
enum AudioContainer: Hashable {
    /// A chunk of samples that claims `claimed` bytes, of which `present` are there. `frameBytes` is 0
    /// where frames have no size of their own.
    case chunk(claimed: Int, present: Int, frameBytes: Int)
    /// `checksum` is the MD5 of the samples, nil where the encoder wrote none.
    case flac(bitsPerSample: Int, frames: Int, checksum: [UInt8]?)
    /// `streams` one after another; whether the last one has its last page.
    case ogg(streams: Int, isWhole: Bool)
    case other

    init(_ file: RegularFile) {
        let start = file.read(at: 0, count: 42)
        switch start.prefix(4) {
        case Self.name("RIFF"), Self.name("RIFX"), Self.name("RF64"), Self.name("BW64"):
            self = Self.wave(file, isBig: start[3] == UInt8(ascii: "X"))
        case Self.name("FORM"): self = Self.aiff(file)
        case Self.name(".snd"):
            let fields = ByteFields(start, isBig: true)
            self = Self.chunk(
                claimed: fields.word(8), from: fields.word(4), of: file, frameBytes: 0)
        case Self.name("riff"): self = Self.wave64(file)
        case Self.name("fLaC"): self = Self.flac(start)
        case Self.name("OggS"): self = Self.ogg(file)
        default: self = .other
        }
    }

    private static func name(_ text: StaticString) -> ArraySlice<UInt8> {
        text.withUTF8Buffer { Array($0)[...] }
    }

    /// Lengths that mean "until the end": of what was written into a pipe.
    private static func isUnknown(_ claimed: Int, isLong: Bool) -> Bool {
        if claimed <= 0 { return true }
        return !isLong
            && ((0x7FFF_F000...0x7FFF_FFFF).contains(claimed) || claimed >= 0xFFFF_F000)
    }

    private static func chunk(
        claimed: Int, from start: Int, of file: RegularFile, frameBytes: Int, isLong: Bool = false
    ) -> AudioContainer {
        let present = file.stamp.bytes - start
        guard present > 0, present >= claimed || !isUnknown(claimed, isLong: isLong)
        else { return .other }
        return .chunk(claimed: claimed, present: min(claimed, present), frameBytes: frameBytes)
    }

    private static func wave(_ file: RegularFile, isBig: Bool) -> AudioContainer {
        var frameBytes = 0
        var longLength: Int?
        var found = AudioContainer.other
        walkChunks(of: file, isBig: isBig) { name, start, size in
            switch name {
            case Self.name("ds64"):
                let low = ByteFields(file.read(at: start, count: 16), isBig: false)
                longLength = low.word(8) | (low.word(12) & 0x7FFF_FFFF) << 32
            case Self.name("fmt "):
                let format = ByteFields(file.read(at: start, count: 16), isBig: isBig)
                // Samples as they are, and the extensible header, which is used for these.
                if [1, 3, 0xFFFE].contains(format.half(0)) { frameBytes = format.half(12) }
            case Self.name("data"):
                let claimed = size == 0xFFFF_FFFF ? longLength ?? size : size
                found = chunk(claimed: claimed, from: start, of: file, frameBytes: frameBytes)
                return false
            default: break
            }
            return true
        }
        return found
    }

    private static func aiff(_ file: RegularFile) -> AudioContainer {
        var frameBytes = 0
        var found = AudioContainer.other
        walkChunks(of: file, isBig: true) { name, start, size in
            if name == Self.name("COMM") {
                let common = ByteFields(file.read(at: start, count: 22), isBig: true)
                if size < 22 || common.bytes[18...] == Self.name("NONE") {
                    frameBytes = common.half(0) * ((common.half(6) + 7) / 8)
                }
            } else if name == Self.name("SSND") {
                // Offset and block size stand before the samples.
                found = chunk(
                    claimed: size - 8, from: start + 8, of: file, frameBytes: frameBytes)
                return false
            }
            return true
        }
        return found
    }

    /// Sony's Wave64: names of 16 bytes that begin with those of RIFF, sizes of 64 bits that count the
    /// header of the chunk, chunks padded to 8 bytes.
    private static func wave64(_ file: RegularFile) -> AudioContainer {
        var frameBytes = 0
        var offset = 40
        for _ in 0..<chunksAtMost {
            let header = ByteFields(file.read(at: offset, count: 24), isBig: false)
            guard header.bytes.count == 24, let size = header.long(16), size >= 24 else { break }
            switch header.bytes.prefix(4) {
            case name("fmt "):
                let format = ByteFields(file.read(at: offset + 24, count: 16), isBig: false)
                if [1, 3, 0xFFFE].contains(format.half(0)) { frameBytes = format.half(12) }
            case name("data"):
                return chunk(
                    claimed: size - 24, from: offset + 24, of: file, frameBytes: frameBytes,
                    isLong: true)
            default: break
            }
            guard size < file.stamp.bytes else { break }
            offset += (size + 7) / 8 * 8
        }
        return .other
    }

    /// A file of a thousand chunks before its samples is nothing that anybody recorded.
    private static let chunksAtMost = 1000

    /// Chunks of a four-letter name and a size, padded to even sizes, until `body` returns false.
    private static func walkChunks(
        of file: RegularFile, isBig: Bool,
        _ body: (_ name: ArraySlice<UInt8>, _ start: Int, _ size: Int) -> Bool
    ) {
        var offset = 12
        for _ in 0..<chunksAtMost {
            let header = file.read(at: offset, count: 8)
            guard header.count == 8 else { return }
            let size = ByteFields(header, isBig: isBig).word(4)
            guard body(header.prefix(4), offset + 8, size) else { return }
            offset += 8 + size + size % 2
        }
    }

    private static func flac(_ start: [UInt8]) -> AudioContainer {
        guard start.count == 42, start[4] & 0x7F == 0 else { return .other }
        let fields = ByteFields(start, isBig: true)
        let checksum = Array(start[26..<42])
        return .flac(
            bitsPerSample: (fields.half(20) >> 4 & 0x1F) + 1,
            frames: Int(start[21] & 0xF) << 32 | fields.word(22),
            checksum: checksum.allSatisfy { $0 == 0 } ? nil : checksum)
    }

    /// Pages that follow one another. Streams that run beside one another begin together.
    private static func ogg(_ file: RegularFile) -> AudioContainer {
        var (streams, isWhole, isBeginning) = (0, false, false)
        var offset = 0
        while true {
            let page = file.read(at: offset, count: 27 + 255)
            guard page.count >= 27, page.prefix(4) == Self.name("OggS") else {
                // Something else may follow the last page.
                return .ogg(streams: streams, isWhole: isWhole)
            }
            let segments = Int(page[26])
            guard page.count >= 27 + segments else { break }
            offset += 27 + segments + page[27..<(27 + segments)].reduce(0) { $0 + Int($1) }
            guard offset <= file.stamp.bytes else { break }
            if page[5] & 2 != 0 {
                if !isBeginning { streams += 1 }
                (isBeginning, isWhole) = (true, false)
            } else {
                isBeginning = false
            }
            if page[5] & 4 != 0 { isWhole = true }
        }
        return .ogg(streams: streams, isWhole: false)
    }
}

/// Numbers at places of a header; 0 behind its end.
private struct ByteFields {
    let bytes: [UInt8]
    let isBig: Bool

    init(_ bytes: [UInt8], isBig: Bool) {
        self.bytes = bytes
        self.isBig = isBig
    }

    func half(_ offset: Int) -> Int { number(offset, bytes: 2) }

    func word(_ offset: Int) -> Int { number(offset, bytes: 4) }

    /// A signed number of 64 bits; nil where it is not there.
    func long(_ offset: Int) -> Int? {
        guard offset + 8 <= bytes.count else { return nil }
        return number(offset, bytes: 8)
    }

    private func number(_ offset: Int, bytes count: Int) -> Int {
        guard offset + count <= bytes.count else { return 0 }
        let part = bytes[offset..<(offset + count)]
        return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
}
