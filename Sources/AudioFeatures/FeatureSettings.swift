/// How samples become feature maps: transform, mel bands, lags, pooling.
///
/// The maps are `[channels, frames, bins]`: one log-mel map a microphone, then one GCC-PHAT map a
/// microphone pair in the order of ``MicrophonePairs``.
public struct FeatureSettings: Sendable, Codable, Hashable {
    /// Units: Hz.
    public var sampleRate: Int
    /// The transform's length and that of its Hann window. Units: samples.
    public var fftLength: Int
    /// From one frame to the next. Units: samples.
    public var hopLength: Int
    /// Bands of a log-mel map.
    public var melBands: Int
    /// From the lower edge of the first band to the upper edge of the last. Units: Hz.
    public var melRange: ClosedRange<Double>
    /// The scale on which the bands are equally spaced.
    public var melScale: MelScale
    /// Lags of a GCC-PHAT map, symmetric about zero: lag `k` is `(k - (lags - 1) / 2) * lagSpacing`.
    public var lags: Int
    /// From one lag to the next, may be a fraction. Units: samples.
    public var lagSpacing: Double
    /// Neighbouring frames and bins that become one by their mean.
    public var pooling: FeaturePooling

    public init(
        sampleRate: Int = 16000, fftLength: Int = 512, hopLength: Int = 320, melBands: Int = 64,
        melRange: ClosedRange<Double> = 50...8000, melScale: MelScale = .slaney, lags: Int = 64,
        lagSpacing: Double = 0.25, pooling: FeaturePooling = FeaturePooling()
    ) {
        self.sampleRate = sampleRate
        self.fftLength = fftLength
        self.hopLength = hopLength
        self.melBands = melBands
        self.melRange = melRange
        self.melScale = melScale
        self.lags = lags
        self.lagSpacing = lagSpacing
        self.pooling = pooling
    }

    /// Frames of the maps of `samples` samples: frames are neither centred nor padded, and those
    /// that do not fill a pooling block are left out.
    public func frames(samples: Int) -> Int {
        samples < fftLength ? 0 : (1 + (samples - fftLength) / hopLength) / pooling.frames
    }

    /// The fewest samples that give `frames` frames.
    public func samples(frames: Int) -> Int {
        frames < 1 ? 0 : (frames * pooling.frames - 1) * hopLength + fftLength
    }

    /// Bins of each map, after pooling.
    public var bins: Int { melBands / pooling.bins }

    /// Maps of an array of `microphones` microphones: M log-mel and M (M - 1) / 2 GCC-PHAT maps.
    public func channels(microphones: Int) -> Int {
        microphones + MicrophonePairs.count(microphones)
    }

    /// The lag of each bin of an unpooled GCC-PHAT map. Units: samples.
    public var lagValues: [Double] {
        (0..<lags).map { (Double($0) - Double(lags - 1) / 2) * lagSpacing }
    }

    /// Frequencies of the transform: from zero to half the sample rate.
    package var frequencies: Int { fftLength / 2 + 1 }
}

/// Blocks of frames and bins that become one value by their mean (of decibels in the mel maps).
public struct FeaturePooling: Sendable, Codable, Hashable {
    public var frames: Int
    public var bins: Int

    public init(frames: Int = 1, bins: Int = 1) {
        self.frames = frames
        self.bins = bins
    }
}

/// A scale of pitch, in one of the two forms in use.
public enum MelScale: String, Sendable, Codable, Hashable, CaseIterable {
    /// Linear up to 1 kHz, logarithmic above (Slaney 1998, Auditory Toolbox): librosa's default.
    case slaney
    /// 2595 log10(1 + f / 700) (O'Shaughnessy 1987), as in HTK.
    case htk
}
