extension FeatureExtractor {
    /// All frames, a block at a time, so that a block's spectra stay in the nearest caches.
    func extract(
        _ samples: UnsafePointer<Float>, sampleCount: Int, frames: Int,
        into maps: UnsafeMutablePointer<Float>
    ) {
        let unpooled = frames * settings.pooling.frames
        for first in stride(from: 0, to: unpooled, by: blockFrames) {
            let count = min(blockFrames, unpooled - first)
            for frame in 0..<count {
                for microphone in 0..<microphones {
                    let row = (frame * microphones + microphone) * plan.spectrum.stride
                    transform.transform(
                        samples + microphone * sampleCount + (first + frame) * settings.hopLength)
                    plan.spectrum.unpack(
                        transform.spectrum.start, power: power.start + row,
                        real: real.start + row, imaginary: imaginary.start + row)
                }
            }
            mel(count: count)
            for frame in 0..<count {
                for microphone in 0..<microphones {
                    let row = bandRows.start + (frame * microphones + microphone) * plan.bandStride
                    emit(row, channel: microphone, frame: first + frame, frames: frames, to: maps)
                }
            }
            correlate(first: first, count: count, frames: frames, into: maps)
        }
    }

    /// Mel bands in decibels of `count` frames, into `bandRows`.
    private func mel(count: Int) {
        for row in stride(from: 0, to: count * microphones, by: ProductKernels.bandRows) {
            let rows = power.start + row * plan.spectrum.stride
            for (group, band) in plan.bands.enumerated() {
                ProductKernels.bands(
                    rows + band.frequencies.lowerBound, stride: plan.spectrum.stride,
                    weights: band.weights.start, count: band.frequencies.count,
                    into: bandRows.start + row * plan.bandStride + 16 * group,
                    outputStride: plan.bandStride)
            }
        }
        for index in stride(from: 0, to: count * microphones * plan.bandStride, by: 16) {
            let address = bandRows.start + index
            DecibelKernels.decibels(Lanes(at: address)).store(to: address)
        }
    }

    /// Correlations of `count` frames from `first` on, into `maps`.
    private func correlate(
        first: Int, count: Int, frames: Int, into maps: UnsafeMutablePointer<Float>
    ) {
        let width = plan.spectrum.stride
        let rows = count * plan.pairs.count
        for frame in 0..<count {
            for (pair, (i, j)) in plan.pairs.enumerated() {
                let row = (frame * plan.pairs.count + pair) * width
                let left = (frame * microphones + i) * width
                let right = (frame * microphones + j) * width
                plan.spectrum.cross(
                    real.start + left, imaginary.start + left, real.start + right,
                    imaginary.start + right, real: crossReal.start + row,
                    imaginary: crossImaginary.start + row)
            }
        }
        for row in stride(from: 0, to: rows, by: ProductKernels.correlationRows) {
            for group in plan.evenProjection.indices {
                ProductKernels.halves(
                    real: crossReal.start + row * width,
                    imaginary: crossImaginary.start + row * width, stride: width,
                    even: plan.evenProjection[group].start, odd: plan.oddProjection[group].start,
                    count: settings.frequencies,
                    evenOut: evenRows.start + row * plan.evenStride + 16 * group,
                    oddOut: oddRows.start + row * plan.oddStride + 16 * group,
                    outputStride: plan.evenStride)
            }
        }
        for row in 0..<rows {
            let correlation = expand(row)
            emit(
                correlation, channel: microphones + row % plan.pairs.count,
                frame: first + row / plan.pairs.count, frames: frames, to: maps)
        }
    }

    /// The correlation of a row at all lags, in `correlation`.
    private func expand(_ row: Int) -> UnsafeMutablePointer<Float> {
        let even = correlation.start
        let odd = even + plan.halfStride
        let result = odd + plan.halfStride
        let evenFactors = evenRows.start + row * plan.evenStride
        let oddFactors = oddRows.start + row * plan.oddStride
        for lag in stride(from: 0, to: plan.halfStride, by: 16) {
            var evenSum = Lanes(repeating: 0)
            for factor in 0..<plan.evenRank {
                evenSum = evenSum.addingProduct(
                    Lanes(at: plan.evenExpansion.start + factor * plan.halfStride + lag),
                    Lanes(repeating: evenFactors[factor]))
            }
            var oddSum = Lanes(repeating: 0)
            for factor in 0..<plan.oddRank {
                oddSum = oddSum.addingProduct(
                    Lanes(at: plan.oddExpansion.start + factor * plan.halfStride + lag),
                    Lanes(repeating: oddFactors[factor]))
            }
            evenSum.store(to: even + lag)
            oddSum.store(to: odd + lag)
        }
        let centre = settings.lags / 2
        for lag in 0..<plan.halfLags {
            result[centre + lag] = even[lag] - odd[lag]
            result[settings.lags - 1 - centre - lag] = even[lag] + odd[lag]
        }
        return result
    }

    /// Writes an unpooled row to its map, or adds it to the mean that it belongs to.
    private func emit(
        _ row: UnsafeMutablePointer<Float>, channel: Int, frame: Int, frames: Int,
        to maps: UnsafeMutablePointer<Float>
    ) {
        let pooling = settings.pooling
        let bins = settings.bins
        let out = maps + (channel * frames + frame / pooling.frames) * bins
        if pooling.frames == 1, pooling.bins == 1 {
            out.update(from: row, count: bins)
            return
        }
        let share = 1 / Float(pooling.frames * pooling.bins)
        let isFirst = frame % pooling.frames == 0
        for bin in 0..<bins {
            var sum = row[bin * pooling.bins]
            for neighbour in 1..<max(pooling.bins, 1) {
                sum += row[bin * pooling.bins + neighbour]
            }
            out[bin] = isFirst ? sum * share : out[bin] + sum * share
        }
    }
}
