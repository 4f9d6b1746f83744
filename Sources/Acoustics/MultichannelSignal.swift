/// Sound of several channels.
///
/// Shape: planar, `[channels][samples]` in one row-major array.
public struct MultichannelSignal: Sendable, Hashable {
    public var channelCount: Int
    /// Units: Hz.
    public var sampleRate: Int
    public var samples: [Float]

    public init(channelCount: Int, sampleRate: Int, samples: [Float]) {
        self.channelCount = channelCount
        self.sampleRate = sampleRate
        self.samples = samples
    }

    /// Samples of one channel.
    public var sampleCount: Int { channelCount == 0 ? 0 : samples.count / channelCount }

    /// The samples of one channel.
    public func channel(_ index: Int) -> ArraySlice<Float> {
        samples[index * sampleCount..<(index + 1) * sampleCount]
    }

    /// Mean square over all channels and samples.
    public var power: Double {
        guard !samples.isEmpty else { return 0 }
        // Four sums, so that additions need not wait for each other.
        var sums = SIMD4<Double>.zero
        for index in stride(from: 0, to: samples.count - 3, by: 4) {
            let values = SIMD4<Double>(
                Double(samples[index]), Double(samples[index + 1]), Double(samples[index + 2]),
                Double(samples[index + 3]))
            sums += values * values
        }
        for value in samples.suffix(samples.count % 4) { sums.x += Double(value) * Double(value) }
        return sums.sum() / Double(samples.count)
    }
}
