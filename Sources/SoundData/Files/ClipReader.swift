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
        try channels(of: file, keepsChannels: true)
    }

    /// The samples of an audio file as one channel.
    public func load(_ file: URL) throws -> [Float] {
        try channels(of: file, keepsChannels: false)[0]
    }

    /// The clip with one row a channel.
    public func loadChannels(_ clip: Clip) throws -> [[Float]] {
        try load(clip, stretch: nil)
    }

    /// The clip with one row a channel; of one longer than `count` samples its loudest stretch of that
    /// length.
    ///
    /// Long recordings are decoded twice, so that they need not be kept.
    package func loadChannels(_ clip: Clip, loudest count: Int) throws -> [[Float]] {
        let kept = if case .segment = clip.source { Self.keptSamples / 4 } else { Self.keptSamples }
        guard clip.seconds * Double(sampleRate) > Double(max(count, kept)) else {
            let channels = try loadChannels(clip)
            return channels[0].count > count
                ? SoundFitting.fit(channels, count: count, sampleRate: sampleRate) : channels
        }
        var search: LoudestStretch?
        try decode(clip) { block in
            if search == nil { search = LoudestStretch(count: count, channels: block.count) }
            search?.add(block)
            return true
        }
        guard let search else { return [] }
        guard search.length > count else { return search.whole }
        return try load(clip, stretch: search.start..<(search.start + count))
    }

    /// Sounds up to this length are kept whole, a quarter of it where they have several channels.
    /// Units: samples a channel.
    private static let keptSamples = 1 << 20

    /// What reading a clip of any length holds at most, besides the stretch that is used: a sound that
    /// is kept whole, as it grows, and a block of the file.
    package static let bytesInUse = 2 * keptSamples * MemoryLayout<Float>.size + (4 << 20)

    private func load(_ clip: Clip, stretch: Range<Int>?) throws -> [[Float]] {
        if case .synthetic(let category, let variant, let seed) = clip.source {
            let event = SoundEvents.Event(category: category, variant: variant, seed: seed)
            return [SoundEvents.samples(of: event, sampleRate: sampleRate)]
        }
        var channels: [[Float]] = []
        var length = 0
        try decode(clip) { block in
            let end = length + block[0].count
            let wanted = stretch?.clamped(to: length..<end) ?? length..<end
            if channels.isEmpty { channels = Array(repeating: [], count: block.count) }
            for row in block.indices where !wanted.isEmpty {
                channels[row] +=
                    block[row][(wanted.lowerBound - length)..<(wanted.upperBound - length)]
            }
            length = end
            return stretch.map { end < $0.upperBound } ?? true
        }
        return channels
    }

    private func decode(_ clip: Clip, _ body: ([[Float]]) throws -> Bool) throws {
        switch clip.source {
        case .synthetic: break
        case .file(let url): try decode(clip, url, nil, keepsChannels: false, body)
        case .segment(let segment):
            try decode(clip, segment.file, segment, keepsChannels: true, body)
        }
    }

    /// All channels of an audio file, one row each, or their mean.
    private func channels(of file: URL, keepsChannels: Bool) throws -> [[Float]] {
        let clip = Clip(
            identifier: FilePath.shown(file.path), label: 0, split: .test, group: "",
            source: .file(file), seconds: 0)
        var channels: [[Float]] = []
        try decode(clip, file, nil, keepsChannels: keepsChannels) { block in
            if channels.isEmpty { channels = Array(repeating: [], count: block.count) }
            for row in block.indices { channels[row] += block[row] }
            return true
        }
        return channels
    }

    /// Hands over the sound of a file in blocks at the reader's rate, until `body` returns false.
    private func decode(
        _ clip: Clip, _ url: URL, _ segment: RecordedSegment?, keepsChannels: Bool,
        _ body: ([[Float]]) throws -> Bool
    ) throws {
        do {
            if let stamp = clip.stamp {
                guard try RegularFile(url.path).stamp == stamp else {
                    throw SoundDataError.changed(path: clip.identifier)
                }
            } else if let fault = try FileFacts(url).fault(mixed: !keepsChannels) {
                // Nobody has looked at it yet.
                throw fault
            }
            let file = try AudioFile(url)
            let length = try decode(
                file, segment, scale: clip.scale, keepsChannels: keepsChannels, body)
            if length == 0 { throw file.emptiness }
        } catch let fault as AudioFileFault {
            throw SoundDataError.unreadable(
                UnreadableClip(path: clip.identifier, reason: fault.reason))
        }
    }

    /// Returns how many frames were decoded.
    private func decode(
        _ file: AudioFile, _ segment: RecordedSegment?, scale: Double, keepsChannels: Bool,
        _ body: ([[Float]]) throws -> Bool
    ) throws -> Int {
        let frames = segment?.frames(sampleRate: file.sampleRate, frameCount: .max >> 12)
        var left = frames?.count ?? .max
        var length = 0
        try file.seek(to: frames?.lowerBound ?? 0)
        let resamplers = try (0..<(keepsChannels ? file.channelCount : 1)).map { _ in
            try Resampler(from: file.sampleRate, to: sampleRate)
        }
        while left > 0 {
            let count = file.readBlock(atMost: left)
            guard count > 0 else { break }
            left -= count
            length += count
            let rows = try resamplers.indices.map { row in
                try resamplers[row].add(
                    keepsChannels
                        ? Self.channel(row, of: file.block, count: file.channelCount, scale: scale)
                        : Self.mean(file.block, count: file.channelCount, scale: scale))
            }
            guard try body(rows) else { return length }
        }
        _ = try body(try resamplers.map { try $0.finish() })
        return length
    }

    private static func channel(
        _ channel: Int, of block: [Double], count: Int, scale: Double
    ) -> [Float] {
        stride(from: channel, to: block.count, by: count).map { Float(block[$0] * scale) }
    }

    private static func mean(_ block: [Double], count: Int, scale: Double) -> [Float] {
        let weight = scale / Double(count)
        return stride(from: 0, to: block.count, by: count).map { frame in
            var sum = 0.0
            for index in frame..<(frame + count) { sum += block[index] }
            return Float(sum * weight)
        }
    }
}
