/// Pulses at fractional delays, collected on a fine grid and filtered once.
///
/// A response is a sum of many delayed pulses of one shape. Adding the shape for each pulse costs 81
/// multiplications; adding its height to a grid of 32 positions a sample costs two, and one
/// filtering of the grid at the end replaces all the rest. One grid a microphone.
final class PulseGrid {
    let channels: Int
    /// Grid points between two channels.
    private(set) var stride = 0
    /// Samples of a response.
    private(set) var sampleCount = 0

    private let grid = AlignedBuffer(capacity: 16)
    private let pulse: AlignedBuffer
    private let sums = AlignedBuffer(capacity: 16)
    /// Samples filtered at a time: one load of the taps serves them all.
    private static let block = 4
    /// Zeroed grid points before time zero, so that the first responses see a whole filter.
    private static let lead = FractionalDelay.length - FractionalDelay.phases / 2

    init(channels: Int, window: FractionalDelay.Window) {
        self.channels = channels
        let values = FractionalDelay.reversedPulse(window)
        pulse = AlignedBuffer(capacity: values.count)
        for (index, value) in values.enumerated() { pulse.base[index] = value }
    }

    /// Empties the grid and makes room for delays up to `latest` samples.
    func prepare(latest: Double) {
        sampleCount = Int(latest.rounded(.up)) + FractionalDelay.taps + 1
        stride = (sampleCount + Self.block) * FractionalDelay.phases + FractionalDelay.length
        grid.reserve(channels * stride)
        grid.clear(channels * stride)
    }

    /// The grid of a channel, at delay zero.
    func origin(ofChannel channel: Int) -> UnsafeMutablePointer<Float> {
        grid.base + channel * stride + Self.lead
    }

    /// Adds a pulse. Units: samples.
    func add(_ height: Float, delay: Double, channel: Int) {
        let place = delay * Double(FractionalDelay.phases)
        let cell = Int(place.rounded(.down))
        let share = Float(place - Double(cell))
        let target = origin(ofChannel: channel) + cell
        target[0] += height * (1 - share)
        target[1] += height * share
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
                UnsafeRawPointer(grid.base + channel * stride), UnsafeRawPointer(pulse.base),
                blocks: blocks, into: UnsafeMutableRawPointer(sums.base))
            let target = output + channel * sampleCount
            Self.reduce(UnsafeRawPointer(sums.base), count: known, into: target)
            (target + known).update(repeating: 0, count: sampleCount - known)
        }
    }

    /// Sixteen partial sums of each sample. Apart from ``reduce(_:count:into:)``, because the
    /// optimiser, seeing both, would rearrange the sums into a transposition seventy times slower.
    @inline(never)
    private static func correlate(
        _ grid: UnsafeRawPointer, _ pulse: UnsafeRawPointer, blocks: Int,
        into sums: UnsafeMutableRawPointer
    ) {
        let taps = pulse.assumingMemoryBound(to: SIMD16<Float>.self)
        let results = sums.assumingMemoryBound(to: SIMD16<Float>.self)
        let step = FractionalDelay.phases / 16
        for block in 0..<blocks {
            let place = grid.assumingMemoryBound(to: SIMD16<Float>.self) + block * Self.block * step
            var sum0 = SIMD16<Float>(repeating: 0)
            var sum1 = sum0
            var sum2 = sum0
            var sum3 = sum0
            for vector in 0..<FractionalDelay.length / 16 {
                let tap = taps[vector]
                sum0.addProduct(tap, place[vector])
                sum1.addProduct(tap, place[vector + step])
                sum2.addProduct(tap, place[vector + 2 * step])
                sum3.addProduct(tap, place[vector + 3 * step])
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
