extension FeatureExtractor {
    /// All frames, a block at a time, so that a block's spectra stay in the nearest caches.
    func extract(
        _ samples: UnsafePointer<Float>, sampleCount: Int, frames: Int,
        into maps: UnsafeMutablePointer<Float>
    ) {
        let unpooled = frames * settings.pooling.frames
        var first = 0
        while first < unpooled {
            let block = first..<min(first + blockFrames, unpooled)
            transform(samples, sampleCount: sampleCount, block: block)
            mel(block, frames: frames, into: maps)
            correlate(block, frames: frames, into: maps)
            first += blockFrames
        }
    }

    /// Power and whitened spectra of a block, rows in order of frame, then microphone.
    private func transform(
        _ samples: UnsafePointer<Float>, sampleCount: Int, block: Range<Int>
    ) {
        let (power, real, imaginary) = (power.start, real.start, imaginary.start)
        var row = 0
        for frame in block {
            for microphone in 0..<microphones {
                let frameStart = samples + microphone * sampleCount + frame * settings.hopLength
                realTransform.transform(frameStart)
                plan.spectrum.unpack(
                    realTransform.spectrum.start, power: power + row, real: real + row,
                    imaginary: imaginary + row)
                row += plan.spectrum.stride
            }
        }
    }

    /// Mel bands of a block in decibels.
    private func mel(_ block: Range<Int>, frames: Int, into maps: UnsafeMutablePointer<Float>) {
        let rows = block.count * microphones
        let bandRows = bandRows.start
        for first in stride(from: 0, to: rows, by: ProductKernels.bandRows) {
            for (group, band) in plan.bands.enumerated() {
                ProductKernels.bands(
                    power.start + first * plan.spectrum.stride + band.frequencies.lowerBound,
                    stride: plan.spectrum.stride, weights: band.weights.start,
                    count: band.frequencies.count,
                    into: bandRows + first * plan.bandStride + 16 * group,
                    outputStride: plan.bandStride)
            }
        }
        var index = 0
        while index < rows * plan.bandStride {
            DecibelKernels.decibels(Lanes(at: bandRows + index)).store(to: bandRows + index)
            index += 16
        }
        var row = bandRows
        for frame in block {
            for microphone in 0..<microphones {
                emit(row, channel: microphone, frame: frame, frames: frames, to: maps)
                row += plan.bandStride
            }
        }
    }

    /// Correlations of a block.
    private func correlate(
        _ block: Range<Int>, frames: Int, into maps: UnsafeMutablePointer<Float>
    ) {
        cross(frames: block.count)
        let rows = block.count * plan.pairs.count
        let tile = ProductKernels.correlationRows
        for first in stride(from: 0, to: rows, by: tile) {
            let spectra = first * plan.spectrum.stride
            product(
                real: crossReal.start + spectra, imaginary: crossImaginary.start + spectra,
                stride: plan.spectrum.stride, with: plan.projection, into: factors)
            product(
                real: factors.even.start, imaginary: factors.odd.start, stride: factors.stride,
                with: plan.expansion, into: halves)
            for row in first..<min(first + tile, rows) {
                join(row - first)
                emit(
                    correlation.start + 16, channel: microphones + row % plan.pairs.count,
                    frame: block.lowerBound + row / plan.pairs.count, frames: frames, to: maps)
            }
        }
    }

    /// Cross-spectra of the first `frames` frames of a block, rows in order of frame, then pair.
    private func cross(frames: Int) {
        let width = plan.spectrum.stride
        let (real, imaginary) = (real.start, imaginary.start)
        var row = 0
        for frame in 0..<frames {
            for (i, j) in plan.pairs {
                let left = (frame * microphones + i) * width
                let right = (frame * microphones + j) * width
                plan.spectrum.cross(
                    real + left, imaginary + left, real + right, imaginary + right,
                    real: crossReal.start + row, imaginary: crossImaginary.start + row)
                row += width
            }
        }
    }

    /// Six rows of real and imaginary parts times the even and odd matrices.
    private func product(
        real: UnsafePointer<Float>, imaginary: UnsafePointer<Float>, stride: Int,
        with matrices: FeaturePlan.Halves, into rows: HalfRows
    ) {
        for group in matrices.even.indices {
            ProductKernels.halves(
                real: real, imaginary: imaginary, stride: stride,
                even: matrices.even[group].start, odd: matrices.odd[group].start,
                count: matrices.rows, evenOut: rows.even.start + 16 * group,
                oddOut: rows.odd.start + 16 * group, outputStride: rows.stride)
        }
    }

    /// The correlation of a row at all lags, g(+-t) = E(t) -+ O(t), in `correlation` from 16 on.
    ///
    /// Lags are whole vectors here: what is beyond the last or before the first goes to the margins.
    private func join(_ row: Int) {
        let even = halves.even.start + row * halves.stride
        let odd = halves.odd.start + row * halves.stride
        let later = correlation.start + 16 + settings.lags / 2
        let earlier = correlation.start + 16 + (settings.lags - 1) / 2 - 15
        var lag = 0
        while lag < halves.stride {
            let (e, o) = (Lanes(at: even + lag), Lanes(at: odd + lag))
            (e - o).store(to: later + lag)
            (e + o).flipped.store(to: earlier - lag)
            lag += 16
        }
    }

    /// Writes an unpooled row to its map, or adds it to the mean that it belongs to.
    @inline(__always)
    private func emit(
        _ row: UnsafeMutablePointer<Float>, channel: Int, frame: Int, frames: Int,
        to maps: UnsafeMutablePointer<Float>
    ) {
        let bins = settings.bins
        guard settings.pooling == FeaturePooling() else {
            let out = maps + (channel * frames + frame / settings.pooling.frames) * bins
            return pool(row, isFirst: frame % settings.pooling.frames == 0, into: out)
        }
        let out = maps + (channel * frames + frame) * bins
        var bin = 0
        while bin + 16 <= bins {
            Lanes(at: row + bin).store(to: out + bin)
            bin += 16
        }
        while bin < bins {
            out[bin] = row[bin]
            bin += 1
        }
    }

    private func pool(
        _ row: UnsafeMutablePointer<Float>, isFirst: Bool, into out: UnsafeMutablePointer<Float>
    ) {
        let pooling = settings.pooling
        let share = 1 / Float(pooling.frames * pooling.bins)
        for bin in 0..<settings.bins {
            var sum: Float = 0
            for neighbour in 0..<pooling.bins { sum += row[bin * pooling.bins + neighbour] }
            out[bin] = isFirst ? sum * share : out[bin] + sum * share
        }
    }
}

/// Rows of an even and an odd half, with `stride` values each.
struct HalfRows {
    let even: AlignedBuffer
    let odd: AlignedBuffer
    let stride: Int

    init(rows: Int, stride: Int) {
        even = AlignedBuffer(rows * stride)
        odd = AlignedBuffer(rows * stride)
        self.stride = stride
    }
}
