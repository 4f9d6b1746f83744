import Acoustics
import Foundation
import Randomness
import Testing

@Suite("The hybrid method") struct HybridTests {
    let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    func scenes(_ count: Int, reverberationTime: Double) throws -> [Scene] {
        var settings = SceneSettings()
        settings.reverberationTime = reverberationTime...reverberationTime
        var stream = Stream(21, "hybrid")
        return try (0..<count).map { _ in
            try Scene.draw(settings, array: array, using: &stream)
        }
    }

    func responses(_ scene: Scene) throws -> (
        images: MultichannelSignal, hybrid: MultichannelSignal
    ) {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var scene = scene
        let images = try renderer.impulseResponses(scene, source: 0)
        scene.method = .hybrid
        return (images, try renderer.impulseResponses(scene, source: 0))
    }

    @Test("the early part is that of the images, bit for bit")
    func early() throws {
        for scene in try scenes(3, reverberationTime: 0.6) {
            let (images, hybrid) = try responses(scene)
            #expect(images.sampleCount == hybrid.sampleCount)
            for channel in 0..<4 {
                // 50 ms: the tail starts later in any room of 22 cubic metres or more.
                #expect(hybrid.channel(channel).prefix(800) == images.channel(channel).prefix(800))
            }
        }
    }

    @Test("energy and decay are those of the images: 0.5 dB on average, 1.5 dB at worst")
    func decay() throws {
        for time in [0.3, 0.7] {
            var sums = [Double](repeating: 0, count: 3)
            let scenes = try scenes(8, reverberationTime: time)
            for scene in scenes {
                let (images, hybrid) = try responses(scene)
                func energy(_ signal: MultichannelSignal, _ fraction: Double) -> Double {
                    (0..<4).reduce(0.0) { sum, channel in
                        let samples = signal.channel(channel)
                        return samples.dropFirst(Int(fraction * Double(samples.count)))
                            .reduce(sum) { $0 + Double($1) * Double($1) }
                    }
                }
                for (index, fraction) in [0.0, 0.25, 0.5].enumerated() {
                    let difference = 10 * log10(energy(hybrid, fraction) / energy(images, fraction))
                    sums[index] += difference
                    #expect(abs(difference) < 1.5)
                }
            }
            for sum in sums { #expect(abs(sum / Double(scenes.count)) < 0.5) }
        }
    }

    @Test("the reverberation time is within 10 % of the one asked for")
    func reverberationTime() throws {
        for scene in try scenes(8, reverberationTime: 0.6) {
            let hybrid = try responses(scene).hybrid
            let times = (0..<4).compactMap {
                Reverberation.time(hybrid.channel($0), sampleRate: 16000)
            }
            let mean = times.reduce(0, +) / 4
            #expect(abs(mean / 0.6 - 1) < 0.1)
        }
    }

    @Test("the tail's coherence between microphones is that of the images, nearer than sin(kd)/kd")
    func coherence() throws {
        // Over the last 60 % of the responses, in bands of 500 Hz, averaged over scenes.
        var sums: [[SIMD3<Double>]] = [[], []]
        let bands = 8
        for method in 0..<2 { sums[method] = [SIMD3<Double>](repeating: .zero, count: bands) }
        for scene in try scenes(10, reverberationTime: 0.6) {
            let (images, hybrid) = try responses(scene)
            for (method, signal) in [images, hybrid].enumerated() {
                let start = signal.sampleCount * 2 / 5
                let first = Array(signal.channel(0).dropFirst(start))
                let second = Array(signal.channel(2).dropFirst(start))
                for band in 0..<bands {
                    sums[method][band] += crossSpectrum(
                        first, second, from: 250 + 500 * Double(band), steps: 25)
                }
            }
        }
        var (hybridError, diffuseError) = (0.0, 0.0)
        for band in 0..<bands {
            let phase = 2 * .pi * (500 + 500 * Double(band)) * 0.1 / 343
            let values = sums.map { $0[band].z / ($0[band].x * $0[band].y).squareRoot() }
            #expect(abs(values[1] - values[0]) < 0.2)
            hybridError += pow(values[1] - values[0], 2) / Double(bands)
            diffuseError += pow(sin(phase) / phase - values[0], 2) / Double(bands)
        }
        // The image model's late field is not isotropic, and the tail follows it.
        #expect(hybridError.squareRoot() < 0.12)
        #expect(hybridError < diffuseError)
    }

    @Test("the tail is as white as the images': by octaves, within 1.2 dB on average")
    func spectrum() throws {
        let octaves = [63.0, 125, 250, 500, 1000, 2000, 4000]
        var sums = [Double](repeating: 0, count: octaves.count)
        let scenes = try scenes(12, reverberationTime: 0.6)
        for scene in scenes {
            let (images, hybrid) = try responses(scene)
            for (index, centre) in octaves.enumerated() {
                let levels = [images, hybrid].map { signal in
                    var power = 0.0
                    for channel in [0, 1] {
                        let tail = Array(signal.channel(channel).dropFirst(signal.sampleCount / 4))
                        power +=
                            crossSpectrum(
                                tail, tail, from: centre / 2.0.squareRoot(),
                                over: centre / 2.0.squareRoot(), steps: 30
                            ).x
                    }
                    return 10 * log10(power)
                }
                sums[index] += (levels[1] - levels[0]) / Double(scenes.count)
            }
        }
        // Below 100 Hz the images have a few modes, the tail none.
        for (difference, centre) in zip(sums, octaves) {
            #expect(abs(difference) < (centre < 100 ? 2 : 1.2))
        }
    }

    /// Powers and the real part of the cross-spectrum over a band.
    func crossSpectrum(
        _ first: [Float], _ second: [Float], from low: Double, over width: Double = 500, steps: Int
    ) -> SIMD3<Double> {
        var result = SIMD3<Double>.zero
        for step in 0..<steps {
            let omega = 2 * .pi * (low + width * Double(step) / Double(steps)) / 16000
            var (a, b) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
            let turn = SIMD2(cos(omega), sin(omega))
            var phase = SIMD2(1.0, 0.0)
            for index in first.indices {
                a += phase * Double(first[index])
                b += phase * Double(second[index])
                phase = SIMD2(
                    phase.x * turn.x - phase.y * turn.y, phase.x * turn.y + phase.y * turn.x)
            }
            result += SIMD3((a * a).sum(), (b * b).sum(), (a * b).sum())
        }
        return result
    }

    @Test("another seed gives another tail, the same seed the same")
    func seeds() throws {
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        var scene = try scenes(1, reverberationTime: 0.6)[0]
        scene.method = .hybrid
        let first = try renderer.impulseResponses(scene, source: 0)
        #expect(try renderer.impulseResponses(scene, source: 0) == first)
        scene.tailSeed &+= 1
        #expect(try renderer.impulseResponses(scene, source: 0) != first)
    }
}
