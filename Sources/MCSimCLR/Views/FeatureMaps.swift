public import AudioFeatures
import Foundation
public import SoundData

/// The feature maps of a bank's recordings, and the statistics that normalise them.
///
/// Maps of a small bank are computed once and kept, shared by all workers; those of a large one are
/// computed from the recording each time that a patch is drawn. Both give the same bits: a frame
/// depends on its own samples alone.
public final class FeatureMaps: Sendable {
    public let bank: RecordingBank
    public let settings: FeatureSettings
    public let normalisation: ChannelNormalisation
    /// Mean level of the recordings that the statistics come from: what evaluations bring every
    /// recording to. Units: dB (``level(of:)``).
    public let level: Double
    /// Number of (pooled) frames of each recording.
    public let frames: [Int]
    public let channels: Int
    public let bins: Int
    private let kept: KeptMaps?

    /// How many recordings the statistics are taken from at most, evenly spaced over the split.
    private static let recordingsForStatistics = 2000

    /// - Parameters:
    ///   - training: recordings of the training split: the statistics come from these alone.
    ///   - gccWeight: deviation of the GCC maps after normalisation (mel maps have 1).
    ///   - byteLimit: maps that would take more are not kept.
    public init(
        bank: RecordingBank, settings: FeatureSettings, training: [Int], gccWeight: Double,
        byteLimit: Int
    ) throws {
        guard !training.isEmpty else { throw MCSimCLRError.noRecordings(split: "training") }
        self.bank = bank
        self.settings = settings
        channels = settings.channels(microphones: bank.microphones)
        bins = settings.bins
        frames = bank.recordings.map { settings.frames(samples: $0.sampleCount) }
        let extractor = try FeatureExtractor(settings, microphones: bank.microphones)
        let floatCount = frames.reduce(0, +) * channels * bins
        if floatCount * MemoryLayout<Float>.stride <= byteLimit {
            kept = KeptMaps(bank: bank, frames: frames, sizeOfFrame: channels * bins, extractor)
        } else {
            kept = nil
        }
        normalisation = ChannelNormalisation(
            moments: Self.moments(
                of: training, bank: bank, channels: channels, frames: frames, bins: bins,
                kept: kept, extractor: extractor),
            microphones: bank.microphones, gccWeight: gccWeight)
        let levels = Self.forStatistics(training).compactMap { Self.level(of: $0, bank) }
        level = levels.isEmpty ? 0 : levels.reduce(0, +) / Double(levels.count)
    }

    /// The maps of another bank of the same array, made and normalised as `other` are.
    ///
    /// - Parameter byteLimit: maps that would take more are not kept.
    public init(bank: RecordingBank, like other: FeatureMaps, byteLimit: Int) throws {
        precondition(bank.microphones == other.bank.microphones, "maps of another array")
        self.bank = bank
        settings = other.settings
        normalisation = other.normalisation
        level = other.level
        channels = other.channels
        bins = other.bins
        frames = bank.recordings.map { other.settings.frames(samples: $0.sampleCount) }
        let size = frames.reduce(0, +) * channels * bins * MemoryLayout<Float>.stride
        kept =
            size <= byteLimit
            ? KeptMaps(
                bank: bank, frames: frames, sizeOfFrame: channels * bins,
                try FeatureExtractor(settings, microphones: bank.microphones)) : nil
    }

    /// Size of the maps that are kept in memory.
    public var keptBytes: Int {
        kept == nil ? 0 : frames.reduce(0, +) * channels * bins * MemoryLayout<Float>.stride
    }

    /// The whole map of a recording if it is kept. Shape: [channels, frames, bins].
    func map(of recording: Int) -> UnsafeBufferPointer<Float>? { kept?[recording] }

    /// Mean power over all channels of a recording; nil where there is none. Units: dB.
    func level(of recording: Int) -> Double? { Self.level(of: recording, bank) }

    private static func level(of recording: Int, _ bank: RecordingBank) -> Double? {
        recordingLevel(bank.read(recording))
    }

    private static func forStatistics(_ training: [Int]) -> [Int] {
        let stride = max(1, training.count / recordingsForStatistics)
        return Swift.stride(from: 0, to: training.count, by: stride).map { training[$0] }
    }

    private static func moments(
        of training: [Int], bank: RecordingBank, channels: Int, frames: [Int], bins: Int,
        kept: KeptMaps?, extractor: FeatureExtractor
    ) -> [ChannelMoments] {
        var moments = [ChannelMoments](repeating: ChannelMoments(), count: channels)
        var scratch: [Float] = []
        for recording in forStatistics(training) {
            if let map = kept?[recording] {
                gatherMoments(of: map, into: &moments)
            } else {
                let samples = bank.read(recording)
                scratch = extractor(samples, sampleCount: bank.recordings[recording].sampleCount)
                scratch.withUnsafeBufferPointer { gatherMoments(of: $0, into: &moments) }
            }
        }
        return moments
    }
}

/// Mean power over all samples; nil for silence. Units: dB.
func recordingLevel(_ samples: [Float]) -> Double? {
    let mean = samples.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { power($0, count: buffer.count) } ?? 0
    }
    return mean > 0 ? 10 * log10(mean) : nil
}
