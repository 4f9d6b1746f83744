import Foundation
import NeuralNetwork
import Testing

@Suite("Elementary functions")
struct ElementaryTests {
    @Test("exponential within 2e-7 relative, logistic within 2e-7, tangent within 3e-7 absolute")
    func accuracy() {
        let wide = (0..<200_000).map { Float(-87 + 175 * Double($0) / 200_000) }
        var worst = 0.0
        for (x, y) in zip(wide, Elementary.exponential(wide)) {
            worst = max(worst, abs(Double(y) / exp(Double(x)) - 1))
        }
        #expect(worst < 2e-7, "exponential \(worst)")
        let narrow = (0..<200_000).map { Float(-30 + 60 * Double($0) / 200_000) }
        worst = 0
        for (x, y) in zip(narrow, Elementary.logistic(narrow)) {
            worst = max(worst, abs(Double(y) - 1 / (1 + exp(-Double(x)))))
        }
        #expect(worst < 2e-7, "logistic \(worst)")
        worst = 0
        for (x, y) in zip(narrow, Elementary.hyperbolicTangent(narrow)) {
            worst = max(worst, abs(Double(y) - tanh(Double(x))))
        }
        #expect(worst < 3e-7, "tangent \(worst)")
    }

    @Test("arguments far outside stay finite")
    func extremes() {
        #expect(Elementary.logistic([-1e9, 1e9]) == [Elementary.logistic([-88])[0], 1])
        #expect(Elementary.hyperbolicTangent([-1e9, 0, 1e9]) == [-1, 0, 1])
    }
}
