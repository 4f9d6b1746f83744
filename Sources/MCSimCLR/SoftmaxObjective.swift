import COpenBLAS
import Foundation

/// What softmax regression minimises: mean cross-entropy + penalty / 2 |W|^2, and an estimate of its
/// curvature.
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
    /// X'X / n. Shape: [width, width].
    private var moments: Matrix
    private var factor = CholeskyFactor.none
    private var probabilities: [Double]

    var penalty = 0.0 {
        didSet {
            // The curvature of a model that knows nothing is X'X / n (1 - 1 / classes) / classes.
            var estimate = moments
            for index in estimate.values.indices { estimate.values[index] /= Double(classes) }
            for index in 0..<width {
                let own = index < width - 1 ? penalty : 0
                estimate[index, index] += max(own, 1e-12)
            }
            factor = CholeskyFactor(estimate)
        }
    }

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
        moments = Matrix(zeros: width, width)
        probabilities = [Double](repeating: 0, count: rows * classes)
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(width), Int32(rows),
            1 / Double(rows), examples, Int32(width), examples, Int32(width), 0, &moments.values,
            Int32(width))
    }

    /// Value and gradient.
    func callAsFunction(_ weights: [Double]) -> (value: Double, gradient: [Double]) {
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(classes), Int32(width),
            1, examples, Int32(width), weights, Int32(classes), 0, &probabilities, Int32(classes))
        var value = subtractTruth() / Double(rows)
        var gradient = [Double](repeating: 0, count: size)
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(classes), Int32(rows),
            1 / Double(rows), examples, Int32(width), probabilities, Int32(classes), 0, &gradient,
            Int32(classes))
        for index in 0..<(width - 1) * classes {
            value += penalty / 2 * weights[index] * weights[index]
            gradient[index] += penalty * weights[index]
        }
        return (value, gradient)
    }

    /// Whether no point can be lower by more than 5e-7: the objective's curvature is at least the
    /// penalty, and along the intercept, which has none, about the share of the rarest class.
    func isLeast(_ gradient: [Double]) -> Bool {
        dot(gradient, gradient) <= 1e-6 * min(max(penalty, 1e-9), 1e-3)
    }

    /// The gradient times an estimate of the inverse Hessian, but for its scale.
    func precondition(_ gradient: [Double]) -> [Double] {
        factor.solve(Matrix(rows: width, columns: classes, values: gradient)).values
    }

    /// logits -> softmax(logits) - one-hot(labels); returns the sum of the cross-entropies.
    private func subtractTruth() -> Double {
        var total = 0.0
        for (row, label) in labels.enumerated() {
            let start = row * classes
            var largest = probabilities[start]
            for index in start..<start + classes { largest = max(largest, probabilities[index]) }
            let truth = probabilities[start + label] - largest
            var sum = 0.0
            for index in start..<start + classes {
                probabilities[index] = exp(probabilities[index] - largest)
                sum += probabilities[index]
            }
            total += log(sum) - truth
            for index in start..<start + classes { probabilities[index] /= sum }
            probabilities[start + label] -= 1
        }
        return total
    }
}

func dot(_ left: [Double], _ right: [Double]) -> Double {
    cblas_ddot(Int32(left.count), left, 1, right, 1)
}

/// target += factor x values
func add(_ values: [Double], times factor: Double, to target: inout [Double]) {
    cblas_daxpy(Int32(values.count), factor, values, 1, &target, 1)
}
