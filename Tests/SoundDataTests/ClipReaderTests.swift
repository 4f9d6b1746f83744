import Foundation
import SoundData
import TestSupport
import Testing

@Suite("Reading clips")
struct ClipReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func read(_ path: String, sampleRate: Int = 16_000) throws -> [Float] {
        try ClipReader(sampleRate: sampleRate).load(folder.url.appendingPathComponent(path))
    }

    @Test(
        "wav, flac and ogg at any rate become the tone that they hold, at the rate asked for",
        arguments: [
            ("a.wav", 16_000), ("a.wav", 44_100), ("a.flac", 48_000), ("a.ogg", 22_050),
            ("a.flac", 8000),
        ])
    func resampling(_ name: String, _ rate: Int) throws {
        try folder.writeTone(name, seconds: 0.5, sampleRate: rate, frequency: 1000)
        let samples = try read(name)
        #expect(abs(samples.count - 8000) <= 1)
        // Away from the edges, where a filter sees silence. Vorbis is lossy; 16 bits are fine.
        let bound: Float = name.hasSuffix("ogg") ? 0.05 : 1e-3
        for index in 1000..<7000 {
            let expected = 0.5 * sin(2 * Float.pi * 1000 * Float(index) / 16_000)
            #expect(abs(samples[index] - expected) < bound)
        }
    }

    @Test("two channels become their mean")
    func mean() throws {
        try folder.writeTone("stereo.wav", channels: 2, amplitude: 0.25)
        try folder.writeTone("mono.wav", amplitude: 0.375)
        let difference = zip(try read("stereo.wav"), try read("mono.wav")).map { abs($0 - $1) }
        #expect(difference.max() ?? 1 < 1e-6)
    }

    @Test("samples that are not finite, silence and a missing file are refused with a reason")
    func refusals() throws {
        try folder.writeSound("nan.wav", [0, .nan, 1])
        try folder.writeSound("silent.wav", [0, 0, 0])
        func reason(_ path: String) -> String {
            do {
                _ = try read(path)
                return "none"
            } catch SoundDataError.unreadable(let clip) {
                return clip.reason
            } catch { return "\(error)" }
        }
        #expect(reason("nan.wav") == "it holds samples that are not finite")
        #expect(reason("silent.wav") == "every sample is zero")
        #expect(reason("none.wav") == "the file is missing")
        #expect(
            SoundDataError.unreadable(UnreadableClip(path: "a.wav", reason: "the file is empty"))
                .description == "cannot read 'a.wav': the file is empty; repair or remove the file")
    }

    @Test("rates from 100 Hz to 768 kHz are read, others are refused")
    func rates() throws {
        try folder.writeTone("low.wav", seconds: 1, sampleRate: 100, frequency: 5)
        try folder.writeTone("high.wav", seconds: 0.1, sampleRate: 768_000, frequency: 500)
        for (name, frequency, count) in [("low.wav", 5.0, 16_000), ("high.wav", 500, 1600)] {
            let samples = try read(name)
            #expect(samples.count == count)
            let errors = (count / 4..<count * 3 / 4).map { index in
                abs(samples[index] - Float(0.5 * sin(2 * .pi * frequency * Double(index) / 16_000)))
            }
            #expect(errors.max() ?? 1 < 0.01)
        }
        for rate in [1, 99, 768_001] {
            try folder.writeTone("odd.wav", seconds: 1, sampleRate: rate, frequency: 0.1)
            #expect(
                throws: SoundDataError.unreadable(
                    UnreadableClip(
                        path: folder.url.path + "/odd.wav",
                        reason: "its sample rate is \(rate) Hz, but must be from 100 to 768000 Hz"))
            ) { try read("odd.wav") }
        }
    }

    @Test(
        "a length that the header does not know, or makes up, is that of what can be decoded",
        arguments: [[0, 0, 0, 0, 0], [0xF, 0xFF, 0xFF, 0xFF, 0xFF]])
    func headers(_ total: [UInt8]) throws {
        try folder.writeTone("known.flac", seconds: 1.5, frequency: 333)
        let known = try read("known.flac")
        var bytes = try Data(contentsOf: folder.file("known.flac"))
        // STREAMINFO: the number of samples is the last 36 bits of the 8 bytes from 18 on.
        bytes[21] = bytes[21] & 0xF0 | total[0]
        for index in 1..<5 { bytes[21 + index] = total[index] }
        for name in ["x/a.flac", "y/a.flac"] { try bytes.write(to: folder.file(name)) }
        for index in 0..<4 {
            try folder.writeTone("x/\(index).wav", frequency: 300 + Double(index))
            try folder.writeTone("y/\(index).wav", frequency: 600 + Double(index))
        }
        #expect(try read("x/a.flac") == known)
        let set = try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path))
        #expect(
            set.clips.filter { $0.identifier.hasSuffix("a.flac") }.allSatisfy { $0.seconds == 1.5 })
    }

    @Test("of a long recording the loudest stretch is the same, though it is never kept whole")
    func longRecording() throws {
        let rate = 32_000
        var noise: UInt32 = 1
        let samples = (0..<(80 * rate)).map { index -> Float in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            let level: Float = (50 * rate..<52 * rate).contains(index) ? 0.5 : 0.1
            return level * Float(Int32(bitPattern: noise)) / 2_147_483_648
        }
        try folder.writeSound("long.wav", samples, sampleRate: rate)
        try folder.writeTone("b.wav")
        try folder.write("path,label,split\nlong.wav,x,train\nb.wav,x,test\n", to: "m.csv")
        let set = try SoundDataSet.load(
            DataSettings(source: "manifest", path: folder.url.path + "/m.csv"))
        let clip = try #require(set.clips.first { $0.identifier == "long.wav" })
        let reader = ClipReader()
        let whole = try reader.loadChannels(clip)
        #expect(whole[0].count == 80 * 16_000)
        for count in [8000, 40_000] {
            let stretch = try reader.loadChannels(clip, loudest: count)
            #expect(
                stretch == SoundFitting.fit(whole, count: count, sampleRate: 16_000))
            #expect(stretch[0].reduce(0) { $0 + abs($1) } / Float(count) > 0.1)
        }
    }

    @Test("what another program must convert says so")
    func foreign() throws {
        try folder.write("not audio", to: "a.m4a")
        #expect(
            throws: SoundDataError.unreadable(
                UnreadableClip(
                    path: folder.url.path + "/a.m4a",
                    reason:
                        "not an audio file that libsndfile reads (format not recognised); convert "
                        + "it, as with 'ffmpeg -i old.m4a new.flac'"))
        ) { try read("a.m4a") }
        #expect(
            SoundDataError.unreadable(UnreadableClip(path: "a.m4a", reason: "x; convert it"))
                .description == "cannot read 'a.m4a': x; convert it")
    }

    @Test("of a file that ends early, what is there is read, and the bank fills its length")
    func torn() throws {
        try folder.writeTone("whole.flac", seconds: 2, frequency: 333)
        let bytes = try Data(contentsOf: folder.url.appendingPathComponent("whole.flac"))
        try bytes.prefix(bytes.count / 2).write(to: try folder.file("x/torn.flac"))
        for name in ["x/a", "x/b", "y/a", "y/b"] { try folder.writeTone("\(name).wav") }
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("whole.flac"))
        let torn = try read("x/torn.flac")
        #expect(torn.count > 8000 && torn.count < 30_000)
        let set = try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path))
        let settings = BankSettings(minimumSeconds: 1.9, maximumSeconds: 1.9)
        let bank = try RecordingBank.build(
            set, settings, at: folder.url.appendingPathComponent("bank"))
        #expect(bank.recordings.allSatisfy { $0.sampleCount == 30_400 })
    }
}
