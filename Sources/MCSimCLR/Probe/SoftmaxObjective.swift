import COpenBLAS
import Foundation

/// What softmax regression minimises: mean cross-entropy + penalty / 2 |W|^2, in double precision.
///
/// One thread uses it at a time.
final class SoftmaxObjective {
    /// Weights that it is a function of. Shape: [inputs + 1, classes]; the last row is the intercept.
    let size: Int
    private let rows: Int
    private let width: Int
    private let classes: Int
    private let labels: [Int]
    /// Shape: [rows, width]; the last column is 1.
    private var examples: [Double]
    /// Probabilities less the truth, at the last point. Shape: [rows, classes].
    private var residuals: [Double]

    var penalty = 0.0
    let curvature: SoftmaxCurvature

    init(inputs: Matrix, labels: [Int], classes: Int) {
        rows = inputs.rows
        width = inputs.columns + 1
        self.classes = classes
        self.labels = labels
        size = width * classes
        examples = []
        examples.reserveCapacity(rows * width)
        for row in 0..<rows {
            examples += inputs.row(row)
            examples.append(1)
        }
        residuals = [Double](repeating: 0, count: rows * classes)
        curvature = SoftmaxCurvature(
            examples: examples, rows: rows, width: width, classes: classes)
    }

    /// Value and gradient.
    func callAsFunction(_ weights: [Double]) -> (value: Double, gradient: [Double]) {
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(classes), Int32(width),
            1, examples, Int32(width), weights, Int32(classes), 0, &residuals, Int32(classes))
        var value = subtractTruth() / Double(rows)
        var gradient = [Double](repeating: 0, count: size)
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(classes), Int32(rows),
            1 / Double(rows), examples, Int32(width), residuals, Int32(classes), 0, &gradient,
            Int32(classes))
        for index in 0..<(width - 1) * classes {
            value += penalty / 2 * weights[index] * weights[index]
            gradient[index] += penalty * weights[index]
        }
        return (value, gradient)
    }

    /// Where a gradient is, squared and summed, no point can be lower by more than 5e-7: the
    /// objective's curvature is at least the penalty, and along the intercept, which has none, about
    /// the share of the rarest class.
    var leastGradient: Double { 1e-6 * min(max(penalty, 1e-9), 1e-3) }

    func isLeast(_ gradient: [Double]) -> Bool {
        gradient.reduce(0) { $0 + $1 * $1 } <= leastGradient
    }

    /// Brings the curvature to the point that the value was last asked for.
    func moveCurvature() {
        curvature.move(residuals: residuals, labels: labels, penalty: penalty)
    }

    /// exp(difference), or zero where a product with it could be too small for a number of full precision
    /// (see ``SoftmaxCurvature``, where it matters likewise).
    private static func share(_ difference: Double) -> Double {
        difference < -600 ? 0 : exp(difference)
    }

    /// logits -> softmax(logits) - one-hot(labels); returns the sum of the cross-entropies.
    private func subtractTruth() -> Double {
        var total = 0.0
        for (row, label) in labels.enumerated() {
            let start = row * classes
            var largest = residuals[start]
            for index in start..<start + classes { largest = max(largest, residuals[index]) }
            let truth = residuals[start + label] - largest
            var sum = 0.0
            for index in start..<start + classes {
                residuals[index] = Self.share(residuals[index] - largest)
                sum += residuals[index]
            }
            total += log(sum) - truth
            for index in start..<start + classes { residuals[index] /= sum }
            residuals[start + label] -= 1
        }
        return total
    }
}
