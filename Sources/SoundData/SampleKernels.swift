import Digests

/// The inner loops of the bank, over whole buffers.
enum SampleKernels {
    /// Samples as 16-bit steps of 1/32767 of their peak, rounded to the nearest.
    static func quantise(_ samples: [Float]) -> (steps: [Int16], scale: Float) {
        var peak: Float = 0
        for sample in samples { peak = max(peak, abs(sample)) }
        guard peak > 0 else { return ([Int16](repeating: 0, count: samples.count), 1) }
        let scale = peak / 32_767
        let factor = 32_767 / peak
        let steps = [Int16](unsafeUninitializedCapacity: samples.count) { output, count in
            for index in samples.indices {
                let step = (samples[index] * factor).rounded(.toNearestOrEven)
                output[index] = Int16(max(-32_767, min(32_767, step)))
            }
            count = samples.count
        }
        return (steps, scale)
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
