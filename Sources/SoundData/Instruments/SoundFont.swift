package import Foundation

/// The recorded samples inside a SoundFont 2 file, and which presets play them (SoundFont Technical
/// Specification 2.04).
package struct SoundFont: Sendable {
    /// Which half of a stereo recording a sample is.
    enum Channel: Sendable {
        case mono
        case left
        case right
    }

    /// A preset's use of a sample.
    struct Use: Sendable, Hashable, Comparable {
        let bank: Int
        let program: Int
        /// The lowest key that plays it.
        let key: Int

        static func < (left: Use, right: Use) -> Bool {
            (left.bank, left.program, left.key) < (right.bank, right.program, right.key)
        }
    }

    package struct Sample: Sendable {
        let name: String
        let frames: Range<Int>
        let sampleRate: Int
        let channel: Channel
        /// Sorted.
        let uses: [Use]

        var seconds: Double { Double(frames.count) / Double(max(1, sampleRate)) }
    }

    package let samples: [Sample]
    private let bytes: LittleEndianData
    private let poolOffset: Int

    /// Throws: ``SoundDataError/unreadable(_:)`` for a file that is not a SoundFont 2.
    package init(_ url: URL) throws {
        func fault(_ reason: String) -> SoundDataError {
            .unreadable(UnreadableClip(path: url.path, reason: reason))
        }
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else {
            throw fault("the file is missing")
        }
        bytes = LittleEndianData(data)
        let chunks = Chunks(bytes)
        guard let pool = chunks["smpl"], let headers = chunks["shdr"], headers.count >= 46 else {
            throw fault("not a SoundFont 2 file")
        }
        poolOffset = pool.lowerBound
        let uses = Presets(bytes, chunks).uses()
        let frameCount = pool.count / 2
        var samples: [Sample] = []
        // The last header only ends the list.
        for index in 0..<(headers.count / 46 - 1) {
            let start = headers.lowerBound + 46 * index
            let first = bytes.integer32(start + 20)
            let end = min(bytes.integer32(start + 24), frameCount)
            let type = bytes.integer16(start + 44)
            // Bit 15: the samples are in a synthesiser's read-only memory.
            guard first < end, type & 0x8000 == 0 else { continue }
            samples.append(
                Sample(
                    name: bytes.text(start, 20), frames: first..<end,
                    sampleRate: bytes.integer32(start + 36),
                    channel: type == 2 ? .right : type == 4 ? .left : .mono,
                    uses: uses[index, default: []].sorted()))
        }
        self.samples = samples
    }

    /// Units: full scale is 1.
    package func read(_ sample: Sample) -> [Float] {
        sample.frames.map { Float(bytes.signed16(poolOffset + 2 * $0)) / 32_768 }
    }
}

/// Where the chunks of a RIFF file are, by their four letters.
private struct Chunks {
    private var ranges: [String: Range<Int>] = [:]

    init(_ bytes: LittleEndianData) {
        add(bytes, 0..<bytes.count)
    }

    subscript(name: String) -> Range<Int>? { ranges[name] }

    private mutating func add(_ bytes: LittleEndianData, _ range: Range<Int>) {
        var position = range.lowerBound
        while position + 8 <= range.upperBound {
            let name = bytes.text(position, 4)
            let size = bytes.integer32(position + 4)
            let content = (position + 8)..<min(position + 8 + size, range.upperBound)
            if name == "RIFF" || name == "LIST" {
                add(bytes, min(content.lowerBound + 4, content.upperBound)..<content.upperBound)
            } else {
                ranges[name] = content
            }
            position += 8 + size + size % 2
        }
    }
}

/// The tables that lead from presets through instruments to samples.
private struct Presets {
    private static let keyRange = 43
    private static let instrument = 41
    private static let sample = 53

    private let bytes: LittleEndianData
    private let chunks: Chunks

    init(_ bytes: LittleEndianData, _ chunks: Chunks) {
        self.bytes = bytes
        self.chunks = chunks
    }

    /// The presets that play each sample, by the sample's index.
    func uses() -> [Int: Set<SoundFont.Use>] {
        guard let presets = chunks["phdr"], let instruments = chunks["inst"] else { return [:] }
        let zonesOfInstrument = (0..<max(0, instruments.count / 22 - 1)).map { index in
            zones("ibag", "igen", first(instruments, 22, index, 20))
        }
        var uses: [Int: Set<SoundFont.Use>] = [:]
        for index in 0..<max(0, presets.count / 38 - 1) {
            let start = presets.lowerBound + 38 * index
            for zone in zones("pbag", "pgen", first(presets, 38, index, 24)) {
                guard let instrument = zone[Self.instrument],
                    zonesOfInstrument.indices.contains(instrument)
                else { continue }
                for inner in zonesOfInstrument[instrument] {
                    guard let sample = inner[Self.sample] else { continue }
                    let keys = inner[Self.keyRange] ?? zone[Self.keyRange] ?? 0
                    uses[sample, default: []].insert(
                        SoundFont.Use(
                            bank: bytes.integer16(start + 22), program: bytes.integer16(start + 20),
                            key: keys & 0xFF))
                }
            }
        }
        return uses
    }

    /// The zones of a preset or instrument: from its first to that of the next one.
    private func first(_ table: Range<Int>, _ size: Int, _ index: Int, _ field: Int) -> Range<Int> {
        let start = table.lowerBound + size * index + field
        let range = (bytes.integer16(start), bytes.integer16(start + size))
        return range.0..<max(range.0, range.1)
    }

    /// Each zone's generators: operator to amount.
    private func zones(_ bags: String, _ generators: String, _ range: Range<Int>) -> [[Int: Int]] {
        guard let bags = chunks[bags], let generators = chunks[generators] else { return [] }
        return range.filter { ($0 + 2) * 4 <= bags.count }.map { zone in
            let start = bytes.integer16(bags.lowerBound + 4 * zone)
            let end = bytes.integer16(bags.lowerBound + 4 * (zone + 1))
            var amounts: [Int: Int] = [:]
            for index in start..<max(start, min(end, generators.count / 4)) {
                let position = generators.lowerBound + 4 * index
                amounts[bytes.integer16(position)] = bytes.integer16(position + 2)
            }
            return amounts
        }
    }
}
