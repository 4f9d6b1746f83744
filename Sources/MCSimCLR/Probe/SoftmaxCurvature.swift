import COpenBLAS

/// The curvature of softmax regression at a point, in single precision: products with the Hessian,
/// and an estimate of its inverse. Both only lead the way; where it ends the gradient in double
/// precision says.
///
/// The Hessian is the mean over the examples of (diag(p) - p p') (x) (x x'), plus the penalty. The
/// estimate takes it for S (x) K with S [classes, classes] and K [width, width], those of the matrix
/// normal distribution's likelihood (Dutilleul 1999, doi:10.1080/00949659908811970), each of which
/// weighs the examples by the other's inverse; the penalty is split between them (Martens & Grosse
/// 2015, arXiv:1503.05671, section 6.3).
final class SoftmaxCurvature {
    /// What single precision makes of a mean eigenvalue of 1: the factors get no less.
    private static let rounding = 1e-5
    /// Probabilities below it are taken for none: beside the others of a row they change no digit of a sum.
    private static let leastProbability = 1e-20
    private let rows: Int
    private let width: Int
    private let classes: Int
    /// Shape: [rows, width].
    private let examples: [Float]
    /// |x|^2 of each example.
    private let squares: [Double]
    private var penalty = 0.0
    /// In double precision: of a probability near 1, what it lacks counts. Shape: [rows, classes].
    private var exact: Matrix
    /// The same in single precision.
    private var probabilities: [Float]
    /// The likeliest class of each example.
    private var likeliest: [Int]
    /// x' K^-1 x of each example.
    private var distances: [Double]
    private var classInverse: [Float] = []
    private var inputInverse: [Float] = []
    /// Shape: [rows, classes].
    private var changes: [Float]

    /// - Parameter examples: Shape: [rows, width]; the last column is 1, its weights are free.
    init(examples: [Double], rows: Int, width: Int, classes: Int) {
        self.rows = rows
        self.width = width
        self.classes = classes
        self.examples = examples.map(Float.init)
        squares = (0..<rows).map { row in
            examples[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }
        }
        exact = Matrix(zeros: rows, classes)
        probabilities = [Float](repeating: 0, count: rows * classes)
        changes = probabilities
        likeliest = [Int](repeating: 0, count: rows)
        distances = [Double](repeating: 1, count: rows)
    }

    /// Products with the Hessian that cost about as much as a new estimate of its inverse, and more.
    var productsPerEstimate: Int { max(16, width / 8) }

    /// Goes to another point.
    ///
    /// - Parameter residuals: probabilities less the truth. Shape: [rows, classes].
    func move(residuals: [Double], labels: [Int], penalty: Double) {
        self.penalty = penalty
        exact.values = residuals
        for (row, label) in labels.enumerated() { exact[row, label] += 1 }
        for index in residuals.indices { probabilities[index] = Self.single(exact.values[index]) }
        for row in 0..<rows { likeliest[row] = indexOfLargest(exact.row(row)) }
    }

    /// A probability in single precision, or zero: some processors (Intel's) take a hundred cycles and more for
    /// each product with a number below 1.2e-38 (subnormal), and a confident model has thousands of them.
    private static func single(_ probability: Double) -> Float {
        probability < leastProbability ? 0 : Float(probability)
    }

