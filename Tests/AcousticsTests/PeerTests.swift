import Acoustics
import Foundation
import Randomness
import Testing

/// Agreement with pyroomacoustics 0.10.1 (Fixtures/make_pyroomacoustics.py), for the same images.
@Suite("Agreement with pyroomacoustics") struct PeerTests {
    struct PeerScene: Decodable {
        var reverberationTime: Double
        var size: SIMD3<Double>
        var absorption: Double
        var order: Int
        var source: SIMD3<Double>
        var centre: SIMD3<Double>
        var microphones: [SIMD3<Double>]
        var images: Int
        var samples: Int
    }

    struct Comparison {
        /// Of the difference, in decibels below the response, over the first 50 ms.
        var early: Double
        /// The same over all of it.
        var whole: Double
        /// The largest difference of the Schroeder decays down to -30 dB.
        var decay: Double
    }

    static func fixture(_ name: String) throws -> Data {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try Data(contentsOf: folder.appending(path: name))
    }

    static func compare(_ window: FractionalDelay.Window) throws -> [Comparison] {
        let scenes = try JSONDecoder().decode(
            [PeerScene].self, from: fixture("pyroomacoustics.json"))
        let values = try fixture("pyroomacoustics.f32").withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        var start = 0
        var comparisons: [Comparison] = []
        for peer in scenes {
            let array = MicrophoneArray(positions: peer.microphones.map { $0 - peer.centre })
            let renderer = SceneRenderer(
                array: array, sampleRate: 16000, highPass: nil, window: window)
            let scene = Scene(
                room: try ShoeboxRoom(size: peer.size, absorption: peer.absorption),
                arrayPosition: peer.centre, sources: [PlacedSource(position: peer.source)])
            let response = try renderer.impulseResponses(
                scene, at: peer.source, set: .order(peer.order))
            #expect(renderer.imageCount == peer.images)
            for channel in peer.microphones.indices {
                let theirs = Array(values[start..<start + peer.samples])
                let ours = Array(response.channel(channel).prefix(peer.samples))
                start += peer.samples
                comparisons.append(compare(ours, theirs))
            }
        }
        #expect(start == values.count)
        return comparisons
    }

    static func compare(_ ours: [Float], _ theirs: [Float]) -> Comparison {
        func difference(_ count: Int) -> Double {
            var error = 0.0
            var energy = 0.0
            for (first, second) in zip(ours.prefix(count), theirs) {
                error += pow(Double(first) - Double(second), 2)
                energy += pow(Double(second), 2)
            }
            return 10 * log10(error / energy)
        }
        var largest = 0.0
        for (first, second) in zip(Reverberation.decay(ours), Reverberation.decay(theirs))
        where second > -30 {
            largest = max(largest, abs(first - second))
        }
        return Comparison(
            early: difference(800), whole: difference(ours.count), decay: largest)
    }

    @Test("with their window: early part within -55 dB, decay within 0.02 dB down to -30 dB")
    func sameConventions() throws {
        for comparison in try Self.compare(.stepped) {
            #expect(comparison.early < -55)
            #expect(comparison.whole < -55)
            #expect(comparison.decay < 0.02)
        }
    }

    @Test("with our window: early part within -48 dB, decay within 0.02 dB down to -30 dB")
    func ownConventions() throws {
        for comparison in try Self.compare(.centred) {
            #expect(comparison.early < -48)
            #expect(comparison.decay < 0.02)
        }
    }

    @Test("the benchmark's walls and orders are those of inverse_sabine")
    func inverseSabine() throws {
        for peer in try JSONDecoder().decode(
            [PeerScene].self, from: Self.fixture("pyroomacoustics.json"))
        {
            let absorption = RoomBenchmark.sabineAbsorption(
                size: peer.size, reverberationTime: peer.reverberationTime)
            #expect(abs(absorption - peer.absorption) < 1e-9)
            #expect(
                RoomBenchmark.order(size: peer.size, reverberationTime: peer.reverberationTime)
                    == peer.order)
        }
    }

    @Test("the benchmark counts scenes by the clock it is given")
    func benchmark() throws {
        var stream = Stream(1, "benchmark")
        let cases = try RoomBenchmark.drawCases(3, reverberationTime: 0.1, using: &stream)
        for method in RoomBenchmark.Method.allCases {
            var time = 0.0
            let result = try RoomBenchmark.measure(cases, method: method, minimumSeconds: 2) {
                defer { time += 1 }
                return time
            }
            // The clock moves on by a second each time it is read: two rounds of three scenes.
            #expect(result.scenes == 6)
            #expect(result.responsesPerSecond == 3)
            #expect(result.meanImages > 100)
            #expect(result.reverberationTime == 0.1)
        }
    }
}
