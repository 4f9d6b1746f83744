public import Acoustics
import AudioFeatures
import Foundation
import MCSimCLRStudy
import Randomness

/// What the features of one simulated recording say: the direction that is found, and the figures by
/// which methods of simulation are compared.
public struct SceneReading: Sendable, Hashable, Codable {
    /// Of the direction that steered response power finds. Units: degrees.
    public var azimuthError: Double
    /// Over bands, frames and microphones. Units: decibels.
    public var melMean: Double
    public var melDeviation: Double
    /// Over lags, frames and pairs.
    public var correlationDeviation: Double
    /// The mean correlation at the true lags of the direct sound, over frames and pairs.
    public var ridge: Double
    /// Read off the impulse responses, the mean over microphones; nil where none decays far enough.
    /// Units: seconds.
    public var reverberationTime: Double?

    /// Readings of scenes drawn from the default distribution, with one reverberation time: bursts
    /// of white noise of 0.1 to 0.3 s, 1.5 s in all, four microphones on a circle of 10 cm.
    ///
    /// Both methods see the same scenes and the same sounds.
    ///
    /// Throws: `AcousticsError` for a reverberation time that no room has.
    public static func readings(
        _ count: Int, reverberationTime: Double, method: SimulationMethod, seed: UInt64 = 0
    ) throws -> [SceneReading] {
        var settings = SceneSettings()
        settings.reverberationTime = reverberationTime...reverberationTime
        settings.method = method
        var stream = Stream(seed, "scene readings")
        let reader = try SceneReader()
        return try (0..<count).map { index in
            let scene = try Scene.draw(settings, array: SceneReader.array, using: &stream)
            return try reader.read(scene, sound: Stream(seed, "scene readings/sound", index))
        }
    }
}

/// Renders scenes and reads their features; one thread at a time.
private final class SceneReader {
    static let array = MicrophoneArray.circular(count: 4, diameter: 0.1)
    private static let sampleCount = 24_000

    private let settings = FeatureSettings()
    private let renderer: SceneRenderer
    private let extractor: FeatureExtractor
    private let steered: SteeredResponse

    init() throws {
        renderer = SceneRenderer(array: Self.array, sampleRate: settings.sampleRate)
        extractor = try FeatureExtractor(settings, microphones: Self.array.count)
        steered = try SteeredResponse(settings, positions: Self.array.positions)
    }

    func read(_ scene: Scene, sound: Randomness.Stream) throws -> SceneReading {
        var sound = sound
        let dry = Self.bursts(&sound)
        let recording = try renderer.render(
            [dry], scene: scene, sampleCount: Self.sampleCount, noise: &sound)
        let responses = try renderer.impulseResponses(scene, source: 0)
        // To one level, as recordings are before they are stored.
        let gain = Float(0.1 / max(recording.power.squareRoot(), 1e-12))
        let maps = extractor(
            recording.samples.map { $0 * gain }, sampleCount: Self.sampleCount)
        let frames = settings.frames(samples: Self.sampleCount)
        let found = try steered.azimuth(maps, frames: frames)
        let split = Self.array.count * frames * settings.bins
        let mel = Self.moments(maps[..<split])
        let times = (0..<Self.array.count).compactMap {
            Reverberation.time(responses.channel($0), sampleRate: settings.sampleRate)
        }
        return SceneReading(
            azimuthError: Angle.degrees(
                radians: Angle.absoluteDifference(found, scene.azimuth(ofSource: 0))),
            melMean: mel.mean, melDeviation: mel.deviation,
            correlationDeviation: Self.moments(maps[split...]).deviation,
            ridge: ridge(maps, frames: frames, scene: scene),
            reverberationTime: times.isEmpty ? nil : times.reduce(0, +) / Double(times.count))
    }

    /// Sounds with pauses, in which reverberation can be seen.
    private static func bursts(_ stream: inout Randomness.Stream) -> [Float] {
        var samples = [Float](repeating: 0, count: sampleCount)
        var start = 0
        while start < sampleCount {
            let length = stream.index(below: 3200) + 1600
            for index in start..<min(start + length, sampleCount) {
                samples[index] = Float(stream.normal())
            }
            start += length + 4000
        }
        return samples
    }

    private func ridge(_ maps: [Float], frames: Int, scene: Scene) -> Double {
        let truth = SceneTruth(scene, array: Self.array, gain: 1)
        let pairs = MicrophonePairs.all(Self.array.count)
        var sum = 0.0
        for (index, pair) in pairs.enumerated() {
            let lag = truth.lags(pair, source: 0, times: [0], sampleRate: settings.sampleRate)[0].y
            let place = lag / settings.lagSpacing + Double(settings.lags - 1) / 2
            let bin = min(max(Int(place.rounded()), 0), settings.bins - 1)
            for frame in 0..<frames {
                let row = ((Self.array.count + index) * frames + frame) * settings.bins
                sum += Double(maps[row + bin])
            }
        }
        return sum / Double(pairs.count * frames)
    }

    private static func moments(_ values: ArraySlice<Float>) -> (mean: Double, deviation: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / count
        let variance =
            values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        return (mean, variance.squareRoot())
    }
}
