/// What the kernels of an extractor know beforehand, and how frames are dealt out to lanes.
final class FeaturePlan {
    let pairs: [(Int, Int)]
    let spectrum: SpectrumKernels
    let mel: MelKernels
    let correlation: CorrelationKernels
    /// The most frames that go through the kernels together: fewer where their spectra would not stay
    /// in the nearer caches.
    let largestBlock: Int

    /// Bytes of whitened spectra up to which sixteen frames go together.
    private static let spectraLimit = 1 << 20

    init(_ settings: FeatureSettings, microphones: Int) {
        pairs = MicrophonePairs.all(microphones)
        spectrum = SpectrumKernels(fftLength: settings.fftLength)
        mel = MelKernels(settings)
        correlation = CorrelationKernels(
            fftLength: settings.fftLength, lags: settings.lags, spacing: settings.lagSpacing)
        let bytes = microphones * settings.frequencies * 2 * MemoryLayout<Float>.stride
        largestBlock = [16, 8].first { $0 * bytes <= Self.spectraLimit } ?? 4
    }

    /// Some frames that go through the kernels together. Of sixteen lanes each microphone, and later
    /// each pair, takes `slots`; the last of them may be empty.
    struct Block {
        let frames: Range<Int>
        let slots: Int
        /// Microphones, or pairs, of one vector.
        var rowsTogether: Int { 16 / slots }
    }

    /// The next block from `first` on: with sixteen slots a microphone where most of them are filled,
    /// with fewer for the last frames, so that few lanes are empty.
    func block(from first: Int, of count: Int) -> Block {
        let remaining = count - first
        let wanted = remaining > 12 ? 16 : remaining > 4 ? 8 : 4
        let slots = min(wanted, largestBlock)
        return Block(frames: first..<first + min(slots, remaining), slots: slots)
    }
}
