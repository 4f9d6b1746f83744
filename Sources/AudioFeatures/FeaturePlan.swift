/// The tables that the kernels read: mel weights and lag basis, in whole vectors.
final class FeaturePlan {
    /// Sixteen neighbouring mel bands, and the frequencies in which any of them lies.
    struct BandGroup {
        let frequencies: Range<Int>
        /// Shape: [frequencies, 16].
        let weights: AlignedBuffer
    }

    /// Two matrices of equal size, one for real and one for imaginary parts, in groups of sixteen
    /// columns.
    ///
    /// Shape: each group `[rows, 16]`.
    struct Halves {
        let rows: Int
        let even: [AlignedBuffer]
        let odd: [AlignedBuffer]
        var groups: Int { even.count }
    }

    let pairs: [(Int, Int)]
    let spectrum: SpectrumKernels
    let bands: [BandGroup]
    let bandStride: Int
    /// From a cross-spectrum to the factors of ``LagBasis``.
    let projection: Halves
    /// From the factors to the lags that are not negative.
    let expansion: Halves

    init(_ settings: FeatureSettings, microphones: Int) {
        pairs = MicrophonePairs.all(microphones)
        spectrum = SpectrumKernels(fftLength: settings.fftLength)
        bandStride = roundedToLanes(settings.melBands)
        bands = Self.bandGroups(settings)

        let basis = LagBasis(
            fftLength: settings.fftLength, lags: settings.lags, spacing: settings.lagSpacing)
        // One kernel does both halves, so the smaller rank is filled up with zeros.
        let rank = max(basis.even.rank, basis.odd.rank)
        projection = Halves(
            rows: settings.frequencies,
            even: Self.columnGroups(basis.even.projection, columns: rank, settings.frequencies),
            odd: Self.columnGroups(basis.odd.projection, columns: rank, settings.frequencies))
        expansion = Halves(
            rows: rank, even: Self.rowGroups(basis.even.expansion, rows: rank),
            odd: Self.rowGroups(basis.odd.expansion, rows: rank))
    }

    /// `columns` vectors, of which those missing are zero, as columns of a matrix.
    private static func columnGroups(
        _ vectors: [[Double]], columns: Int, _ rows: Int
    ) -> [AlignedBuffer] {
        stride(from: 0, to: max(columns, 1), by: 16).map { first in
            let group = AlignedBuffer(rows * 16)
            for column in first..<max(first, min(first + 16, vectors.count)) {
                for row in 0..<rows {
                    group.start[row * 16 + column - first] = Float(vectors[column][row])
                }
            }
            return group
        }
    }

    /// The same, with the shorter vectors filled up with zeros to `rows`.
    private static func rowGroups(_ vectors: [[Double]], rows: Int) -> [AlignedBuffer] {
        columnGroups(
            vectors.map { $0 + [Double](repeating: 0, count: rows - $0.count) },
            columns: vectors.count, rows)
    }

    private static func bandGroups(_ settings: FeatureSettings) -> [BandGroup] {
        let filters = MelFilterBank(settings)
        return stride(from: 0, to: settings.melBands, by: 16).map { first in
            let members = first..<min(first + 16, settings.melBands)
            let ranges = members.map { filters.frequencies(of: $0) }
            let frequencies = ranges.map(\.lowerBound).min()!..<ranges.map(\.upperBound).max()!
            let weights = AlignedBuffer(frequencies.count * 16)
            for frequency in frequencies {
                for band in members {
                    weights.start[(frequency - frequencies.lowerBound) * 16 + band - first] =
                        Float(filters.weight(band: band, frequency: frequency))
                }
            }
            return BandGroup(frequencies: frequencies, weights: weights)
        }
    }
}
