import Randomness

/// TimeFrequencyMask: stretches of time and of bands hidden, as in SpecAugment (arXiv 1904.08779), the
/// same in all channels, so that what is hidden of the sound cannot be seen at another microphone. In
/// GCC maps lags are where bands are.
public struct TimeFrequencyMask: Sendable, Codable, Hashable {
    /// Masks in time, and as many in frequency.
    public var count = 1
    /// The largest width of a mask in time, as a share of the view.
    public var time = 0.25
    /// The same in frequency.
    public var frequency = 0.25

    /// What is hidden of a view.
    public struct Draw: Sendable, Hashable {
        public var frames: [Range<Int>]
        public var bins: [Range<Int>]

        public init(frames: [Range<Int>], bins: [Range<Int>]) {
            self.frames = frames
            self.bins = bins
        }

        /// Zero is the mean of every channel.
        func apply(to view: ViewMap) {
            let frames = frames.map { $0.clamped(to: 0..<view.frames) }
            let bins = bins.map { $0.clamped(to: 0..<view.bins) }
            for channel in 0..<view.channels {
                for range in frames {
                    view.row(channel: channel, frame: range.lowerBound)
                        .update(repeating: 0, count: range.count * view.bins)
                }
                for frame in 0..<view.frames {
                    let row = view.row(channel: channel, frame: frame)
                    for range in bins {
                        (row + range.lowerBound).update(repeating: 0, count: range.count)
                    }
                }
            }
        }
    }

    public init() {}

    func draw(from choices: ViewChoices, _ stream: inout Stream) -> Draw? {
        Draw(
            frames: ranges(time, of: choices.patchFrames, &stream),
            bins: ranges(frequency, of: choices.bins, &stream))
    }

    /// Widths from none to the largest, each as likely, at places that are as likely. They may overlap.
    private func ranges(
        _ share: Double, of size: Int, _ stream: inout Stream
    ) -> [Range<Int>] {
        let largest = min(size, Int((share * Double(size)).rounded()))
        return (0..<count).map { _ in
            let width = stream.index(below: largest + 1)
            let start = stream.index(below: size - width + 1)
            return start..<start + width
        }
    }
}
