extension FeatureSettings {
    /// Checks every setting on its own and against the others.
    ///
    /// Throws: ``AudioFeaturesError``, for the first setting at fault.
    public func validate() throws {
        try validateFrames()
        try validateMel()
        try validateLags()
        guard melBands == lags else {
            throw AudioFeaturesError.unequalBins(melBands: melBands, lags: lags)
        }
        guard (1...4096).contains(pooling.frames), pooling.bins >= 1, melBands % pooling.bins == 0
        else {
            throw AudioFeaturesError.pooling(
                frames: pooling.frames, bins: pooling.bins, ofBins: melBands)
        }
    }

    private func validateFrames() throws {
        guard (1...768_000).contains(sampleRate) else {
            throw AudioFeaturesError.sampleRate(sampleRate)
        }
        guard (64...65536).contains(fftLength), fftLength % 32 == 0 else {
            throw AudioFeaturesError.fftLength(fftLength)
        }
        guard (1...fftLength).contains(hopLength) else {
            throw AudioFeaturesError.hopLength(hopLength, fftLength: fftLength)
        }
    }

    private func validateMel() throws {
        guard (1...1024).contains(melBands) else { throw AudioFeaturesError.melBands(melBands) }
        guard melRange.lowerBound >= 0, melRange.upperBound <= Double(sampleRate) / 2,
            melRange.lowerBound < melRange.upperBound
        else {
            throw AudioFeaturesError.melRange(
                lower: melRange.lowerBound, upper: melRange.upperBound, sampleRate: sampleRate)
        }
        let filters = MelFilterBank(self)
        if let empty = (0..<melBands).first(where: { filters.frequencies(of: $0).isEmpty }) {
            throw AudioFeaturesError.emptyMelBand(
                empty + 1, melBands: melBands, fftLength: fftLength)
        }
    }

    private func validateLags() throws {
        guard (1...1024).contains(lags) else { throw AudioFeaturesError.lags(lags) }
        guard lagSpacing > 0, lagSpacing.isFinite else {
            throw AudioFeaturesError.lagSpacing(lagSpacing)
        }
        let largest = Double(lags - 1) / 2 * lagSpacing
        guard largest <= Double(fftLength) / 2 else {
            throw AudioFeaturesError.lagRange(largest: largest, fftLength: fftLength)
        }
    }
}
