import Randomness

/// What may be done to a view, in this order. Each is in a file of its own beside this one, with its
/// settings, what chance decides of it, and what it does; here they are put together.
public enum Augmentation: String, Sendable, Codable, Hashable, CaseIterable {
    /// Reorders the microphones as a rotation or reflection of the array would.
    case channelSwap = "channel_swap"
    /// Adds a quieter second recording to the waveforms.
    case mixup
    /// Crops the maps in time (mel maps in frequency too) and stretches the crop to full size.
    case randomResizedCrop = "random_resized_crop"
    /// Masks whole mel or GCC channels.
    case channelDrop = "channel_drop"
    /// Shifts all mel maps by the same few bands.
    case frequencyShift = "frequency_shift"
    /// Masks stretches of time and bands, the same of all channels.
    case timeFrequencyMask = "time_frequency_mask"

    /// The four of MC-SimCLR (arXiv 2309.15938, section 2): what is used where nothing is said.
    public static let paper: [Augmentation] = [
        .channelSwap, .mixup, .randomResizedCrop, .channelDrop,
    ]
}

/// Which augmentations make the two views of a recording, and how strongly.
public struct AugmentationSettings: Sendable, Codable, Hashable {
    public var enabled = Augmentation.paper
    public var channelSwap = ChannelSwap()
    public var mixup = Mixup()
    public var randomResizedCrop = RandomResizedCrop()
    public var channelDrop = ChannelDrop()
    public var frequencyShift = FrequencyShift()
    public var timeFrequencyMask = TimeFrequencyMask()

    public init(enabled: [Augmentation] = Augmentation.paper) { self.enabled = enabled }

    public func uses(_ augmentation: Augmentation) -> Bool { enabled.contains(augmentation) }
}

/// What chance decided of each augmentation of a view; nil for one that is not used.
public struct DrawnAugmentations: Sendable, Hashable {
    public var channelSwap: ChannelSwap.Draw?
    public var mixup: Mixup.Draw?
    public var randomResizedCrop: RandomResizedCrop.Draw?
    public var channelDrop: ChannelDrop.Draw?
    public var frequencyShift: FrequencyShift.Draw?
    public var timeFrequencyMask: TimeFrequencyMask.Draw?

    public init() {}
}

extension AugmentationSettings {
    /// Decides on one augmentation of both views of a pair: a function of the streams alone.
    func draw(
        _ augmentation: Augmentation, for pair: inout (first: ViewPlan, second: ViewPlan),
        from choices: ViewChoices, _ streams: PairStreams
    ) {
        func each<Draw>(
            _ place: WritableKeyPath<DrawnAugmentations, Draw?>,
            _ draw: (ViewPlan, inout Stream) -> Draw?
        ) {
            var (first, second) = (streams.ofView(0), streams.ofView(1))
            pair.first.drawn[keyPath: place] = draw(pair.first, &first)
            pair.second.drawn[keyPath: place] = draw(pair.second, &second)
        }
        switch augmentation {
        case .channelSwap:
            let orders = channelSwap.draw(from: choices, streams)
            pair.first.drawn.channelSwap = orders.first
            pair.second.drawn.channelSwap = orders.second
        case .mixup: each(\.mixup) { mixup.draw(for: $0, from: choices, &$1) }
        case .randomResizedCrop:
            each(\.randomResizedCrop) { randomResizedCrop.draw(from: choices, &$1) }
        case .channelDrop: each(\.channelDrop) { channelDrop.draw(from: choices, &$1) }
        case .frequencyShift: each(\.frequencyShift) { frequencyShift.draw(from: choices, &$1) }
        case .timeFrequencyMask:
            each(\.timeFrequencyMask) { timeFrequencyMask.draw(from: choices, &$1) }
        }
    }
}

extension AugmentationSettings {
    /// Decides on all augmentations of a view that has no partner.
    func draw(
        for view: ViewPlan, from choices: ViewChoices, streams: (Augmentation) -> PairStreams
    ) -> ViewPlan {
        var pair = (first: view, second: view)
        for augmentation in Augmentation.allCases where uses(augmentation) {
            draw(augmentation, for: &pair, from: choices, streams(augmentation))
        }
        return pair.first
    }
}

extension DrawnAugmentations {
    /// Does to a view what was decided of one augmentation.
    func apply(_ augmentation: Augmentation, to view: ViewMap) {
        switch augmentation {
        // They say which samples and frames are read, and are done with before there is a map: see
        // ``ViewRenderer``.
        case .channelSwap, .mixup, .randomResizedCrop: break
        case .channelDrop: channelDrop?.apply(to: view)
        case .frequencyShift: frequencyShift?.apply(to: view)
        case .timeFrequencyMask: timeFrequencyMask?.apply(to: view)
        }
    }
}
