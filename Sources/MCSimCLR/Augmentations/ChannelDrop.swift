import Randomness

/// ChannelDrop: whole mel or GCC channels hidden.
public struct ChannelDrop: Sendable, Codable, Hashable {
    /// Of each channel by itself.
    public var probability = 0.1

    /// The channels of a view that are hidden.
    public struct Draw: Sendable, Hashable {
        /// Ascending.
        public var channels: [Int]

        public init(channels: [Int]) { self.channels = channels }

        /// Zero is the mean of every channel.
        func apply(to view: ViewMap) {
            for channel in channels where channel < view.channels {
                view.row(channel: channel, frame: 0)
                    .update(repeating: 0, count: view.frames * view.bins)
            }
        }
    }

    public init() {}

    func draw(from choices: ViewChoices, _ stream: inout Stream) -> Draw? {
        Draw(channels: (0..<choices.channels).filter { _ in stream.bernoulli(probability) })
    }
}
