/// What the axes of feature maps mean: all that a drawing of them needs besides the values.
public struct FeatureAxes: Sendable, Codable, Hashable {
    /// One title a map: "log-mel 1", "GCC-PHAT 1-2", microphones counted from one.
    public let channels: [String]
    /// The middle of each frame, from the first sample on. Units: seconds.
    public let times: [Double]
    /// The mean centre of the mel bands of each bin. Units: Hz.
    public let frequencies: [Double]
    /// The mean lag of each bin; positive where the pair's first microphone hears later.
    /// Units: samples.
    public let lags: [Double]

    /// The axes of the maps of `frames` frames of `microphones` microphones.
    public init(_ settings: FeatureSettings, microphones: Int, frames: Int) {
        channels =
            (0..<microphones).map { "log-mel \($0 + 1)" }
            + MicrophonePairs.all(microphones).map { "GCC-PHAT \($0 + 1)-\($1 + 1)" }
        let pooling = settings.pooling
        let hop = Double(settings.hopLength)
        let blockMiddle = (Double(pooling.frames - 1) * hop + Double(settings.fftLength)) / 2
        times = (0..<frames).map { frame in
            (Double(frame * pooling.frames) * hop + blockMiddle) / Double(settings.sampleRate)
        }
        frequencies = Self.pooled(MelFilterBank(settings).edges.map(\.centre), pooling.bins)
        lags = Self.pooled(settings.lagValues, pooling.bins)
    }

    private static func pooled(_ values: [Double], _ block: Int) -> [Double] {
        (0..<(values.count / block)).map { bin in
            values[(bin * block)..<((bin + 1) * block)].reduce(0, +) / Double(block)
        }
    }
}
