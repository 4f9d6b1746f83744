import Acoustics
import Foundation
import SoundData
import TestSupport
import Testing

@Suite("Spatialisations of a clip")
struct SpatialisationTests {
    private func bank(_ change: (inout BankSettings) -> Void) throws -> RecordingBank {
        let folder = try TemporaryFolder()
        let data = try SoundDataSet.load(DataSettings(clips: 20, classes: 4))
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.1
        var settings = BankSettings(
            minimumSeconds: 1, maximumSeconds: 1,
            spatialisations: SpatialisationCounts(training: 2, validation: 2, test: 2),
            scene: scene)
        change(&settings)
        return try RecordingBank.build(
            data, settings, at: folder.url.appendingPathComponent("bank"))
    }

    private func correlation(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Float {
        func sum(_ one: ArraySlice<Float>, _ two: ArraySlice<Float>) -> Float {
            zip(one, two).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return sum(first, second) / (sum(first, first) * sum(second, second)).squareRoot()
    }

    @Test("every recording has noise of its own, at every microphone, and with every seed")
    func noise() throws {
        // Nearly nothing but noise: 60 dB above the sound.
        func noise(seed: UInt64) throws -> [ArraySlice<Float>] {
            let bank = try bank {
                $0.scene.signalToNoise = -60 ... -60
                $0.seed = seed
            }
            return bank.recordings.indices.prefix(4).flatMap { recording in
                let samples = bank.read(recording)
                return [samples[..<16_000], samples[16_000..<32_000]]
            }
        }
        let all = try noise(seed: 1) + noise(seed: 2)
        // Of 16,000 samples: one standard error is 0.008.
        for first in all.indices {
            for second in 0..<first { #expect(abs(correlation(all[first], all[second])) < 0.05) }
        }
    }

    @Test("every recording has a room, a direction and a distance of its own, and with every seed")
    func rooms() throws {
        let banks = try [1, 2].map { seed in try bank { $0.seed = seed } }
        let recordings = banks.flatMap(\.recordings)
        #expect(Set(recordings.map(\.azimuth)).count == recordings.count)
        #expect(Set(recordings.map(\.distance)).count == recordings.count)
    }

    @Test("between two points of its path a source is on the shorter way, also across 180 degrees")
    func path() throws {
        let text = #"{"clip": 0, "label": 0, "azimuth": 3.1, "elevation": 0, "distance": 1}"#
        var source = try JSONDecoder().decode(RecordedSource.self, from: Data(text.utf8))
        #expect(source.azimuth(at: 0.17) == 3.1)
        source.azimuthPath = [3.1, -3.1, -2.9, -2.9]
        func isNear(_ seconds: Double, _ expected: Double) -> Bool {
            abs(remainder(source.azimuth(at: seconds) - expected, 2 * .pi)) < 1e-9
        }
        #expect(isNear(0, 3.1) && isNear(-1, 3.1))
        #expect(isNear(0.05, .pi))
        #expect(isNear(0.1, -3.1))
        #expect(isNear(0.175, -2.95))
        #expect(isNear(0.3, -2.9) && isNear(9, -2.9))
    }

    @Test("sources move until the recording ends, either way round, and the path says where")
    func motion() throws {
        let bank = try bank {
            $0.scene.motion = .arc
            $0.scene.sourceSpeed = 1...1
            $0.scene.sourceDistance = 1...1
            $0.scene.motionDuration = 1
        }
        var turns: [Double] = []
        for recording in bank.recordings {
            let source = recording.sources[0]
            let path = try #require(source.azimuthPath)
            #expect(path.count == 11)
            #expect(path[0] == recording.azimuth && source.azimuth == recording.azimuth)
            let steps = (0..<10).map { remainder(path[$0 + 1] - path[$0], 2 * .pi) }
            let horizontal = cos(recording.elevation)
            // A metre a second around a circle of that radius.
            for step in steps { #expect(abs(abs(step) - 0.1 / horizontal) < 1e-6) }
            #expect(steps.allSatisfy { ($0 > 0) == (steps[0] > 0) })
            turns.append(steps[0])
        }
        #expect(turns.contains { $0 > 0 } && turns.contains { $0 < 0 })
    }
}
