import COpenBLAS
import Foundation

/// Multinomial logistic regression with an L2 penalty, fitted to the whole training set.
///
/// Minimises mean cross-entropy + penalty / 2 |W|^2 by Nesterov's accelerated gradient descent with
/// adaptive restart (O'Donoghue and Candes 2015, doi:10.1007/s10208-013-9150-3); the step is the
/// inverse of the gradient's Lipschitz constant. Inputs should be standardised.
public struct SoftmaxRegression: Sendable {
    /// Shape: [inputs + 1, classes]; the last row is the intercept.
    private var weights: [Float]
    private let inputs: Int
    private let classes: Int

    /// - Parameters:
    ///   - inputs: Shape: [examples, inputs].
    ///   - labels: one for each example, in 0 ..< classes.
    public init(
        inputs: Matrix, labels: [Int], classes: Int, penalty: Double, iterations: Int = 300
    ) {
        self.inputs = inputs.columns
        self.classes = classes
        let width = inputs.columns + 1
        let examples = Self.withIntercept(inputs)
        weights = Array(repeating: 0, count: width * classes)
        let step = Float(1 / (Self.lipschitz(examples, rows: inputs.rows, width: width) + penalty))
        var momentum = weights
        var previousTheta = 1.0
        var probabilities = [Float](repeating: 0, count: inputs.rows * classes)
        var gradient = weights
        for _ in 0..<iterations {
            Self.multiply(
                examples, momentum, into: &probabilities, rows: inputs.rows, inner: width,
                columns: classes)
            Self.subtractTruth(&probabilities, labels: labels, classes: classes)
            cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(classes),
                Int32(inputs.rows), 1 / Float(inputs.rows), examples, Int32(width), probabilities,
                Int32(classes), 0, &gradient, Int32(classes))
            for index in 0..<inputs.columns * classes {
                gradient[index] += Float(penalty) * momentum[index]
            }
            var alignment: Float = 0
            var next = weights
            for index in weights.indices {
                next[index] = momentum[index] - step * gradient[index]
                alignment += gradient[index] * (next[index] - weights[index])
            }
            // A step against the descent direction: forget the momentum.
            let theta =
                alignment > 0 ? 1.0 : (1 + (1 + 4 * previousTheta * previousTheta).squareRoot()) / 2
            let pull = alignment > 0 ? 0 : Float((previousTheta - 1) / theta)
            for index in weights.indices {
                momentum[index] = next[index] + pull * (next[index] - weights[index])
            }
            weights = next
            previousTheta = theta
        }
    }

    /// Class scores. Shape: [examples, inputs] -> [examples, classes].
    public func logits(_ inputs: Matrix) -> Matrix {
        var result = [Float](repeating: 0, count: inputs.rows * classes)
        Self.multiply(
            Self.withIntercept(inputs), weights, into: &result, rows: inputs.rows,
            inner: self.inputs + 1, columns: classes)
        return Matrix(rows: inputs.rows, columns: classes, values: result.map(Double.init))
    }

    private static func withIntercept(_ matrix: Matrix) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(matrix.rows * (matrix.columns + 1))
        for row in 0..<matrix.rows {
            for value in matrix.row(row) { result.append(Float(value)) }
            result.append(1)
        }
        return result
    }

    /// Largest eigenvalue of X'X / (2n), a bound on the curvature (Boehning 1992), by power iteration.
    private static func lipschitz(_ examples: [Float], rows: Int, width: Int) -> Double {
        var vector = [Float](repeating: 1 / Float(width).squareRoot(), count: width)
        var image = [Float](repeating: 0, count: rows)
        var eigenvalue = 0.0
        for _ in 0..<30 {
            multiply(examples, vector, into: &image, rows: rows, inner: width, columns: 1)
            cblas_sgemv(
                CblasRowMajor, CblasTrans, Int32(rows), Int32(width), 1 / Float(rows), examples,
                Int32(width), image, 1, 0, &vector, 1)
            let norm = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard norm > 0 else { return 1 }
            eigenvalue = norm
            for index in vector.indices { vector[index] /= Float(norm) }
        }
        // Power iteration approaches from below; the margin keeps the step safe.
        return 0.55 * eigenvalue
    }

    private static func multiply(
        _ left: [Float], _ right: [Float], into result: inout [Float], rows: Int, inner: Int,
        columns: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner),
            1, left, Int32(inner), right, Int32(columns), 0, &result, Int32(columns))
    }

    /// logits -> softmax(logits) - one-hot(labels)
    private static func subtractTruth(_ logits: inout [Float], labels: [Int], classes: Int) {
        for (row, label) in labels.enumerated() {
            let range = row * classes..<(row + 1) * classes
            let largest = logits[range].max() ?? 0
            var sum: Float = 0
            for index in range {
                logits[index] = exp(logits[index] - largest)
                sum += logits[index]
            }
            for index in range { logits[index] /= sum }
            logits[range.lowerBound + label] -= 1
        }
    }
}
