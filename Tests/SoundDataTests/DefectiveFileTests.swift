import Foundation
import SoundData
import TestSupport
import Testing

@Suite("Recordings that can be decoded and are not whole")
struct DefectiveFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for index in 0..<8 {
            try folder.writeTone("dog/\(index).wav", seconds: 0.2, frequency: 300 + Double(index))
            try folder.writeTone("cat/\(index).wav", seconds: 0.2, frequency: 600 + Double(index))
        }
    }

    func load(_ look: FirstLook = FirstLook()) throws -> SoundDataSet {
        try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path), look: look)
    }

    func bytes(_ path: String) throws -> Data { try Data(contentsOf: folder.file(path)) }

    func put(_ data: Data, _ path: String) throws { try data.write(to: folder.file(path)) }

    /// A 16-bit wav of one channel at 16 kHz; the header claims `claimed` bytes of samples.
    func wave(_ data: [UInt8], claimed: Int? = nil, isBig: Bool = false) -> Data {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBig ? bytes.reversed() : bytes
        }
        let claimed = claimed ?? data.count
        var file = Array((isBig ? "RIFX" : "RIFF").utf8) + number(36 + claimed, 4)
        file += Array("WAVEfmt ".utf8) + number(16, 4) + number(1, 2) + number(1, 2)
        file += number(16_000, 4) + number(32_000, 4) + number(2, 2) + number(16, 2)
        file += Array("data".utf8) + number(claimed, 4)
        return Data(file + data)
    }

    func noise(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(($0 * 7919 + $0 / 251) % 251) } }

    func sound(_ count: Int) -> [Float] { noise(count).map { Float($0) / 256 - 0.5 } }

    @Test("a wav that ends before its header says is used, counted and named, cached or not")
    func cutOffWave() throws {
        try put(wave(noise(8_000), claimed: 32_000), "dog/cut.wav")
        try put(wave(noise(6_000), claimed: 32_000, isBig: true), "dog/big.wav")
        let sentence =
            "2 recordings end before the end that their headers state (the first: dog/big.wav, 0.188 "
            + "of 1 s); what is there is used"
        let set = try load()
        #expect(set.notes == [sentence])
        #expect(set.clips.first { $0.identifier == "dog/cut.wav" }?.seconds == 0.25)
        let cache = folder.url.appendingPathComponent("cache.txt")
        var look = FirstLook(cache: { _ in cache })
        look.now = { Date() + 10 }
        #expect(try load(look).notes == [sentence])
        #expect(try load(look).notes == [sentence])
    }

    @Test(
        "lengths that stand for 'until the end' are no promise",
        arguments: [0xFFFF_FFFF, 0x7FFF_F000])
    func streamed(claimed: Int) throws {
        try put(wave(noise(8_000), claimed: claimed), "dog/piped.wav")
        let set = try load()
        #expect(set.notes == [])
        #expect(set.clips.first { $0.identifier == "dog/piped.wav" }?.seconds == 0.25)
    }

    @Test("a wav that ends within a sample is used, counted and named; of less than one nothing is")
    func partialFrame() throws {
        try put(wave(noise(8_001)), "dog/odd.wav")
        try put(wave(noise(1)), "dog/half.wav")
        let set = try load()
        #expect(
            set.leftOut.map { "\($0.path): \($0.reason)" } == ["dog/half.wav: it holds no samples"])
        #expect(
            set.notes.last
                == "1 recording ends within a frame (dog/odd.wav, 1 byte too many); the whole frames are "
                + "used")
    }

    /// What an encoder wrote, without its second half.
    private func halved(_ name: String) throws {
        let whole = try folder.file("whole/" + name)
        try SoundFile.write(sound(16_000), channels: 1, sampleRate: 16_000, to: whole)
        let data = try Data(contentsOf: whole)
        try put(data.prefix(data.count - 16_000), "dog/" + name)
        try FileManager.default.removeItem(at: whole.deletingLastPathComponent())
    }

    @Test("a Wave64 that is cut off is named; a CAF, of which nothing can be read, is left out")
    func longSizes() throws {
        try halved("cut.w64")
        try halved("cut.caf")
        let set = try load()
        #expect(
            set.notes == [
                "left out of the data: 1 unreadable (the first: dog/cut.caf)",
                "1 recording ends before the end that its header states (dog/cut.w64, 0.5 of 1 s); what "
                    + "is there is used",
            ])
        #expect(set.clips.first { $0.identifier == "dog/cut.w64" }?.seconds == 0.5)
    }

    @Test("a FLAC that is cut off is named; one whose samples are not the encoder's is left out")
    func flac() throws {
        try folder.writeSound("dog/a.flac", sound(48_000))
        let whole = try bytes("dog/a.flac")
        #expect(try load().notes == [])
        try put(whole.prefix(whole.count * 2 / 3), "dog/a.flac")
        let note = try #require(try load().notes.first)
        #expect(
            note.hasPrefix("1 recording ends before the end that its header states (dog/a.flac, "))
        #expect(note.hasSuffix(" of 3 s); what is there is used"))
        // Another byte of the checksum, which stands at 26 to 41.
        var other = whole
        other[30] ^= 1
        try put(other, "dog/a.flac")
        let set = try load()
        #expect(
            set.leftOut == [
                LeftOutClip(
                    path: "dog/a.flac", fault: .damaged,
                    reason: "its samples are not those that its checksum (MD5) was made of",
                    label: "dog")
            ])
        #expect(
            set.notes == ["left out of the data: 1 unlike their checksum (the first: dog/a.flac)"])
        // An encoder that wrote none.
        other.replaceSubrange(26..<42, with: Data(count: 16))
        try put(other, "dog/a.flac")
        #expect(try load().notes == [])
    }

    @Test("checksums of stereo and of many blocks hold")
    func checksums() throws {
        let samples = (0..<200_000).map { index -> Float in
            let number = (index * 37 + index / 77) % 60_000 - 30_000
            return Float(number) / 32_768
        }
        try folder.writeSound("dog/stereo.flac", samples, channels: 2)
        try folder.writeSound("dog/mono.flac", samples)
        let set = try load()
        #expect(set.notes == [])
        #expect(set.clips.count == 18)
    }

    @Test("an Ogg file without its last page, or of several streams, is named")
    func ogg() throws {
        try folder.writeSound("dog/a.ogg", sound(32_000))
        try folder.writeSound("dog/b.ogg", sound(16_000))
        #expect(try load().notes == [])
        let (first, second) = (try bytes("dog/a.ogg"), try bytes("dog/b.ogg"))
        try put(first.prefix(first.count * 2 / 3), "dog/a.ogg")
        try put(second + first, "dog/b.ogg")
        let notes = try load().notes
        #expect(
            notes.first
                == "1 recording ends before the end that its header states (dog/a.ogg, without its last "
                + "page); what is there is used")
        #expect(
            notes.last?.hasPrefix(
                "1 recording holds several streams one after another (dog/b.ogg, 2 streams, ")
                == true)
    }

    @Test("an AIFF that is cut off is named")
    func aiff() throws {
        func number(_ value: Int, _ count: Int) -> Data {
            Data((0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
        }
        // 16 kHz as an extended float: 2^13 x 1.953125.
        let rate: [UInt8] = [0x40, 0x0C, 0xFA, 0, 0, 0, 0, 0, 0, 0]
        var header = Data("FORM".utf8)
        header += number(46 + 32_000, 4) + Data("AIFFCOMM".utf8) + number(18, 4)
        header += number(1, 2) + number(16_000, 4) + number(16, 2) + Data(rate)
        header += Data("SSND".utf8) + number(8 + 32_000, 4) + number(0, 8)
        try put(header + noise(8_000), "dog/cut.aiff")
        try put(header + noise(32_000), "dog/whole.aiff")
        #expect(
            try load().notes == [
                "1 recording ends before the end that its header states (dog/cut.aiff, 0.25 of 1 s); "
                    + "what is there is used"
            ])
    }

    @Test("clips of one value or one sample hold no sound, whatever their level and channels")
    func constant() throws {
        let rising = (0..<1000).map { Float($0) / 2000 }
        try folder.writeSound("dog/offset.wav", [Float](repeating: 0.25, count: 1000))
        try folder.writeSound("dog/one.wav", [0.5])
        try folder.writeSound("dog/mixed.wav", rising + rising.map { 0.5 - $0 }, channels: 2)
        // A step is a sound.
        try folder.writeSound("dog/step.wav", [0.25, 0.25, 0.5])
        let set = try load()
        #expect(
            set.leftOut.map { "\($0.path): \($0.fault.rawValue): \($0.reason)" } == [
                "dog/mixed.wav: constant: its samples are all the same: no sound",
                "dog/offset.wav: constant: its samples are all the same: no sound",
                "dog/one.wav: constant: it has a single sample",
            ])
        #expect(
            set.notes == [
                "left out of the data: 3 without any change (the first: dog/mixed.wav)"
            ])
    }
}
