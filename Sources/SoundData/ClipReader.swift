public import Foundation

/// Reads the samples of clips at one sample rate.
///
/// Recordings of several channels become their mean, except segments of a data set recorded with a
/// microphone array, which keep their channels.
public struct ClipReader: Sendable {
    /// Units: Hz.
    public let sampleRate: Int

    public init(sampleRate: Int = 16_000) {
        self.sampleRate = sampleRate
    }

    /// The clip as one channel.
    ///
    /// Shape: one sample a 1/`sampleRate` seconds. Units: full scale is 1.
    /// Throws: ``SoundDataError/unreadable(_:)``, also for a clip that is silent throughout.
    public func load(_ clip: Clip) throws -> [Float] {
        let channels = try loadChannels(clip)
        return channels.count == 1 ? channels[0] : Self.mean(channels)
    }

    /// The samples of an audio file as one channel.
    public func load(_ file: URL) throws -> [Float] {
        try load(
            Clip(
                identifier: file.path, label: 0, split: .test, group: file.path,
                source: .file(file), seconds: 0))
    }

    /// All channels of an audio file, one row each.
    public func loadChannels(_ file: URL) throws -> [[Float]] {
        let clip = Clip(
            identifier: file.path, label: 0, split: .test, group: file.path, source: .file(file),
            seconds: 0)
        return try decode(clip, file, seconds: nil, keepsChannels: true)
    }

    /// The clip with one row a channel.
    public func loadChannels(_ clip: Clip) throws -> [[Float]] {
        let channels: [[Float]]
        switch clip.source {
        case .synthetic(let category, let variant, let seed):
            let event = SoundEvents.Event(category: category, variant: variant, seed: seed)
            return [SoundEvents.samples(of: event, sampleRate: sampleRate)]
        case .file(let url):
            channels = try decode(clip, url, seconds: nil, keepsChannels: false)
        case .segment(let segment):
            channels = try decode(
                clip, segment.file, seconds: segment.start..<segment.end, keepsChannels: true)
        }
        guard channels.contains(where: { $0.contains { $0 != 0 } }) else {
            throw SoundDataError.unreadable(
                UnreadableClip(path: clip.identifier, reason: "every sample is zero"))
        }
        return channels
    }

    /// All channels, or (resampled once) their mean.
    private func decode(
        _ clip: Clip, _ url: URL, seconds: Range<Double>?, keepsChannels: Bool
    ) throws -> [[Float]] {
        do {
            let file = try AudioFile(url)
            var frames = 0..<file.frameCount
            if let seconds {
                let rate = Double(file.sampleRate)
                let last = Double(file.frameCount)
                let start = Int(min(last, max(0, seconds.lowerBound * rate)))
                frames = start..<max(start, Int(min(last, seconds.upperBound * rate)))
                guard !frames.isEmpty else {
                    throw AudioFileFault(reason: "it ends before \(seconds.lowerBound) s")
                }
            }
            let interleaved = try file.readInterleaved(frames)
            let channels = Self.planes(interleaved, count: file.channelCount)
            if keepsChannels {
                return try channels.map {
                    try Resampler.convert($0, from: file.sampleRate, to: sampleRate)
                }
            }
            return [
                try Resampler.convert(Self.mean(channels), from: file.sampleRate, to: sampleRate)
            ]
        } catch let fault as AudioFileFault {
            throw SoundDataError.unreadable(
                UnreadableClip(path: clip.identifier, reason: fault.reason))
        }
    }

    private static func planes(_ interleaved: [Float], count: Int) -> [[Float]] {
        guard count > 1 else { return [interleaved] }
        return (0..<count).map { channel in
            stride(from: channel, to: interleaved.count, by: count).map { interleaved[$0] }
        }
    }

    private static func mean(_ channels: [[Float]]) -> [Float] {
        guard channels.count > 1 else { return channels[0] }
        let weight = 1 / Float(channels.count)
        return channels[0].indices.map { index in
            channels.reduce(0) { $0 + $1[index] } * weight
        }
    }
}
