import Randomness
import SoundData
import Testing

@Suite("16-bit samples")
struct SampleKernelsTests {
    @Test(
        "every sample is the nearest step, ties to even, the peak the largest, at any length",
        arguments: [1, 15, 16, 17, 100, 4099])
    func nearest(_ count: Int) {
        var stream = Randomness.Stream(1, "steps", count)
        for sign: Float in [1, -1] {
            var samples = (0..<count).map { _ in Float(stream.uniform(in: -0.3...0.3)) }
            samples[count / 2] = 0.31 * sign
            let (steps, scale) = SampleKernels.quantise(samples)
            #expect(steps[count / 2] == Int16(32_767 * sign))
            #expect(scale == 0.31 / 32_767)
            let factor: Float = 32_767 / 0.31
            for (sample, step) in zip(samples, steps) {
                #expect(Float(step) == (sample * factor).rounded(.toNearestOrEven))
            }
        }
    }

    @Test("silence stays silence")
    func silence() {
        let (steps, scale) = SampleKernels.quantise([Float](repeating: 0, count: 20))
        #expect(steps == [Int16](repeating: 0, count: 20))
        #expect(scale == 1)
    }
}
