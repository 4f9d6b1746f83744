/// Pulses at fractional delays, collected on a grid and filtered once (see ``FractionalDelay``).
///
/// One grid a microphone.
final class PulseGrid {
    /// Where pulses of one channel go.
    struct Target {
        /// Cell zero.
        fileprivate let origin: UnsafeMutableRawPointer
        fileprivate let shares: UnsafeRawPointer

        /// Adds a pulse; `place` counts steps of delay: cells times ``FractionalDelay/steps``.
        @inline(__always)
        func add(_ height: Float, place: Int32) {
            let step = Int(place & Int32(FractionalDelay.steps - 1))
            let cell = Int(place >> 10)
            let share = shares.load(fromByteOffset: step &* 16, as: SIMD4<Float>.self)
            let address = origin + cell &* 4
            let sum = address.loadUnaligned(as: SIMD4<Float>.self) + share * height
            address.storeBytes(of: sum, as: SIMD4<Float>.self)
        }
    }

    let channels: Int
    /// Samples of a response.
    private(set) var sampleCount = 0
    /// Cells between two channels.
    private var stride = 0

    private let grid = AlignedBuffer(capacity: 16)
    private let filter: AlignedBuffer
    private let shares: AlignedBuffer
    private let sums = AlignedBuffer(capacity: 16)
    /// Empty cells before time zero, so that the first responses see a whole filter.
    private static let lead =
        (FractionalDelay.latency + FractionalDelay.halfReach) * FractionalDelay.cellsPerSample
    /// Samples filtered at a time: one load of the filter serves them all.
    private static let block = 4

    init(channels: Int, window: FractionalDelay.Window) {
        self.channels = channels
        let values = FractionalDelay.reversedFilter(window)
        filter = AlignedBuffer(capacity: values.count)
        for (index, value) in values.enumerated() { filter.base[index] = value }
        shares = AlignedBuffer(capacity: 4 * FractionalDelay.steps)
        for (step, share) in FractionalDelay.shares.enumerated() {
            for cell in 0..<4 { shares.base[4 * step + cell] = share[cell] }
        }
    }

    /// Empties the grid and makes room for delays up to `latest` samples.
    func prepare(latest: Double) {
        sampleCount = Int(latest.rounded(.up)) + FractionalDelay.taps + 1
        stride =
            (sampleCount + Self.block) * FractionalDelay.cellsPerSample
            + FractionalDelay.filterLength + 16
        grid.reserve(channels * stride)
        grid.clear(channels * stride)
    }

    func target(ofChannel channel: Int) -> Target {
        Target(
            origin: UnsafeMutableRawPointer(grid.base + channel * stride + Self.lead - 1),
            shares: UnsafeRawPointer(shares.base))
    }

    /// Filters the grid: `responses[channel][sample]`, early by ``FractionalDelay/latency`` samples.
    func filter(into responses: UnsafeMutableBufferPointer<Float>, sampleCount: Int) {
        guard let output = responses.baseAddress else { return }
        // Whole blocks: the grid's padding gives the last one something to read.
        let known = min(sampleCount, self.sampleCount)
        let blocks = (known + Self.block - 1) / Self.block
        sums.reserve(blocks * Self.block * 16)
        for channel in 0..<channels {
            Self.correlate(
                UnsafeRawPointer(grid.base + channel * stride), UnsafeRawPointer(filter.base),
                blocks: blocks, into: UnsafeMutableRawPointer(sums.base))
            let target = output + channel * sampleCount
            Self.reduce(UnsafeRawPointer(sums.base), count: known, into: target)
            (target + known).update(repeating: 0, count: sampleCount - known)
        }
    }

    /// Sixteen partial sums of each sample. Apart from ``reduce(_:count:into:)``, because the
    /// optimiser, seeing both, would rearrange the sums into a transposition thirty times slower.
    @inline(never)
    private static func correlate(
        _ grid: UnsafeRawPointer, _ filter: UnsafeRawPointer, blocks: Int,
        into sums: UnsafeMutableRawPointer
    ) {
        let taps = filter.assumingMemoryBound(to: SIMD16<Float>.self)
        let results = sums.assumingMemoryBound(to: SIMD16<Float>.self)
        let step = FractionalDelay.cellsPerSample * 4
        for block in 0..<blocks {
            let place = grid + block * Self.block * step
            var sum0 = SIMD16<Float>(repeating: 0)
            var sum1 = sum0
            var sum2 = sum0
            var sum3 = sum0
            for vector in 0..<FractionalDelay.filterLength / 16 {
                let tap = taps[vector]
                let cells = place + vector * 64
                sum0.addProduct(tap, cells.loadUnaligned(as: SIMD16<Float>.self))
                sum1.addProduct(tap, (cells + step).loadUnaligned(as: SIMD16<Float>.self))
                sum2.addProduct(tap, (cells + 2 * step).loadUnaligned(as: SIMD16<Float>.self))
                sum3.addProduct(tap, (cells + 3 * step).loadUnaligned(as: SIMD16<Float>.self))
            }
            let result = results + block * Self.block
            result[0] = sum0
            result[1] = sum1
            result[2] = sum2
            result[3] = sum3
        }
    }

    @inline(never)
    private static func reduce(
        _ sums: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        let vectors = sums.assumingMemoryBound(to: SIMD16<Float>.self)
        for sample in 0..<count {
            let eight = vectors[sample].lowHalf + vectors[sample].highHalf
            let four = eight.lowHalf + eight.highHalf
            let two = four.lowHalf + four.highHalf
            target[sample] = two.x + two.y
        }
    }
}
