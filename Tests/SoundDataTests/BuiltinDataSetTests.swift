import Foundation
import SoundData
import Testing

@Suite("Built-in sound events")
struct BuiltinDataSetTests {
    @Test("600 clips in 20 classes, split 60/20/20, marked as synthetic")
    func shape() throws {
        let set = try SoundDataSet.load(DataSettings())
        #expect(set.classes.count == 20)
        #expect(set.clips.count == 600)
        #expect(set.isSynthetic)
        #expect(Set(set.clips.map(\.group)).count == 600)
        for label in set.classes.indices {
            let clips = set.clips.filter { $0.label == label }
            #expect(clips.count == 30)
            #expect(clips.count { $0.split == .training } == 18)
            #expect(clips.count { $0.split == .validation } == 6)
            #expect(clips.count { $0.split == .test } == 6)
        }
    }

    @Test(
        "every event is finite, audible, of its stated length, and unlike the others of its class")
    func events() throws {
        let set = try SoundDataSet.load(DataSettings(clips: 60))
        let reader = ClipReader()
        var previous: [Float] = []
        for clip in set.clips {
            let samples = try reader.load(clip)
            #expect((0.3...3).contains(clip.seconds))
            #expect(samples.count == Int(clip.seconds * 16_000))
            #expect(samples.allSatisfy { $0.isFinite })
            let peak = samples.map(abs).max() ?? 0
            #expect((0.29...0.91).contains(peak), "\(clip.identifier)")
            let level = (samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)).squareRoot()
            #expect(level > 0.004, "\(clip.identifier)")
            #expect(samples != previous)
            previous = samples
        }
    }

    @Test("the same seed gives the same samples, another seed others")
    func determinism() throws {
        let reader = ClipReader()
        func samples(_ seed: UInt64) throws -> [Float] {
            let set = try SoundDataSet.load(DataSettings(clips: 60, seed: seed))
            return try reader.load(set.clips[5])
        }
        #expect(try samples(1) == samples(1))
        #expect(try samples(1) != samples(2))
    }

    @Test("fewer classes and other numbers of clips; too few are refused")
    func sizes() throws {
        let set = try SoundDataSet.load(DataSettings(clips: 17, classes: 5))
        #expect(set.classes.count == 5)
        #expect(set.clips.count == 17)
        #expect(Set(set.clips.map(\.label)).count == 5)
        #expect(throws: SoundDataError.clipsOutOfRange(59, classes: 20)) {
            try SoundDataSet.load(DataSettings(clips: 59))
        }
        #expect(throws: SoundDataError.classesOutOfRange(21)) {
            try SoundDataSet.load(DataSettings(classes: 21))
        }
        #expect(
            SoundDataError.clipsOutOfRange(59, classes: 20).description
                == "data.clips is 59, but must be from 60 (three clips for each of 20 classes) "
                + "to 1000000")
    }
}
