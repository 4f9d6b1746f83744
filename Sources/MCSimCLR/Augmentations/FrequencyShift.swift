import Randomness

/// FrequencyShift: the sound a little higher or lower, by as much in every mel map. GCC maps stay: a
/// direction has no pitch.
public struct FrequencyShift: Sendable, Codable, Hashable {
    /// The most by which a view is shifted, up or down. Units: bands of the (pooled) map.
    public var bands = 4

    /// How far a view is shifted: upwards where positive.
    public struct Draw: Sendable, Hashable {
        public var bands: Int

        public init(bands: Int) { self.bands = bands }

        /// Bands that nothing is shifted into have the value of the outermost one.
        func apply(to view: ViewMap) {
            let shift = min(abs(bands), view.bins - 1)
            guard shift > 0 else { return }
            let kept = view.bins - shift
            for channel in 0..<view.microphones {
                for frame in 0..<view.frames {
                    let row = view.row(channel: channel, frame: frame)
                    if bands > 0 {
                        (row + shift).update(from: row, count: kept)
                        row.update(repeating: row[0], count: shift)
                    } else {
                        row.update(from: row + shift, count: kept)
                        (row + kept).update(repeating: row[view.bins - 1], count: shift)
                    }
                }
            }
        }
    }

    public init() {}

    func draw(from choices: ViewChoices, _ stream: inout Stream) -> Draw? {
        let most = min(bands, choices.bins - 1)
        return Draw(bands: stream.index(below: 2 * most + 1) - most)
    }
}
