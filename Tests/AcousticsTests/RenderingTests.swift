import Acoustics
import Foundation
import Randomness
import Testing

@Suite("Rendering") struct RenderingTests {
    let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    func scene(sources: Int = 1, signalToNoise: Double = .infinity) throws -> Scene {
        let places = [SIMD3(3.7, 1.4, 1.9), SIMD3(1.2, 3.1, 1.1), SIMD3(4.2, 3.3, 0.8)]
        return Scene(
            room: try ShoeboxRoom(size: SIMD3(5.1, 4.3, 2.9), reverberationTime: 0.2),
            arrayPosition: SIMD3(2.2, 2.1, 1.4), arrayOrientation: 0.4,
            sources: places.prefix(sources).map { PlacedSource(position: $0) },
            signalToNoise: signalToNoise)
    }

    func dry(_ count: Int, seed: UInt64) -> [Float] {
        var stream = Stream(seed, "dry")
        return (0..<count).map { _ in Float(stream.normal()) }
    }

    @Test("a rendering is the convolution of the signals with the responses, added up")
    func convolution() throws {
        let scene = try scene(sources: 2)
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        let signals = [dry(700, seed: 1), dry(1500, seed: 2)]
        var noise = Stream(1, "noise")
        let count = 2000
        let recording = try renderer.render(
            signals, scene: scene, sampleCount: count, noise: &noise)
        #expect(recording.sampleCount == count)
        for channel in 0..<4 {
            var expected = [Double](repeating: 0, count: count)
            for (source, signal) in signals.enumerated() {
                let response = Array(
                    try renderer.impulseResponses(scene, source: source).channel(channel))
                for sample in 0..<count {
                    let time = sample + SceneRenderer.latency
                    let first = max(0, time - response.count + 1)
                    guard first <= min(time, signal.count - 1) else { continue }
                    for place in first...min(time, signal.count - 1) {
                        expected[sample] += Double(signal[place]) * Double(response[time - place])
                    }
                }
            }
            for (value, wanted) in zip(recording.channel(channel), expected) {
                #expect(abs(Double(value) - wanted) < 2e-5)
            }
        }
    }

    @Test("a recording shorter than signal and response is the beginning of the longer one")
    func truncation() throws {
        let scene = try scene()
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        let signal = dry(9000, seed: 3)
        var noise = Stream(1, "noise")
        let long = try renderer.render([signal], scene: scene, sampleCount: 9000, noise: &noise)
        let short = try renderer.render([signal], scene: scene, sampleCount: 1100, noise: &noise)
        for channel in 0..<4 {
            for (first, second) in zip(short.channel(channel), long.channel(channel)) {
                #expect(abs(first - second) < 2e-5)
            }
        }
    }

    @Test("the sound reaches the microphones in the order of their distances")
    func arrivalOrder() throws {
        // Azimuth 0 relative to the array: microphone 0 is nearest, 2 farthest, 0.1 m apart.
        let room = try ShoeboxRoom(size: SIMD3(8, 8, 3), absorption: 0.9)
        let centre = SIMD3(3.0, 4.0, 1.5)
        let scene = Scene(
            room: room, arrayPosition: centre,
            sources: [PlacedSource(position: centre + SIMD3(1.5, 0, 0))])
        let renderer = SceneRenderer(array: array, sampleRate: 48000)
        let response = try renderer.impulseResponses(scene, source: 0)
        let peaks = (0..<4).map { channel in
            let samples = Array(response.channel(channel))
            return samples.indices.max { abs(samples[$0]) < abs(samples[$1]) } ?? 0
        }
        #expect(abs(Double(peaks[2] - peaks[0]) - 0.1 / 343 * 48000) < 1)
        #expect(peaks[1] == peaks[3])
    }

