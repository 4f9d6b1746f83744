public import AudioFeatures
import Foundation
public import Platform
public import SoundData
import Synchronization

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
    /// Of the recordings that were asked for.
    private let levels = Mutex<[Int: Double?]>([:])

    /// How many recordings the statistics are taken from at most, evenly spaced over the split.
    private static let recordingsForStatistics = 2000

    /// - Parameters:
    ///   - training: recordings of the training split: the statistics come from these alone.
    ///   - gccWeight: deviation of the GCC maps after normalisation (mel maps have 1).
    ///   - byteLimit: maps that would take more are not kept.
    ///   - team: who computes; the maps are the same however many they are.
    public init(
        bank: RecordingBank, settings: FeatureSettings, training: [Int], gccWeight: Double,
        byteLimit: Int, team: ThreadTeam = ThreadTeam()
    ) throws {
        guard !training.isEmpty else { throw MCSimCLRError.noRecordings(split: "training") }
        self.bank = bank
        self.settings = settings
        channels = settings.channels(microphones: bank.microphones)
        bins = settings.bins
        frames = bank.recordings.map { settings.frames(samples: $0.sampleCount) }
        let extractors = try Self.extractors(settings, microphones: bank.microphones)
        let floatCount = frames.reduce(0, +) * channels * bins
        if floatCount * MemoryLayout<Float>.stride <= byteLimit {
            kept = KeptMaps(
                bank: bank, frames: frames, sizeOfFrame: channels * bins, extractors, team)
        } else {
            kept = nil
        }
        normalisation = ChannelNormalisation(
            moments: Self.moments(
                of: training, bank: bank, channels: channels, kept: kept, extractors, team),
            microphones: bank.microphones, gccWeight: gccWeight)
        let chosen = Self.forStatistics(training)
        let found = Self.levels(of: chosen, bank, team)
        let heard = found.compactMap(\.self)
        level = heard.isEmpty ? 0 : heard.reduce(0, +) / Double(heard.count)
        levels.withLock { $0 = Dictionary(zip(chosen, found)) { first, _ in first } }
    }

    /// The maps of another bank of the same array, made and normalised as `other` are.
    ///
    /// - Parameter byteLimit: maps that would take more are not kept.
    public init(
        bank: RecordingBank, like other: FeatureMaps, byteLimit: Int,
        team: ThreadTeam = ThreadTeam()
    ) throws {
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
                try Self.extractors(settings, microphones: bank.microphones), team) : nil
    }

    /// One for each thread.
    private static func extractors(
        _ settings: FeatureSettings, microphones: Int
    ) throws -> ThreadLanes<FeatureExtractor> {
        // What is at fault with the settings shows with the first.
        let first = try FeatureExtractor(settings, microphones: microphones)
        var isTaken = false
        return ThreadLanes {
            defer { isTaken = true }
            guard
                let extractor = isTaken
                    ? try? FeatureExtractor(settings, microphones: microphones) : first
            else { preconditionFailure("settings that were good once are not any more") }
            return extractor
        }
    }

    /// Size of the maps that are kept in memory.
    public var keptBytes: Int {
        kept == nil ? 0 : frames.reduce(0, +) * channels * bins * MemoryLayout<Float>.stride
    }

    /// The whole map of a recording if it is kept. Shape: [channels, frames, bins].
    func map(of recording: Int) -> UnsafeBufferPointer<Float>? { kept?[recording] }

    /// Mean power over all channels of a recording; nil where there is none. Units: dB.
    func level(of recording: Int) -> Double? {
        if let known = levels.withLock({ $0[recording] }) { return known }
        let level = Self.level(of: recording, bank)
        levels.withLock { $0[recording] = .some(level) }
        return level
    }

    private static func levels(
        of recordings: [Int], _ bank: RecordingBank, _ team: ThreadTeam
    ) -> [Double?] {
        var levels = [Double?](repeating: nil, count: recordings.count)
        levels.withUnsafeMutableBufferPointer { levels in
            let levels = levels
            team.perform(recordings.count) { place, _ in
                levels[place] = level(of: recordings[place], bank)
            }
        }
        return levels
    }

    private static func level(of recording: Int, _ bank: RecordingBank) -> Double? {
        recordingLevel(bank.read(recording))
    }

    private static func forStatistics(_ training: [Int]) -> [Int] {
        let stride = max(1, training.count / recordingsForStatistics)
        return Swift.stride(from: 0, to: training.count, by: stride).map { training[$0] }
    }

    /// Each recording's by itself, added in their order.
    private static func moments(
        of training: [Int], bank: RecordingBank, channels: Int, kept: KeptMaps?,
        _ extractors: ThreadLanes<FeatureExtractor>, _ team: ThreadTeam
    ) -> [ChannelMoments] {
        let none = [ChannelMoments](repeating: ChannelMoments(), count: channels)
        let chosen = forStatistics(training)
        var own = [[ChannelMoments]](repeating: none, count: chosen.count)
        own.withUnsafeMutableBufferPointer { own in
            let own = own
            team.perform(chosen.count, extractors) { place, extractor in
                let recording = chosen[place]
                if let map = kept?[recording] {
                    gatherMoments(of: map, into: &own[place])
                } else {
                    extractor(
                        bank.read(recording), sampleCount: bank.recordings[recording].sampleCount
                    ).withUnsafeBufferPointer { gatherMoments(of: $0, into: &own[place]) }
                }
            }
        }
        return own.reduce(into: none) { sum, own in
            for channel in own.indices { sum[channel].add(own[channel]) }
        }
    }
}

/// Mean power over all samples; nil for silence. Units: dB.
func recordingLevel(_ samples: [Float]) -> Double? {
    let mean = samples.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { power($0, count: buffer.count) } ?? 0
    }
    return mean > 0 ? 10 * log10(mean) : nil
}
