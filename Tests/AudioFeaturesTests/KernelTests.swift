import AudioFeatures
import Foundation
import Testing

@Suite("Vector kernels")
struct KernelTests {
    @Test("Decibels are within 2e-5 dB of the exact ones, over the whole range of powers")
    func decibels() {
        var worst = 0.0
        for step in 0..<200_000 {
            let power = Float(pow(10, -10 + 20 * Double(step) / 200_000))
            let found = DecibelKernels.decibels(Lanes(repeating: power))[step % 16]
            worst = max(worst, abs(Double(found) - 10 * log10(max(Double(power), 1e-10))))
        }
        #expect(worst < 2e-5)
    }

    @Test("Powers at and below the floor are -100 dB", arguments: [0, 1e-38, 1e-11, 1e-10, -1])
    func floor(power: Float) {
        #expect(abs(DecibelKernels.decibels(Lanes(repeating: power))[0] + 100) < 2e-5)
    }

    @Test("The inverse square root is exact to 3e-7 of itself")
    func inverseRoot() {
        var worst = 0.0
        for step in 0..<200_000 {
            let x = Float(pow(10, -20 + 50 * Double(step) / 200_000))
            let found = Double(inverseSquareRoot(Lanes(repeating: x))[step % 16])
            worst = max(worst, abs(found * Double(x).squareRoot() - 1))
        }
        #expect(worst < 3e-7)
    }
}
