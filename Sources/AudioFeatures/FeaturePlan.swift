/// The tables that the kernels read: mel weights and lag basis, in whole vectors.
final class FeaturePlan {
    /// Sixteen neighbouring mel bands, and the frequencies in which any of them lies.
    struct BandGroup {
        let frequencies: Range<Int>
        /// Shape: [frequencies, 16].
        let weights: AlignedBuffer
    }

    let pairs: [(Int, Int)]
    let spectrum: SpectrumKernels
    let bands: [BandGroup]
    let bandStride: Int

    /// Groups of sixteen columns; shape of each: [frequencies, 16].
    let evenProjection: [AlignedBuffer]
    let oddProjection: [AlignedBuffer]
    let evenRank: Int
    let oddRank: Int
    let evenStride: Int
    let oddStride: Int
    /// Shape: [rank, halfStride].
    let evenExpansion: AlignedBuffer
    let oddExpansion: AlignedBuffer
    let halfLags: Int
    let halfStride: Int

    init(_ settings: FeatureSettings, microphones: Int) {
        pairs = MicrophonePairs.all(microphones)
        spectrum = SpectrumKernels(fftLength: settings.fftLength)
        bandStride = roundedToLanes(settings.melBands)
        bands = Self.bandGroups(settings)

        let basis = LagBasis(
            fftLength: settings.fftLength, lags: settings.lags, spacing: settings.lagSpacing)
        halfLags = basis.halfLags.count
        halfStride = roundedToLanes(halfLags)
        (evenRank, oddRank) = (basis.even.rank, basis.odd.rank)
        // Both halves go through one kernel, so they have equally many groups of columns.
        let columns = max(16, roundedToLanes(max(evenRank, oddRank)))
        (evenStride, oddStride) = (columns, columns)
        evenProjection = Self.columnGroups(basis.even.projection, columns: columns, settings)
        oddProjection = Self.columnGroups(basis.odd.projection, columns: columns, settings)
        evenExpansion = Self.transposed(basis.even.expansion, rank: evenRank, stride: halfStride)
        oddExpansion = Self.transposed(basis.odd.expansion, rank: oddRank, stride: halfStride)
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

    private static func columnGroups(
        _ rows: [[Double]], columns: Int, _ settings: FeatureSettings
    ) -> [AlignedBuffer] {
        stride(from: 0, to: columns, by: 16).map { first in
            let group = AlignedBuffer(settings.frequencies * 16)
            for (column, row) in rows.enumerated() where (first..<(first + 16)).contains(column) {
                for frequency in row.indices {
                    group.start[frequency * 16 + column - first] = Float(row[frequency])
                }
            }
            return group
        }
    }

    private static func transposed(_ rows: [[Double]], rank: Int, stride: Int) -> AlignedBuffer {
        let buffer = AlignedBuffer(rank * stride)
        for (lag, row) in rows.enumerated() {
            for column in row.indices { buffer.start[column * stride + lag] = Float(row[column]) }
        }
        return buffer
    }
}
