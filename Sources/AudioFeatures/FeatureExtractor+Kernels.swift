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
        let width = plan.spectrum.stride
        let (power, real, imaginary) = (power.start, real.start, imaginary.start)
        var row = 0
        for frame in block {
            for microphone in 0..<microphones {
                let frameStart = samples + microphone * sampleCount + frame * settings.hopLength
                realTransform.transform(frameStart)
                let (tile, slot) = row.quotientAndRemainder(dividingBy: ProductKernels.bandRows)
                plan.spectrum.unpack(
                    realTransform.spectrum.start,
                    power: power + tile * ProductKernels.bandRows * width + 16 * slot,
                    real: real + row * width, imaginary: imaginary + row * width)
                row += 1
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
                    power.start + first * plan.spectrum.stride, range: band.frequencies,
                    weights: band.weights.start,
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
        let rows = block.count * plan.pairs.count
        for first in stride(from: 0, to: rows, by: ProductKernels.crossRows) {
            let tile = first..<min(first + ProductKernels.crossRows, rows)
            cross(tile)
            multiply(crossSpectra, by: plan.projection, into: factors)
            multiply(factors, by: plan.expansion, into: halves)
            for row in tile {
                join(row - first)
                emit(
                    correlation.start + 16, channel: microphones + row % plan.pairs.count,
                    frame: block.lowerBound + row / plan.pairs.count, frames: frames, to: maps)
            }
        }
    }

    /// Cross-spectra of some rows of a block, which are in order of frame, then pair.
    private func cross(_ rows: Range<Int>) {
        let width = plan.spectrum.stride
        let (real, imaginary) = (real.start, imaginary.start)
        for row in rows {
            let (frame, pair) = row.quotientAndRemainder(dividingBy: plan.pairs.count)
            let (i, j) = plan.pairs[pair]
            let left = (frame * microphones + i) * width
            let right = (frame * microphones + j) * width
            plan.spectrum.cross(
                real + left, imaginary + left, real + right, imaginary + right,
                into: crossSpectra.start + 16 * (row - rows.lowerBound))
        }
    }

    /// The rows of a tile times the even and odd matrices.
    private func multiply(
        _ tile: AlignedBuffer, by matrices: FeaturePlan.Halves, into result: AlignedBuffer
    ) {
        for group in matrices.even.indices {
            ProductKernels.halves(
                tile.start, even: matrices.even[group].start, odd: matrices.odd[group].start,
                count: matrices.rows,
                into: result.start + group * ProductKernels.crossTileStride)
        }
    }

    /// The correlation of a row at all lags, g(+-t) = E(t) -+ O(t), in `correlation` from 16 on.
    ///
    /// Lags are whole vectors here: what is beyond the last or before the first goes to the margins.
    private func join(_ row: Int) {
        let later = correlation.start + 16 + settings.lags / 2
        let earlier = correlation.start + 16 + (settings.lags - 1) / 2 - 15
        var even = halves.start + 16 * row
        for group in 0..<plan.expansion.groups {
            let (e, o) = (Lanes(at: even), Lanes(at: even + 16 * ProductKernels.crossRows))
            (e - o).store(to: later + 16 * group)
            (e + o).flipped.store(to: earlier - 16 * group)
            even += ProductKernels.crossTileStride
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
