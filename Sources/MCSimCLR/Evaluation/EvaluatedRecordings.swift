import AudioFeatures
import Foundation
import NeuralNetwork

/// Recordings that an evaluation looks at: those of a bank, or one from anywhere else. Patches, level
/// and normalisation are the same for both, so that `embed` says of a recording what a probe did.
protocol EvaluatedRecordings: AnyObject {
    var channels: Int { get }
    var bins: Int { get }
    /// (Pooled) frames of a recording.
    func frames(of recording: Int) -> Int
    /// Mean power over all samples; nil for silence. Units: dB.
    func level(of recording: Int) -> Double?
    /// Draws one patch a row. Shape of target: [plans, channels, patch frames, bins].
    func render(_ plans: [ViewPlan], into target: Tensor)
}

/// The recordings of a bank.
final class BankRecordings: EvaluatedRecordings {
    private let maps: FeatureMaps
    private let renderer: ViewRenderer

    init(_ maps: FeatureMaps, patchFrames: Int) throws {
        self.maps = maps
        renderer = try ViewRenderer(maps, patchFrames: patchFrames)
    }

    var channels: Int { maps.channels }
    var bins: Int { maps.bins }
    func frames(of recording: Int) -> Int { maps.frames[recording] }
    func level(of recording: Int) -> Double? { maps.level(of: recording) }
    func render(_ plans: [ViewPlan], into target: Tensor) { renderer.render(plans, into: target) }
}

/// A single recording that is in no bank.
final class LooseRecording: EvaluatedRecordings {
    let channels: Int
    let bins: Int
    private let microphones: Int
    private let normalisation: ChannelNormalisation
    private let patchFrames: Int
    private let frames: Int
    private let level: Double
    /// Shape: [channels, frames, bins].
    private let map: [Float]

    /// A recording this far from the wanted level is scaled before it is analysed, so that it drowns
    /// neither in the floor of the decibels nor leaves the range of 32-bit floats. Units: dB.
    private static let farLevel = 20.0

    /// - Parameters:
    ///   - samples: Shape: planar [microphones, samples].
    ///   - level: the level that it will be brought to. Units: dB.
    ///
    /// Throws: ``MCSimCLRError`` for one that is too short, silent or not finite.
    init(
        _ samples: [Float], microphones: Int, features: FeatureSettings,
        normalisation: ChannelNormalisation, patchFrames: Int, level target: Double
    ) throws {
        let sampleCount = samples.count / max(1, microphones)
        frames = features.frames(samples: sampleCount)
        guard frames >= patchFrames else {
            throw MCSimCLRError.recordingTooShort(
                seconds: Double(sampleCount) / Double(features.sampleRate),
                needed: Double(features.samples(frames: patchFrames))
                    / Double(features.sampleRate))
        }
        guard samples.allSatisfy(\.isFinite) else { throw MCSimCLRError.recordingNotFinite }
        let squares = samples.reduce(0) { $0 + Double($1) * Double($1) }
        guard squares > 0 else { throw MCSimCLRError.silentRecording }
        var samples = samples
        let rough = 10 * log10(squares / Double(samples.count))
        if abs(rough - target) > Self.farLevel {
            let gain = pow(10, (target - rough) / 20)
            for index in samples.indices { samples[index] = Float(Double(samples[index]) * gain) }
        }
        guard let level = recordingLevel(samples) else { throw MCSimCLRError.silentRecording }
        self.level = level
        self.microphones = microphones
        self.normalisation = normalisation
        self.patchFrames = patchFrames
        channels = features.channels(microphones: microphones)
        bins = features.bins
        map = try FeatureExtractor(features, microphones: microphones)(
            samples, sampleCount: sampleCount)
    }

    func frames(of recording: Int) -> Int { frames }
    func level(of recording: Int) -> Double? { level }

    /// The whole of it, as a patch of all its frames would be. Shape: [channels, frames, bins].
    ///
    /// - Parameter gain: Units: dB.
    func normalised(gain: Float) -> [Float] {
        var values = map
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            for channel in 0..<channels {
                let place = start + channel * frames * bins
                normalise(
                    place, into: place, count: frames * bins,
                    AffineMap(
                        normalisation, channel: channel, microphones: microphones, gain: gain))
            }
        }
        return values
    }

    func render(_ plans: [ViewPlan], into target: Tensor) {
        let size = patchFrames * bins
        target.withUnsafeMutableBuffer { target in
            map.withUnsafeBufferPointer { map in
                guard let to = target.baseAddress, let from = map.baseAddress else { return }
                for (place, plan) in plans.enumerated() {
                    for channel in 0..<channels {
                        normalise(
                            from + (channel * frames + plan.firstFrame) * bins,
                            into: to + (place * channels + channel) * size, count: size,
                            AffineMap(
                                normalisation, channel: channel, microphones: microphones,
                                gain: plan.gain))
                    }
                }
            }
        }
    }
}
