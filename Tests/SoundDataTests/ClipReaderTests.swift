import Foundation
import SoundData
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
