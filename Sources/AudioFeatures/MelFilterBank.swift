import Foundation

/// Triangular filters, equally spaced on a mel scale, each of unit area over frequency in Hz (as
/// librosa's `filters.mel` with `norm="slaney"`).
public struct MelFilterBank: Sendable {
    /// The lower edge, centre and upper edge of each band. Units: Hz.
    public let edges: [(lower: Double, centre: Double, upper: Double)]
    /// From one frequency of the transform to the next. Units: Hz.
    public let frequencyStep: Double
    private let frequencyCount: Int

    /// The filters that `settings` ask for.
    public init(_ settings: FeatureSettings) {
        let scale = settings.melScale
        let low = scale.mel(settings.melRange.lowerBound)
        let high = scale.mel(settings.melRange.upperBound)
        let points = (0..<(settings.melBands + 2)).map { point in
            scale.hertz(low + (high - low) * Double(point) / Double(settings.melBands + 1))
        }
        edges = (0..<settings.melBands).map { (points[$0], points[$0 + 1], points[$0 + 2]) }
        frequencyStep = Double(settings.sampleRate) / Double(settings.fftLength)
        frequencyCount = settings.frequencies
    }

    /// The weight of a frequency of the transform in a band, of its power. Units: 1/Hz.
    public func weight(band: Int, frequency: Int) -> Double {
        let hertz = Double(frequency) * frequencyStep
        let (lower, centre, upper) = edges[band]
        let rising = (hertz - lower) / (centre - lower)
        let falling = (upper - hertz) / (upper - centre)
        return max(0, min(rising, falling)) * 2 / (upper - lower)
    }

    /// The frequencies of the transform that lie inside a band.
    public func frequencies(of band: Int) -> Range<Int> {
        let lower = Int((edges[band].lower / frequencyStep).rounded(.down)) + 1
        let upper = min(Int((edges[band].upper / frequencyStep).rounded(.up)), frequencyCount)
        return lower..<max(lower, upper)
    }
}

extension MelScale {
    private static let slaneyStep = 200.0 / 3
    private static let slaneyCorner = 1000.0
    private static let slaneyLogStep = log(6.4) / 27

    /// The pitch of a frequency in Hz.
    public func mel(_ hertz: Double) -> Double {
        switch self {
        case .htk: 2595 * log10(1 + hertz / 700)
        case .slaney:
            hertz < Self.slaneyCorner
                ? hertz / Self.slaneyStep
                : 15 + log(hertz / Self.slaneyCorner) / Self.slaneyLogStep
        }
    }

    /// The frequency in Hz of a pitch.
    public func hertz(_ mel: Double) -> Double {
        switch self {
        case .htk: 700 * (pow(10, mel / 2595) - 1)
        case .slaney:
            mel < 15
                ? mel * Self.slaneyStep
                : Self.slaneyCorner * exp((mel - 15) * Self.slaneyLogStep)
        }
    }
}
