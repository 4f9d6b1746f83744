import Acoustics
import Foundation
import Randomness
import Testing

/// Azimuths found by steered response power (SRP-PHAT) in rendered recordings: the conventions hold
/// from scene to samples, and the hybrid method misleads no more than the images do.
@Suite("Localisation") struct LocalisationTests {
    static let array = MicrophoneArray.circular(count: 4, diameter: 0.1)
    static let frame = 512

    /// Errors in degrees over scenes that differ in nothing but the method.
    static func errors(
        reverberationTime: Double, method: SimulationMethod, count: Int
    ) throws -> [Double] {
        var settings = SceneSettings()
        settings.reverberationTime = reverberationTime...reverberationTime
        settings.method = method
        var stream = Stream(31, "localisation")
        let renderer = SceneRenderer(array: array, sampleRate: 16000)
        return try (0..<count).map { index in
            let scene = try Scene.draw(settings, array: array, using: &stream)
            var dry = Stream(32, "dry", index)
            let signal = (0..<16000).map { _ in Float(dry.normal()) }
            let recording = try renderer.render(
                [signal], scene: scene, sampleCount: 16000, noise: &dry)
            // What the array sees is the direction in its own plane.
            let found = azimuth(recording)
            return Angle.degrees(
                radians: Angle.absoluteDifference(found, scene.azimuth(ofSource: 0)))
        }
    }

    @Test("at a reverberation time of 0.2 s the azimuth is found within 5 degrees")
    func dryRooms() throws {
        let errors = try Self.errors(reverberationTime: 0.2, method: .images, count: 20)
        #expect(errors.sorted()[10] < 3)
        #expect(errors.filter { $0 < 5 }.count >= 18)
    }

    @Test("hybrid and images give the same localisation error", arguments: [0.4, 0.8])
    func hybrid(reverberationTime: Double) throws {
        let images = try Self.errors(
            reverberationTime: reverberationTime, method: .images, count: 24)
        let hybrid = try Self.errors(
            reverberationTime: reverberationTime, method: .hybrid, count: 24)
        let means = [images, hybrid].map { $0.reduce(0, +) / 24 }
        #expect(abs(images.sorted()[12] - hybrid.sorted()[12]) < 1)
        #expect(abs(means[0] - means[1]) < 3)
    }

    /// The azimuth with the largest PHAT-weighted power between 300 Hz and 5 kHz.
    static func azimuth(_ recording: MultichannelSignal) -> Double {
        let channels = (0..<4).map { recording.channel($0).map(Double.init) }
        let window = (0..<frame).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(frame)) }
        let bins = 10..<160
        var pairs: [(Int, Int)] = []
        for first in 0..<4 { for second in first + 1..<4 { pairs.append((first, second)) } }
        var cross = [[SIMD2<Double>]](
            repeating: [SIMD2<Double>](repeating: .zero, count: frame), count: pairs.count)
        for start in stride(from: 0, to: recording.sampleCount - frame, by: frame) {
            let spectra = channels.map { channel in
                transform((0..<frame).map { SIMD2(channel[start + $0] * window[$0], 0) })
            }
            for (pair, (first, second)) in pairs.enumerated() {
                for bin in bins {
                    let (a, b) = (spectra[first][bin], spectra[second][bin])
                    let product = SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y)
                    let size = (product * product).sum().squareRoot()
                    if size > 0 { cross[pair][bin] += product / size }
                }
            }
        }
        func power(_ azimuth: Double) -> Double {
            let toSource = SIMD3(cos(azimuth), sin(azimuth), 0)
            var sum = 0.0
            for (pair, (first, second)) in pairs.enumerated() {
                // The sound reaches `second` first by that many seconds.
                let later =
                    (toSource * (array.positions[second] - array.positions[first])).sum() / 343
                for bin in bins {
                    let phase = -2 * .pi * Double(bin) * 16000 / Double(frame) * later
                    sum += cross[pair][bin].x * cos(phase) + cross[pair][bin].y * sin(phase)
                }
            }
            return sum
        }
        let candidates = (-180..<180).map { Angle.radians(degrees: Double($0)) }
        return candidates.max { power($0) < power($1) } ?? 0
    }

    /// A transform of a power of two, by halves (Cooley and Tukey).
    static func transform(_ values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        guard values.count > 1 else { return values }
        let half = values.count / 2
        let even = transform((0..<half).map { values[2 * $0] })
        let odd = transform((0..<half).map { values[2 * $0 + 1] })
        var result = values
        for index in 0..<half {
            let phase = -.pi * Double(index) / Double(half)
            let turn = SIMD2(cos(phase), sin(phase))
            let turned = SIMD2(
                odd[index].x * turn.x - odd[index].y * turn.y,
                odd[index].x * turn.y + odd[index].y * turn.x)
            result[index] = even[index] + turned
            result[index + half] = even[index] - turned
        }
        return result
    }
}
