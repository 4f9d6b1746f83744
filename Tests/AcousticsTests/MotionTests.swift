import Acoustics
import Foundation
import Randomness
import Testing

@Suite("Moving sources and diffuse noise") struct MotionTests {
    let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    func scene(_ trajectory: SourceTrajectory?, time: Double = 0.25) throws -> Scene {
        Scene(
            room: try ShoeboxRoom(size: SIMD3(6, 5, 3), reverberationTime: time),
            arrayPosition: SIMD3(3, 2.5, 1.4),
            sources: [PlacedSource(position: SIMD3(4.2, 2.9, 1.6), trajectory: trajectory)])
    }

    func tone(_ frequency: Double, _ count: Int) -> [Float] {
        (0..<count).map { Float(sin(2 * .pi * frequency * Double($0) / 16000)) }
    }

    @Test("a source that moves at speed 0 sounds like one at rest")
    func standstill() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(1, "dry")
        let signal = (0..<6000).map { _ in Float(stream.normal()) }
        let rest = try renderer.render(
            [signal], scene: scene(nil), sampleCount: 8000, noise: &stream)
        let moving = try renderer.render(
            [signal], scene: scene(.line(velocity: .zero, duration: 1)), sampleCount: 8000,
            noise: &stream)
        var error = 0.0
        for (first, second) in zip(rest.samples, moving.samples) {
            error += pow(Double(first) - Double(second), 2)
        }
        #expect(10 * log10(error / 32000 / rest.power) < -55)
    }

    @Test("a source coming nearer is heard at the Doppler frequency")
    func doppler() throws {
        let dead = Scene(
            room: try ShoeboxRoom(size: SIMD3(20, 20, 20), absorption: 0.94),
            arrayPosition: SIMD3(8, 10, 10),
            sources: [
                PlacedSource(
                    position: SIMD3(14, 10, 10),
                    trajectory: .line(velocity: SIMD3(-5, 0, 0), duration: 1))
            ])
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(1, "dry")
        let recording = try renderer.render(
            [tone(1000, 16000)], scene: dead, sampleCount: 16000, noise: &stream)
        func level(_ frequency: Double) -> Double {
            var sum = SIMD2<Double>.zero
            for (sample, value) in recording.channel(0).enumerated()
            where (4000..<14000).contains(sample) {
                let phase = 2 * .pi * frequency * Double(sample) / 16000
                let window = 0.5 - 0.5 * cos(2 * .pi * Double(sample - 4000) / 10000)
                sum += SIMD2(cos(phase), sin(phase)) * Double(value) * window
            }
            return (sum * sum).sum()
        }
        let heard = stride(from: 990.0, through: 1030, by: 0.25).max { level($0) < level($1) } ?? 0
        // Source at 5 m/s: 1000 / (1 - 5 / 343).
        #expect(abs(heard - 1000 / (1 - 5.0 / 343)) < 0.6)
    }

    @Test("moving makes no clicks: a low tone stays a low tone")
    func noClicks() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(1, "dry")
        let arc = SourceTrajectory.arc(
            centre: SIMD3(3, 2.5, 0), angularSpeed: 1, duration: 1.5)
        // Faded in, because the start of a tone is a click of its own.
        let faded = tone(300, 24000).enumerated().map { index, value in
            value * Float(0.5 - 0.5 * cos(.pi * min(1, Double(index) / 3000)))
        }
        let recording = try renderer.render(
            [faded], scene: scene(arc, time: 0.5), sampleCount: 24000, noise: &stream)
        for channel in 0..<4 {
            // Three differences take 300 Hz down by 55 dB against clicks, which they leave as
            // they are or raise.
            let samples = recording.channel(channel).map(Double.init)
            var rough = samples
            for _ in 0..<3 { rough = zip(rough.dropFirst(), rough).map { $0 - $1 } }
            let peak = rough.map { abs($0) }.max() ?? 0
            let loudest = samples.map { abs($0) }.max() ?? 1
            let smooth: Double = pow(2 * sin(Double.pi * 300 / 16000), 3)
            #expect(peak < 1.5 * smooth * loudest)
        }
    }

    @Test("the direct sound of a moving source arrives from where it is")
    func arrival() throws {
        // Half a turn around the array: the difference in arrival of opposite microphones follows.
        let centre = SIMD3(3.0, 2.5, 1.4)
        let moving = Scene(
            room: try ShoeboxRoom(size: SIMD3(6, 5, 3), absorption: 0.93),
            arrayPosition: centre,
            sources: [
                PlacedSource(
                    position: centre + SIMD3(1.5, 0, 0),
                    trajectory: .arc(
                        centre: SIMD3(3, 2.5, 0), angularSpeed: .pi / 2, duration: 2))
            ])
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var stream = Stream(3, "dry")
        let signal = (0..<32000).map { _ in Float(stream.normal()) }
        let recording = try renderer.render(
            [signal], scene: moving, sampleCount: 32000, noise: &stream)
        for (seconds, expected) in [(0.1, 4.66), (1.0, 0), (1.9, -4.66)] {
            let middle = Int(seconds * 16000)
            func correlation(_ lag: Int) -> Double {
                var sum = 0.0
                for sample in middle - 800..<middle + 800 {
                    sum +=
                        Double(recording.samples[sample])
                        * Double(recording.samples[2 * 32000 + sample + lag])
                }
                return sum
            }
            let lag = (-8...8).max { correlation($0) < correlation($1) } ?? 0
            #expect(abs(Double(lag) - expected) < 1)
        }
    }

    @Test("diffuse noise has the coherence sin(kd) / kd, white spectra and the power asked for")
    func diffuseNoise() throws {
        var quiet = try scene(nil)
        quiet.noise = .diffuse
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        let count = 60_000
        var stream = Stream(5, "noise")
        let signal = (0..<count).map { _ in Float(stream.normal()) }
        let clean = try renderer.render([signal], scene: quiet, sampleCount: count, noise: &stream)
        quiet.signalToNoise = 0
        let noisy = try renderer.render([signal], scene: quiet, sampleCount: count, noise: &stream)
        let noise = zip(noisy.samples, clean.samples).map { Double($0 - $1) }
        let power = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
        #expect(abs(10 * log10(clean.power / power)) < 0.15)
        // Opposite microphones are 0.1 m apart; frames of 200 samples, one frequency each.
        for frequency in [400.0, 800, 1600, 2400, 4000] {
            var (first, second, cross) = (0.0, 0.0, 0.0)
            for frame in 0..<count / 200 {
                var (a, b) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
                for offset in 0..<200 {
                    let sample = frame * 200 + offset
                    let phase = 2 * .pi * frequency * Double(offset) / 16000
                    let turn =
                        SIMD2(cos(phase), sin(phase))
                        * (0.5 - 0.5 * cos(2 * .pi * Double(offset) / 200))
                    a += turn * noise[sample]
                    b += turn * noise[2 * count + sample]
                }
                first += (a * a).sum()
                second += (b * b).sum()
                cross += (a * b).sum()
            }
            let phase = 2 * .pi * frequency * 0.1 / 343
            // 300 frames: a coherence's standard deviation is at most 1 / sqrt(300) = 0.06.
            #expect(abs(cross / (first * second).squareRoot() - sin(phase) / phase) < 0.16)
            #expect(abs(10 * log10(first / 300 / 75 / power)) < 1.2)
        }
    }
}
