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
        guard channels.count > 1 else { return channels[0] }
        let weight = 1 / Float(channels.count)
        return channels[0].indices.map { index in
            channels.reduce(0) { $0 + $1[index] } * weight
        }
    }

    /// All channels of an audio file, one row each.
    public func loadChannels(_ file: URL) throws -> [[Float]] {
        try channels(of: file, named: file.path, keepsChannels: true)
    }

    /// The samples of an audio file as one channel.
    public func load(_ file: URL) throws -> [Float] {
        try channels(of: file, named: file.path, keepsChannels: false)[0]
    }

    /// The clip with one row a channel.
    public func loadChannels(_ clip: Clip) throws -> [[Float]] {
        switch clip.source {
        case .synthetic(let category, let variant, let seed):
            let event = SoundEvents.Event(category: category, variant: variant, seed: seed)
            return [SoundEvents.samples(of: event, sampleRate: sampleRate)]
        case .file(let url):
            return try channels(
                of: url, named: clip.identifier, stamp: clip.stamp, keepsChannels: false)
        case .segment(let segment):
            return try channels(
                of: segment.file, named: clip.identifier, stamp: clip.stamp, segment: segment,
                keepsChannels: true)
        }
    }

    /// All channels, or (resampled once) their mean.
    private func channels(
        of url: URL, named name: String, stamp: FileStamp? = nil,
        segment: RecordedSegment? = nil, keepsChannels: Bool
    ) throws -> [[Float]] {
        do {
            if let stamp {
                guard try RegularFile(url.path).stamp == stamp else {
                    throw SoundDataError.changed(path: name)
                }
            } else if let fault = try FileFacts(url).fault(mixed: !keepsChannels) {
                // Nobody has looked at it yet.
                throw fault
            }
            return try decode(AudioFile(url), segment, keepsChannels: keepsChannels)
        } catch let fault as AudioFileFault {
            throw SoundDataError.unreadable(UnreadableClip(path: name, reason: fault.reason))
        }
    }

    private func decode(
        _ file: AudioFile, _ segment: RecordedSegment?, keepsChannels: Bool
    ) throws -> [[Float]] {
        let frames = segment?.frames(sampleRate: file.sampleRate, frameCount: .max >> 12)
        var left = frames?.count ?? .max
        try file.seek(to: frames?.lowerBound ?? 0)
        let rows = keepsChannels ? file.channelCount : 1
        let resamplers = try (0..<rows).map { _ in
            try Resampler(from: file.sampleRate, to: sampleRate)
        }
        while left > 0 {
            let count = file.readBlock(atMost: left)
            guard count > 0 else { break }
            left -= count
            for row in 0..<rows {
                let samples =
                    keepsChannels
                    ? Self.channel(row, of: file.block, count: file.channelCount)
                    : Self.mean(file.block, count: file.channelCount)
                try resamplers[row].add(samples)
            }
        }
        let result = try resamplers.indices.map { try resamplers[$0].finish() }
        guard let first = result.first, !first.isEmpty else { throw file.emptiness }
        return result
    }

    private static func channel(_ channel: Int, of block: [Double], count: Int) -> [Float] {
        stride(from: channel, to: block.count, by: count).map { Float(block[$0]) }
    }

    private static func mean(_ block: [Double], count: Int) -> [Float] {
        let weight = 1 / Double(count)
        return stride(from: 0, to: block.count, by: count).map { frame in
            var sum = 0.0
            for index in frame..<(frame + count) { sum += block[index] }
            return Float(sum * weight)
        }
    }
}
