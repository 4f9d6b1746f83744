import AudioFeatures
import Foundation
import Testing

@Suite("The basis of the lags")
struct LagBasisTests {
    @Test(
        "The factored transform equals the plain one within its stated tolerance",
        arguments: [(512, 64, 0.25), (512, 65, 0.25), (512, 64, 1), (256, 16, 0.01), (1024, 1, 1)])
    func accuracy(length: Int, lags: Int, spacing: Double) {
        let basis = LagBasis(fftLength: length, lags: lags, spacing: spacing)
        let halves: [(LagBasis.Factors, (Double) -> Double)] = [
            (basis.even, { cos($0) }), (basis.odd, { sin($0) }),
        ]
        for (factors, wave) in halves {
            for (row, lag) in basis.halfLags.enumerated() {
                var worst = 0.0
                for frequency in 0...(length / 2) {
                    let edge = frequency == 0 || frequency == length / 2
                    var value = (edge ? 1.0 : 2.0) / Double(length)
                    value *= wave(2 * .pi * Double(frequency) * lag / Double(length))
                    // Sines at the edges meet imaginary parts that are zero.
                    if edge, wave(0) == 0 { value = 0 }
                    let product = (0..<factors.rank).reduce(0.0) {
                        $0 + factors.expansion[row][$1] * factors.projection[$1][frequency]
                    }
                    worst += (value - product) * (value - product)
                }
                // The largest error that any cross-spectrum of size 1 can meet.
                let bound = (worst * Double(length / 2 + 1)).squareRoot()
                #expect(bound <= LagBasis.tolerance * 1.01)
            }
        }
    }

    @Test("Quarter-sample lags need less than half of their number, whole ones all")
    func rank() {
        let fine = LagBasis(fftLength: 512, lags: 64, spacing: 0.25)
        #expect(fine.even.rank <= 16 && fine.odd.rank <= 16)
        let coarse = LagBasis(fftLength: 512, lags: 64, spacing: 1)
        #expect(coarse.even.rank == 32 && coarse.odd.rank == 32)
    }
}
