/// Brings each channel to mean zero and its weight as deviation: y = (x - mean) * scale.
public struct ChannelNormalisation: Sendable, Codable, Hashable {
    /// Mean of each channel over the training recordings.
    public var mean: [Float]
    /// Weight over standard deviation of each channel.
    public var scale: [Float]

    /// - Parameters:
    ///   - moments: of each channel, over the training split alone.
    ///   - microphones: the first so many channels are mel maps (weight 1), the rest GCC maps.
    ///   - gccWeight: deviation of the GCC maps after normalisation.
    public init(moments: [ChannelMoments], microphones: Int, gccWeight: Double) {
        mean = moments.map { Float($0.mean) }
        scale = moments.enumerated().map { channel, moment in
            let weight = channel < microphones ? 1 : gccWeight
            // A constant channel carries nothing: it becomes zero, not infinite.
            return moment.deviation > 1e-12 ? Float(weight / moment.deviation) : 0
        }
    }
}

/// Count, sum and sum of squares of a channel's values, gathered recording by recording.
public struct ChannelMoments: Sendable, Codable, Hashable {
    public private(set) var count = 0
    private var sum = 0.0
    private var sumOfSquares = 0.0

    public init() {}

    public mutating func add(sum: Double, sumOfSquares: Double, count: Int) {
        self.sum += sum
        self.sumOfSquares += sumOfSquares
        self.count += count
    }

    mutating func add(_ other: ChannelMoments) {
        add(sum: other.sum, sumOfSquares: other.sumOfSquares, count: other.count)
    }

    public var mean: Double { count == 0 ? 0 : sum / Double(count) }

    public var deviation: Double {
        guard count > 0 else { return 0 }
        return max(0, sumOfSquares / Double(count) - mean * mean).squareRoot()
    }
}