    @Test("the noise has the power that the ratio says, and is independent between microphones")
    func signalToNoise() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        let signal = dry(40_000, seed: 4)
        var stream = Stream(2, "noise")
        let clean = try renderer.render(
            [signal], scene: scene(), sampleCount: 40_000, noise: &stream)
        let noisy = try renderer.render(
            [signal], scene: scene(signalToNoise: 12), sampleCount: 40_000, noise: &stream)
        let noise = zip(noisy.samples, clean.samples).map { Double($0 - $1) }
        let power = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
        // 160,000 numbers: the power's standard deviation is 0.35 %, here five of them.
        #expect(abs(10 * log10(clean.power / power) - 12) < 0.08)
        for first in 0..<4 {
            for second in 0..<first {
                var product = 0.0
                for sample in 0..<40_000 {
                    product += noise[first * 40_000 + sample] * noise[second * 40_000 + sample]
                }
                #expect(abs(product / 40_000 / power) < 5 / 40_000.0.squareRoot())
            }
        }
    }

    @Test("the noise is normally distributed")
    func noiseMoments() throws {
        let count = 200_000
        var stream = Stream(3, "noise")
        let values = GaussianNoise.values(count, using: &stream).map(Double.init)
        let mean = values.reduce(0, +) / Double(count)
        let second = values.reduce(0) { $0 + $1 * $1 } / Double(count)
        let fourth = values.reduce(0) { $0 + pow($1, 4) } / Double(count)
        // Five standard deviations each: 1 / sqrt(n), sqrt(2 / n), sqrt(96 / n).
        #expect(abs(mean) < 5 / Double(count).squareRoot())
        #expect(abs(second - 1) < 5 * (2 / Double(count)).squareRoot())
        #expect(abs(fourth - 3) < 5 * (96 / Double(count)).squareRoot())
        let beyond = values.filter { abs($0) > 2 }.count
        #expect(abs(Double(beyond) / Double(count) - 0.0455) < 0.003)
        var correlation = 0.0
        for index in 1..<count { correlation += values[index] * values[index - 1] }
        #expect(abs(correlation / Double(count)) < 5 / Double(count).squareRoot())
    }

    @Test("silence stays silence, and noise does not depend on what was rendered before")
    func silence() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(4, "noise")
        let silent = try renderer.render(
            [[Float](repeating: 0, count: 100)], scene: scene(signalToNoise: 10),
            sampleCount: 300, noise: &stream)
        #expect(silent.samples.allSatisfy { abs($0) < 1e-12 })
        let signal = dry(1000, seed: 5)
        var (first, second) = (Stream(5, "noise"), Stream(5, "noise"))
        let one = try renderer.render(
            [signal], scene: scene(signalToNoise: 10), sampleCount: 1000, noise: &first)
        let other = try SceneRenderer(array: array, sampleRate: 16000).render(
            [signal], scene: scene(signalToNoise: 10), sampleCount: 1000, noise: &second)
        #expect(one.samples == other.samples)
    }

    @Test("as many signals as sources are wanted")
    func signalCount() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(6, "noise")
        #expect(throws: AcousticsError.signalCount(given: 2, sources: 1)) {
            try renderer.render([[1], [1]], scene: scene(), sampleCount: 10, noise: &stream)
        }
    }

    @Test("every error says what, the value and the remedy")
    func wording() {
        let messages: [(AcousticsError, String)] = [
            (
                .settingOutOfRange(name: "sourceCount", value: "9", rule: "within 1 and 5"),
                "sourceCount is 9, but must be within 1 and 5"
            ),
            (
                .reverberationTimeUnreachable(
                    reverberationTime: 0.05, size: SIMD3(10, 10, 4), shortest: 0.0912),
                "a room of 10.0 x 10.0 x 4.0 m cannot have a reverberation time of 0.05 s: its walls "
                    + "would have to absorb more than 0.95 of the energy; ask for at least 0.091 s, "
                    + "or for a smaller room"
            ),
            (
                .noRoomFits(reverberationTime: 0.02, attempts: 10),
                "none of 10 rooms drawn can have a reverberation time of 0.02 s; raise the "
                    + "reverberation time or lower the room sizes"
            ),
            (
                .sourceDoesNotFit(attempts: 10),
                "no place for array and sources found in 10 draws; lower the source distance or "
                    + "the wall distance, slow the motion, or raise the room sizes"
            ),
            (
                .outsideRoom(what: "source 0", position: SIMD3(6, 1, 1), size: SIMD3(5, 4, 3)),
                "source 0 is at 6.0 x 1.0 x 1.0 m, outside the room of 5.0 x 4.0 x 3.0 m; move it "
                    + "inside the walls"
            ),
            (.microphonesMissing, "the array has 0 microphones; give it at least one"),
            (
                .microphonesCoincide(first: 0, second: 2),
                "microphones 0 and 2 are at the same place; move one of them"
            ),
            (
                .sourceOnMicrophone(distance: 0.002),
                "a source is 0.002 m from a microphone; keep it at least 0.01 m away"
            ),
            (
                .signalCount(given: 2, sources: 1),
                "2 signals were given for a scene of 1 sources; give one a source"
            ),
            (
                .sourceMissing(index: 3, sources: 1),
                "source 3 was asked for, but the scene has 1 (numbered from 0)"
            ),
            (
                .impulseResponseTooLong(seconds: 12, limit: 7.8125),
                "an impulse response of 12.0 s was asked for, but at most 7.813 s can be computed; "
                    + "lower the reverberation time"
            ),
        ]
        for (error, text) in messages { #expect(error.description == text) }
    }
}
