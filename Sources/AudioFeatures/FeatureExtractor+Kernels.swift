import CFFTW

extension FeatureExtractor {
    /// All frames, a block at a time.
    func extract(
        _ samples: UnsafePointer<Float>, sampleCount: Int, frames: Int,
        into maps: UnsafeMutablePointer<Float>
    ) {
        let unpooled = frames * settings.pooling.frames
        var first = 0
        while first < unpooled {
            let block = plan.block(from: first, of: unpooled)
            for microphone in stride(from: 0, to: microphones, by: block.rowsTogether) {
                analyse(samples, sampleCount: sampleCount, block, from: microphone)
                plan.mel(power.start, into: lanes.start)
                emit(
                    block, rows: microphone..<min(microphone + block.rowsTogether, microphones),
                    firstChannel: 0, frames: frames, to: maps)
            }
            for pair in stride(from: 0, to: plan.pairs.count, by: block.rowsTogether) {
                correlate(block, from: pair)
                emit(
                    block, rows: pair..<min(pair + block.rowsTogether, plan.pairs.count),
                    firstChannel: microphones, frames: frames, to: maps)
            }
            first = block.frames.upperBound
        }
    }

    /// Power and whitened spectra of a block, of as many microphones as go together from `first` on.
    private func analyse(
        _ samples: UnsafePointer<Float>, sampleCount: Int, _ block: FeaturePlan.Block,
        from first: Int
    ) {
        for lane in 0..<16 {
            // An empty lane repeats another.
            let (row, slot) = lane.quotientAndRemainder(dividingBy: block.slots)
            let microphone = min(first + row, microphones - 1)
            let frame = min(block.frames.lowerBound + slot, block.frames.upperBound - 1)
            laneSamples[lane] = samples + microphone * sampleCount + frame * settings.hopLength
        }
        frameTransform(laneSamples, into: packed.start)
        let rows = whitened.start + first * 2 * block.slots * settings.frequencies
        frameTransform.place.withUnsafeBufferPointer { place in
            guard let place = place.baseAddress else { return }
            func unpack(_ slots: Int) {
                plan.spectrum.unpack(
                    packed.start, place: place, power: power.start,
                    whitened: WhitenedRows(rows, slots: slots, frequencies: settings.frequencies))
            }
            switch block.slots {
            case 16: unpack(16)
            case 8: unpack(8)
            default: unpack(4)
            }
        }
    }

    /// Correlations of a block, of as many pairs as go together from `first` on, into `lanes`.
    private func correlate(_ block: FeaturePlan.Block, from first: Int) {
        switch block.slots {
        case 16:
            let (left, right) = rows(of: first, slots: 16)
            plan.correlation.spread(into: gridded.start) { frequency in
                let offset = 32 * frequency
                return LanePair(at: left + offset).timesConjugate(of: LanePair(at: right + offset))
            }
        case 8:
            let (left0, right0) = rows(of: first, slots: 8)
            let (left1, right1) = rows(of: first + 1, slots: 8)
            plan.correlation.spread(into: gridded.start) { frequency in
                let offset = 16 * frequency
                return LanePair(halves: left0 + offset, left1 + offset)
                    .timesConjugate(of: LanePair(halves: right0 + offset, right1 + offset))
            }
        default:
            let (left0, right0) = rows(of: first, slots: 4)
            let (left1, right1) = rows(of: first + 1, slots: 4)
            let (left2, right2) = rows(of: first + 2, slots: 4)
            let (left3, right3) = rows(of: first + 3, slots: 4)
            plan.correlation.spread(into: gridded.start) { frequency in
                let offset = 8 * frequency
                return LanePair(
                    quarters: left0 + offset, left1 + offset, left2 + offset, left3 + offset
                ).timesConjugate(
                    of: LanePair(
                        quarters: right0 + offset, right1 + offset, right2 + offset,
                        right3 + offset))
            }
        }
        plan.correlation.correlate(gridded.start, lags: settings.lags, into: lanes.start)
    }

    /// The whitened spectra of a pair's microphones; those of the last pair where there are no more.
    @inline(__always)
    private func rows(
        of pair: Int, slots: Int
    ) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) {
        let (i, j) = plan.pairs[min(pair, plan.pairs.count - 1)]
        let distance = 2 * slots * settings.frequencies
        return (whitened.start + i * distance, whitened.start + j * distance)
    }

    /// Pools `lanes` and writes them to the maps of some rows, or adds them to the means that they
    /// belong to.
    ///
    /// Shape: lanes [bins before pooling, 16].
    private func emit(
        _ block: FeaturePlan.Block, rows: Range<Int>, firstChannel: Int, frames: Int,
        to maps: UnsafeMutablePointer<Float>
    ) {
        let pooling = settings.pooling
        if pooling != FeaturePooling() { poolBins() }
        let width = turnedStride
        ablate_turn_back(lanes.start, width, turned.start)
        for row in rows {
            let lane = (row - rows.lowerBound) * block.slots
            for (slot, frame) in block.frames.enumerated() {
                let (pooled, part) = frame.quotientAndRemainder(dividingBy: pooling.frames)
                write(
                    turned.start + (lane + slot) * width, adding: part > 0,
                    to: maps + ((firstChannel + row) * frames + pooled) * settings.bins)
            }
        }
    }

    /// Neighbouring bins become their sum, divided by all that is pooled to one.
    private func poolBins() {
        let pooling = settings.pooling
        let share = 1 / Float(pooling.frames * pooling.bins)
        for bin in 0..<settings.bins {
            let first = lanes.start + 16 * pooling.bins * bin
            var sum = Lanes(at: first)
            for neighbour in 1..<max(pooling.bins, 1) { sum += Lanes(at: first + 16 * neighbour) }
            (sum * share).store(to: lanes.start + 16 * bin)
        }
    }

    /// Writes the bins of a frame, or adds them to what is there.
    @inline(__always)
    private func write(
        _ row: UnsafeMutablePointer<Float>, adding: Bool, to out: UnsafeMutablePointer<Float>
    ) {
        let bins = settings.bins
        var bin = 0
        while bin + 16 <= bins {
            let values = Lanes(at: row + bin)
            (adding ? Lanes(at: out + bin) + values : values).store(to: out + bin)
            bin += 16
        }
        while bin < bins {
            out[bin] = adding ? out[bin] + row[bin] : row[bin]
            bin += 1
        }
    }
}
