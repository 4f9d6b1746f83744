import Digests

/// The inner loops of the bank, over whole buffers.
package enum SampleKernels {
    /// Samples as 16-bit steps of 1/32767 of their peak, rounded to the nearest.
    package static func quantise(_ samples: [Float]) -> (steps: [Int16], scale: Float) {
        samples.withUnsafeBytes { input in
            let whole = samples.count & ~15
            func block(_ index: Int) -> SIMD16<Float> {
                input.loadUnaligned(
                    fromByteOffset: index * MemoryLayout<Float>.stride, as: SIMD16<Float>.self)
            }
            var low = SIMD16<Float>(repeating: 0)
            var high = low
            for index in stride(from: 0, to: whole, by: 16) {
                let values = block(index)
                low.replace(with: values, where: values .< low)
                high.replace(with: values, where: values .> high)
            }
            var peak = max(high.max(), -low.min())
            for sample in samples[whole...] { peak = max(peak, abs(sample)) }
            guard peak > 0 else { return ([Int16](repeating: 0, count: samples.count), 1) }
            let factor = 32_767 / peak
            let steps = [Int16](unsafeUninitializedCapacity: samples.count) { output, count in
                let target = UnsafeMutableRawBufferPointer(output)
                for index in stride(from: 0, to: whole, by: 16) {
                    // Adding 1.5 * 2^23 leaves the nearest integer in a float's lowest bits; the
                    // conversion of vectors is far slower. The peak comes to 32767.01 at most.
                    let shifted = block(index) * factor + 12_582_912
                    let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
                    target.storeBytes(
                        of: SIMD16<Int16>(truncatingIfNeeded: bits),
                        toByteOffset: index * MemoryLayout<Int16>.stride,
                        as: SIMD16<Int16>.self)
                }
                for index in whole..<samples.count {
                    output[index] = Int16((samples[index] * factor).rounded(.toNearestOrEven))
                }
                count = samples.count
            }
            return (steps, peak / 32_767)
        }
    }

    /// The samples that 16-bit steps stand for.
    static func restore(
        _ steps: UnsafeBufferPointer<Int16>, scale: Float,
        into samples: UnsafeMutableBufferPointer<Float>, at position: Int
    ) {
        for index in 0..<steps.count {
            samples[position &+ index] = Float(steps[index]) * scale
        }
    }

    static func digest(_ steps: [Int16]) -> Digest {
        steps.withUnsafeBytes { Digest(of: $0) }
    }
}