    /// The Hessian times a direction. Shape: [width, classes] -> [width, classes].
    func times(_ direction: [Float]) -> [Float] {
        multiply(examples, direction, into: &changes, (rows, classes, width))
        for row in 0..<rows {
            let start = row * classes
            // Against the likeliest class, as little is left of the others where it is certain.
            let reference = changes[start + likeliest[row]]
            var mean: Float = 0
            for index in start..<start + classes {
                changes[index] -= reference
                mean += probabilities[index] * changes[index]
            }
            for index in start..<start + classes {
                changes[index] = probabilities[index] * (changes[index] - mean)
            }
        }
        var result = direction
        for index in 0..<(width - 1) * classes { result[index] *= Float(penalty) }
        for index in (width - 1) * classes..<width * classes { result[index] = 0 }
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(classes), Int32(rows),
            1 / Float(rows), examples, Int32(width), changes, Int32(classes), 1, &result,
            Int32(classes))
        return result
    }

    /// An estimate of the inverse Hessian times a direction. Shape: [width, classes] -> the same.
    func divide(_ direction: [Float]) -> [Float] {
        var half = direction
        var result = direction
        multiply(inputInverse, direction, into: &half, (width, classes, width))
        multiply(half, classInverse, into: &result, (width, classes, classes))
        return result
    }

    /// Makes the estimate anew, from the probabilities of this point.
    func estimate() {
        // Neither may vanish, or there would be nothing to divide by.
        let least = 1e-20
        var trace = 0.0
        for row in 0..<rows {
            trace += squares[row] * exact.row(row).reduce(0) { $0 + $1 * (1 - $1) }
        }
        let scale = max(trace / Double(rows * width * classes), least)
        let damping = max(penalty, 1e-12)

        let classInverse = classInverse(damping: (damping / scale).squareRoot())
        self.classInverse = classInverse.values.map(Float.init)
        let products = exact * classInverse
        let weights = (0..<rows).map { row in
            let weight = (0..<classes).reduce(0) { sum, label in
                sum + exact[row, label] * (classInverse[label, label] - products[row, label])
            }
            return max(weight, least)
        }
        inputInverse = inputInverse(
            weights, scale: scale, damping: (damping * scale).squareRoot())

        var inputs = examples
        multiply(examples, inputInverse, into: &inputs, (rows, width, width))
        for row in 0..<rows {
            var distance: Float = 0
            for index in row * width..<(row + 1) * width {
                distance += inputs[index] * examples[index]
            }
            distances[row] = max(Double(distance), least)
        }
    }

    /// (S + damping)^-1, where the mean of S's eigenvalues is 1.
    private func classInverse(damping: Double) -> Matrix {
        var weighted = exact
        for row in 0..<rows {
            for label in 0..<classes { weighted[row, label] *= -distances[row] }
        }
        var spread = Matrix(zeros: classes, classes)
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(classes), Int32(classes), Int32(rows),
            1, weighted.values, Int32(classes), exact.values, Int32(classes), 0, &spread.values,
            Int32(classes))
        for row in 0..<rows {
            for label in 0..<classes { spread[label, label] -= weighted[row, label] }
        }
        spread.scale(meanOfDiagonal: 1)
        for label in 0..<classes { spread[label, label] += damping }
        return CholeskyFactor(spread).inverse
    }

    /// (K + damping)^-1, where the mean of K's eigenvalues is `scale`.
    private func inputInverse(_ weights: [Double], scale: Double, damping: Double) -> [Float] {
        var weighted = examples
        for row in 0..<rows {
            let factor = Float(weights[row].squareRoot())
            for index in row * width..<(row + 1) * width { weighted[index] *= factor }
        }
        var products = [Float](repeating: 0, count: width * width)
        cblas_ssyrk(
            CblasRowMajor, CblasLower, CblasTrans, Int32(width), Int32(rows), 1, weighted,
            Int32(width), 0, &products, Int32(width))
        var spread = Matrix(rows: width, columns: width, values: products.map(Double.init))
        spread.scale(meanOfDiagonal: scale)
        for index in 0..<width {
            spread[index, index] += max(index < width - 1 ? damping : 0, Self.rounding * scale)
        }
        return CholeskyFactor(spread).inverse.values.map(Float.init)
    }
}

extension Matrix {
    fileprivate static func * (left: Matrix, right: Matrix) -> Matrix {
        var result = Matrix(zeros: left.rows, right.columns)
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(left.rows), Int32(right.columns),
            Int32(left.columns), 1, left.values, Int32(left.columns), right.values,
            Int32(right.columns), 0, &result.values, Int32(right.columns))
        return result
    }

    /// Nothing happens to a matrix whose diagonal is zero.
    fileprivate mutating func scale(meanOfDiagonal mean: Double) {
        let trace = (0..<rows).reduce(0) { $0 + self[$1, $1] }
        guard trace > 0 else { return }
        let factor = mean * Double(rows) / trace
        for index in values.indices { values[index] *= factor }
    }
}

/// result = left x right.
///
/// - Parameter shape: rows and columns of the result, and what is summed over.
private func multiply(
    _ left: [Float], _ right: [Float], into result: inout [Float],
    _ shape: (rows: Int, columns: Int, inner: Int)
) {
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(shape.rows), Int32(shape.columns),
        Int32(shape.inner), 1, left, Int32(shape.inner), right, Int32(shape.columns), 0, &result,
        Int32(shape.columns))
}
