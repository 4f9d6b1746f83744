import AudioFeatures

/// What a reordering of the microphones does to the channels of a feature map.
///
/// Mel channels follow their microphone. The GCC channel of a pair becomes the channel of the pair
/// that took its place; where that pair has its microphones the other way round, its lag axis is
/// reversed (the axis is symmetric about zero, so this is exact).
public struct ChannelOrder: Sendable, Hashable {
    /// Channel c of the result is channel `source[c]` of the recording.
    public let source: [Int]
    /// Whether channel c of the result has its lag axis reversed.
    public let isReversed: [Bool]

    /// - Parameter microphones: microphone m of the result is `microphones[m]` of the recording.
    public init(microphones: [Int]) {
        let count = microphones.count
        let pairs = MicrophonePairs.all(count)
        var indexOfPair = [Int](repeating: 0, count: count * count)
        for (index, pair) in pairs.enumerated() { indexOfPair[pair.0 * count + pair.1] = index }
        var source = microphones
        var isReversed = [Bool](repeating: false, count: count)
        for (i, j) in pairs {
            let (a, b) = (microphones[i], microphones[j])
            source.append(count + indexOfPair[min(a, b) * count + max(a, b)])
            isReversed.append(a > b)
        }
        self.source = source
        self.isReversed = isReversed
    }
}
