import Acoustics
import Foundation
import Randomness
import Testing

@Suite("Impulse responses") struct ImpulseResponseTests {
    let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    func scene(
        absorption: Double, source: SIMD3<Double> = SIMD3(3.7, 1.4, 1.9),
        centre: SIMD3<Double> = SIMD3(2.2, 2.1, 1.4)
    ) throws -> Scene {
        Scene(
            room: try ShoeboxRoom(size: SIMD3(5.1, 4.3, 2.9), absorption: absorption),
            arrayPosition: centre, arrayOrientation: 0.4,
            sources: [PlacedSource(position: source)])
    }

    @Test("the direct sound has the delay r / c and the amplitude 1 / r")
    func directSound() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000, highPass: nil)
        let scene = try scene(absorption: 0.5)
        let position = scene.sources[0].position
        let response = try renderer.impulseResponses(scene, at: position, set: .order(0))
        for (channel, microphone) in scene.microphonePositions(array).enumerated() {
            let offset = position - microphone
            let distance = (offset * offset).sum().squareRoot()
            let delay = distance / 343 * 16000 + Double(SceneRenderer.latency)
            var energy = 0.0
            for (sample, value) in response.channel(channel).enumerated() {
                let expected =
                    FractionalDelay.pulse(at: Double(sample) - delay, window: .centred) / distance
                energy += pow(Double(value) - expected, 2)
            }
            // Grid and filter are good to -64 dB for the worst delay (FractionalDelay).
            #expect(10 * log10(energy * distance * distance) < -62)
        }
    }

    @Test("a hundred images agree with a direct sum of pulses")
    func directSum() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000, highPass: nil)
        let scene = try scene(absorption: 0.3)
        let source = scene.sources[0].position
        let order = 4
        let response = try renderer.impulseResponses(scene, at: source, set: .order(order))
        let size = scene.room.size
        for (channel, microphone) in scene.microphonePositions(array).enumerated() {
            var expected = [Double](repeating: 0, count: response.sampleCount)
            for i in -order...order {
                for j in -order...order {
                    for k in -order...order where abs(i) + abs(j) + abs(k) <= order {
                        var image = SIMD3<Double>.zero
                        for (axis, index) in [i, j, k].enumerated() {
                            image[axis] =
                                index.isMultiple(of: 2)
                                ? Double(index) * size[axis] + source[axis]
                                : Double(index + 1) * size[axis] - source[axis]
                        }
                        let offset = image - microphone
                        let distance = (offset * offset).sum().squareRoot()
                        let gain = pow(0.7.squareRoot(), Double(abs(i) + abs(j) + abs(k)))
                        let delay = distance / 343 * 16000 + Double(SceneRenderer.latency)
                        for sample in expected.indices where abs(Double(sample) - delay) < 41 {
                            expected[sample] +=
                                gain / distance
                                * FractionalDelay.pulse(
                                    at: Double(sample) - delay, window: .centred)
                        }
                    }
                }
            }
            var error = 0.0
            var energy = 0.0
            for (value, wanted) in zip(response.channel(channel), expected) {
                error += pow(Double(value) - wanted, 2)
                energy += wanted * wanted
            }
            #expect(10 * log10(error / energy) < -62)
        }
    }

    @Test("the energy of a room of first-order reflections has its closed form")
    func firstOrderEnergy() throws {
        // Far apart in time, the seven pulses do not overlap: energy = sum of (gain / r)^2 times
        // that of a pulse, which is 1 minus what the window takes away.
        let room = try ShoeboxRoom(size: SIMD3(41, 29, 19), absorption: 0.36)
        let source = SIMD3(17.3, 13.1, 8.2)
        let centre = SIMD3(21.0, 11.7, 6.4)
        let scene = Scene(
            room: room, arrayPosition: centre, sources: [PlacedSource(position: source)])
        let single = MicrophoneArray(positions: [.zero])
        let renderer = SceneRenderer(array: single, sampleRate: 48000, highPass: nil)
        let response = try renderer.impulseResponses(scene, at: source, set: .order(1))
        var expected = 0.0
        var images = [(source, 1.0)]
        for axis in 0..<3 {
            for wall in [0.0, room.size[axis]] {
                var image = source
                image[axis] = 2 * wall - source[axis]
                images.append((image, 0.64))
            }
        }
        for (image, gain) in images {
            let offset = image - centre
            expected += gain / (offset * offset).sum()
        }
        let energy = response.samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(energy / expected - 1) < 0.01)
    }

    @Test("all images within the reverberation time after the direct sound are there, and no more")
    func imageCount() throws {
        let scene = try scene(absorption: 0.6)
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        _ = try renderer.impulseResponses(scene, source: 0)
        let source = scene.sources[0].position
        let offset = source - scene.arrayPosition
        let direct = (offset * offset).sum().squareRoot()
        let radius = 343 * scene.room.reverberationTime + direct
        let reach = 80
        var expected = 0
        for i in -reach...reach {
            for j in -reach...reach {
                for k in -reach...reach {
                    var square = 0.0
                    for (axis, index) in [i, j, k].enumerated() {
                        let place =
                            index.isMultiple(of: 2)
                            ? Double(index) * scene.room.size[axis] + source[axis]
                            : Double(index + 1) * scene.room.size[axis] - source[axis]
                        square += pow(place - scene.arrayPosition[axis], 2)
                    }
                    if square <= radius * radius { expected += 1 }
                }
            }
        }
        #expect(renderer.imageCount == expected)
    }

    @Test("mirror images of a scene have mirrored responses")
    func leftRightSymmetry() throws {
        let size = SIMD3(6.0, 4.4, 2.8)
        let room = try ShoeboxRoom(size: size, reverberationTime: 0.3)
        let centre = SIMD3(2.0, 2.2, 1.3)
        let source = SIMD3(3.4, 3.1, 1.7)
        var mirrored = source
        mirrored.y = size.y - source.y
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        let left = try renderer.impulseResponses(
            Scene(room: room, arrayPosition: centre, sources: [PlacedSource(position: source)]),
            source: 0)
        let right = try renderer.impulseResponses(
            Scene(room: room, arrayPosition: centre, sources: [PlacedSource(position: mirrored)]),
            source: 0)
        // Microphones 0 and 2 lie on the mirror, 1 and 3 change places.
        for (channel, other) in [(0, 0), (1, 3), (2, 2), (3, 1)] {
            var error = 0.0
            var energy = 0.0
            for (first, second) in zip(left.channel(channel), right.channel(other)) {
                error += pow(Double(first) - Double(second), 2)
                energy += pow(Double(first), 2)
            }
            // Single precision: the two sums run in different orders.
            #expect(10 * log10(error / energy) < -60)
        }
    }

    @Test("the reverberation time is within 10 % of the one asked for", arguments: [0.2, 0.5, 0.9])
    func reverberationTime(asked: Double) throws {
        var settings = SceneSettings()
        settings.reverberationTime = asked...asked
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(11, "reverberation")
        var ratios: [Double] = []
        for _ in 0..<(asked > 0.6 ? 6 : 16) {
            let scene = try Scene.draw(settings, array: array, using: &stream)
            let response = try renderer.impulseResponses(scene, source: 0)
            let times = (0..<4).compactMap {
                Reverberation.time(response.channel($0), sampleRate: 16000)
            }
            #expect(times.count == 4)
            ratios.append(times.reduce(0, +) / 4 / asked)
        }
        for ratio in ratios { #expect(abs(ratio - 1) < 0.1) }
        #expect(abs(ratios.reduce(0, +) / Double(ratios.count) - 1) < 0.05)
    }

    @Test("high frequencies survive: the direct sound is flat up to 7.4 kHz")
    func flatness() {
        for delay in [0.0, 0.25, 0.5] {
            for frequency in [500.0, 4000, 7000, 7400] {
                var (real, imaginary) = (0.0, 0.0)
                for sample in -41...41 {
                    let value = FractionalDelay.pulse(
                        at: Double(sample) - delay, window: .centred)
                    let phase = 2 * .pi * frequency / 16000 * Double(sample)
                    real += value * cos(phase)
                    imaginary += value * sin(phase)
                }
                let level = 10 * log10(real * real + imaginary * imaginary)
                #expect(abs(level) < 0.1)
            }
        }
    }

    @Test("what was rendered before does not matter")
    func statelessness() throws {
        let first = SceneRenderer(array: array, sampleRate: 16000)
        let second = SceneRenderer(array: array, sampleRate: 16000)
        let (dead, live) = (try scene(absorption: 0.8), try scene(absorption: 0.3))
        _ = try first.impulseResponses(live, source: 0)
        #expect(
            try first.impulseResponses(dead, source: 0).samples
                == second.impulseResponses(dead, source: 0).samples)
    }

    @Test("sources and microphones outside the room, or on each other, are refused")
    func refusals() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        #expect(throws: AcousticsError.self) {
            try renderer.impulseResponses(scene(absorption: 0.5, source: SIMD3(6, 1, 1)), source: 0)
        }
        #expect(throws: AcousticsError.self) {
            try renderer.impulseResponses(
                scene(absorption: 0.5, centre: SIMD3(0.01, 2, 1)), source: 0)
        }
        let touching = try scene(absorption: 0.5)
        let microphone = touching.microphonePositions(array)[1]
        #expect(throws: AcousticsError.sourceOnMicrophone(distance: 0)) {
            try renderer.impulseResponses(
                scene(absorption: 0.5, source: microphone), source: 0)
        }
        #expect(throws: AcousticsError.sourceMissing(index: 1, sources: 1)) {
            try renderer.impulseResponses(touching, source: 1)
        }
    }
}
