/// The four augmentations of MC-SimCLR, in the order in which they are applied
/// (arXiv 2309.15938, section 2).
public enum Augmentation: String, Sendable, Codable, Hashable, CaseIterable {
    /// Reorders the microphones as a rotation or reflection of the array would.
    case channelSwap = "channel_swap"
    /// Adds a quieter second recording to the waveforms.
    case mixup
    /// Crops the maps in time (mel maps in frequency too) and stretches the crop to full size.
    case randomResizedCrop = "random_resized_crop"
    /// Masks whole mel or GCC channels.
    case channelDrop = "channel_drop"
}

/// Which augmentations make the two views of a recording, and how strongly.
public struct AugmentationSettings: Sendable, Codable, Hashable {
    /// Where the reorderings of ChannelSwap come from.
    public enum SwapMode: String, Sendable, Codable, Hashable, CaseIterable {
        /// The array's own symmetries: each reordering equals a change of azimuth.
        case symmetries
        /// Any order: no direction of a real source would give most of them.
        case permutations
    }

    /// Which views of a pair ChannelSwap changes.
    public enum SwapViews: String, Sendable, Codable, Hashable, CaseIterable {
        /// Both, by the same reordering, so that the pair still agrees on the direction.
        case both
        /// One only, which teaches the encoder to forget the direction.
        case one
    }

    public var enabled: [Augmentation] = Augmentation.allCases
    public var channelSwapMode: SwapMode = .symmetries
    public var channelSwapViews: SwapViews = .both
    /// Level of the recording above the one mixed in. Units: dB.
    public var mixupLevel: ClosedRange<Double> = 5...20
    /// Share of a patch's time that a crop keeps.
    public var cropTime: ClosedRange<Double> = 0.5...1
    /// Share of the mel bands that a crop keeps.
    public var cropFrequency: ClosedRange<Double> = 0.6...1
    /// Whether the crop in frequency applies to the lag axis of the GCC maps too.
    public var cropsLags = false
    /// Probability that a channel is masked, each channel by itself.
    public var channelDropProbability = 0.1

    public init() {}

    public func uses(_ augmentation: Augmentation) -> Bool { enabled.contains(augmentation) }
}
