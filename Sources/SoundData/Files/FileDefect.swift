/// What is wrong with a file that can be decoded all the same.
enum FileDefect: Sendable, Hashable {
    /// It ends before the end that its header states. Units: frames; 0 where they are not known.
    case cutOff(promised: Int)
    /// Its samples end within a frame, of which so many bytes are there.
    case partialFrame(bytes: Int)
    /// Several Ogg streams one after another, as radio recordings have them.
    case chained(streams: Int)
    /// The samples are not those that the encoder had.
    case checksum

    /// As the cache has it: a letter and a number.
    var code: String {
        switch self {
        case .cutOff(let frames): "c\(frames)"
        case .partialFrame(let bytes): "p\(bytes)"
        case .chained(let streams): "s\(streams)"
        case .checksum: "m0"
        }
    }

    init?(code: Substring) {
        guard let number = Int(code.dropFirst()) else { return nil }
        switch code.first {
        case "c": self = .cutOff(promised: number)
        case "p": self = .partialFrame(bytes: number)
        case "s": self = .chained(streams: number)
        case "m": self = .checksum
        default: return nil
        }
    }
}

extension AudioContainer {
    /// Takes the samples of a file whose header has their checksum; nil for others.
    var sampleChecksum: SampleChecksum? {
        // libsndfile hands over these widths as they are.
        guard case .flac(let bits, _, .some) = self, [8, 16, 24].contains(bits) else { return nil }
        return SampleChecksum(bitsPerSample: bits)
    }

    /// What is wrong with a file of which `decoded` frames came out.
    ///
    /// - Parameter promised: how many frames the decoder expected.
    func defect(decoded: Int, promised: Int, checksum: [UInt8]?) -> FileDefect? {
        switch self {
        case .chunk(let claimed, let present, let frameBytes):
            if present < claimed {
                let frames = Double(decoded) * Double(claimed) / Double(present)
                return .cutOff(
                    promised: frameBytes > 0 ? claimed / frameBytes : Int(min(frames, 1e15)))
            }
            guard frameBytes > 0, claimed % frameBytes > 0 else { return nil }
            return .partialFrame(bytes: claimed % frameBytes)
        case .flac(_, let frames, let expected):
            if decoded < frames { return .cutOff(promised: frames) }
            guard let checksum, let expected, checksum != expected else { return nil }
            return .checksum
        case .ogg(let streams, let isWhole):
            if streams > 1 { return .chained(streams: streams) }
            return isWhole ? nil : .cutOff(promised: 0)
        case .other: return nil
        }
    }
}
