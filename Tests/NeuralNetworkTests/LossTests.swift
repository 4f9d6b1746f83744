import Foundation
import NeuralNetwork
import Testing

@Suite("Losses")
struct LossTests {
    @Test("NT-Xent of orthogonal pairs, worked by hand")
    func orthogonalPairs() {
        // Two pairs, partners equal, pairs orthogonal: each row sees e^(1/t) against two e^0.
        let loss = NTXentLoss(temperature: 0.5)
        let value = loss(Tensor([4, 2], [2, 0, 0, 3, 5, 0, 0, 0.1]))
        #expect(abs(value - log(1 + 2 * exp(-2))) < 1e-6)
        // Nothing pulls a row along itself, and partners are equal already: the gradient of row 0
        // points away from the other pair's direction only.
        let gradient = loss.gradient.values
        let probability = 1 / (exp(2.0) + 2)
        // Rows 1 and 3 each push row 0, in its own row and in theirs: (2 p + 2 p) / (4 t), over |z| = 2.
        #expect(abs(Double(gradient[0])) < 1e-7)
        #expect(abs(Double(gradient[1]) - 4 * probability / (4 * 0.5) / 2) < 1e-6)
    }

    @Test("NT-Xent of rows that are all equal is log(2B - 1)")
    func equalRows() {
        let value = NTXentLoss(temperature: 0.1)(Tensor([6, 3], Array(repeating: 1, count: 18)))
        #expect(abs(value - log(5)) < 1e-6)
    }

    @Test("similarities of pairs, and the histogram of the others")
    func similarities() {
        let loss = NTXentLoss(temperature: 0.5)
        _ = loss(Tensor([4, 2], [2, 0, 0, 3, 5, 0, 0, -0.1]))
        let (positive, negatives) = loss.similarities(bins: 4)
        #expect(positive == [1, -1])
        #expect(negatives == [0, 0, 4, 0])
    }

    @Test("cross-entropy of even logits is log K, and of a sure answer is zero")
    func crossEntropy() {
        let loss = SoftmaxCrossEntropy()
        let even = loss(Tensor([2, 5]), labels: [1, 4])
        #expect(abs(even - log(5)) < 1e-6)
        #expect(abs(loss.gradient[0] - 0.1) < 1e-7)
        #expect(abs(loss.gradient[1] + 0.4) < 1e-7)
        #expect(abs(loss(Tensor([1, 3], [0, 60, 0]), labels: [1])) < 1e-12)
    }

    @Test("mean squared error and its gradient")
    func squaredError() {
        let loss = MeanSquaredError()
        #expect(loss(Tensor([1, 2], [1, 2]), targets: Tensor([1, 2], [0, 4])) == 2.5)
        #expect(loss.gradient.values == [1, -2])
    }
}
