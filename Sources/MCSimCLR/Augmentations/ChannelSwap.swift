import Randomness

/// ChannelSwap: the microphones in another order, which is another direction.
public struct ChannelSwap: Sendable, Codable, Hashable {
    /// Where the reorderings come from.
    public enum Mode: String, Sendable, Codable, Hashable, CaseIterable {
        /// The array's own symmetries: each reordering equals a change of azimuth.
        case symmetries
        /// Any order: no direction of a real source would give most of them.
        case permutations
    }

    /// Which views of a pair it changes.
    public enum Views: String, Sendable, Codable, Hashable, CaseIterable {
        /// Both, by the same reordering, so that the pair still agrees on the direction.
        case both
        /// One only, which teaches the encoder to forget the direction.
        case one
    }

    public var mode: Mode = .symmetries
    public var views: Views = .both

    /// The order of a view.
    public struct Draw: Sendable, Hashable {
        /// Microphone m of the view is `microphones[m]` of the recording.
        public var microphones: [Int]

        public init(microphones: [Int]) { self.microphones = microphones }

        /// What becomes of the channels of a map; where waveforms are mixed, they are reordered.
        var channels: ChannelOrder { ChannelOrder(microphones: microphones) }
    }

    public init() {}

    func draw(
        from choices: ViewChoices, _ streams: PairStreams
    ) -> (first: Draw?, second: Draw?) {
        var stream = streams.ofPair
        let order = Draw(microphones: microphones(choices, &stream))
        return (order, views == .both ? order : nil)
    }

    private func microphones(_ choices: ViewChoices, _ stream: inout Stream) -> [Int] {
        switch mode {
        case .symmetries: choices.symmetries[stream.index(below: choices.symmetries.count)]
        case .permutations: stream.permutation(choices.microphones)
        }
    }
}
