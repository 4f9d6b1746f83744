import Acoustics
import Foundation
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

    @Test("with their window: early part within -50 dB, decay within 0.05 dB down to -30 dB")
    func sameConventions() throws {
        for comparison in try Self.compare(.stepped) {
            print(comparison)
            #expect(comparison.early < -50)
            #expect(comparison.whole < -40)
            #expect(comparison.decay < 0.05)
        }
    }

    @Test("with our window: early part within -40 dB, decay within 0.5 dB down to -30 dB")
    func ownConventions() throws {
        for comparison in try Self.compare(.centred) {
            print(comparison)
            #expect(comparison.early < -40)
            #expect(comparison.decay < 0.5)
        }
    }
}
