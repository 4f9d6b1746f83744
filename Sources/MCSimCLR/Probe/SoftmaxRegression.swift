import COpenBLAS

/// Multinomial logistic regression with an L2 penalty, fitted to the whole training set.
///
/// Minimises mean cross-entropy + penalty / 2 |W|^2 (the intercept is not penalised) to within 5e-7 of
/// the least value, in double precision. Inputs should be standardised.
public struct SoftmaxRegression: Sendable {
    let map: LinearMap

    /// - Parameters:
    ///   - inputs: Shape: [examples, inputs].
    ///   - labels: one for each example, in 0 ..< classes.
    ///   - iterations: of Newton's method, at most.
    public init(
        inputs: Matrix, labels: [Int], classes: Int, penalty: Double, iterations: Int = 200
    ) {
        self = Path(inputs: inputs, labels: labels, classes: classes)
            .fit(penalty: penalty, iterations: iterations)
    }

    private init(map: LinearMap) { self.map = map }

    /// Fits to the same examples, each of which starts where the last ones lead to: with penalties
    /// that shrink by a factor this is fast.
    final class Path {
        private let objective: SoftmaxObjective
        /// Of the last fits, at most two.
        private var ends: [[Double]] = []
        private let shape: (rows: Int, columns: Int)

        init(inputs: Matrix, labels: [Int], classes: Int) {
            objective = SoftmaxObjective(inputs: inputs, labels: labels, classes: classes)
            shape = (inputs.columns + 1, classes)
        }

        func fit(penalty: Double, iterations: Int = 200) -> SoftmaxRegression {
            objective.penalty = penalty
            let weights = minimise(objective, from: start, iterations: iterations)
            ends = ends.suffix(1) + [weights]
            return SoftmaxRegression(
                map: LinearMap(
                    weights: Matrix(rows: shape.rows, columns: shape.columns, values: weights)))
        }

        /// As far on as the last two ends are apart, if that is lower than the last end.
        private var start: [Double] {
            guard let last = ends.last else { return Array(repeating: 0, count: objective.size) }
            guard ends.count == 2 else { return last }
            let further = zip(last, ends[0]).map { 2 * $0 - $1 }
            return objective(further).value < objective(last).value ? further : last
        }
    }

    /// Class scores. Shape: [examples, inputs] -> [examples, classes].
    public func logits(_ inputs: Matrix) -> Matrix { map(inputs) }
}

/// Newton's method with conjugate gradients (Nocedal and Wright, Numerical Optimization, algorithm
/// 7.1): value and gradient in double precision, what leads from point to point in single.
private func minimise(
    _ objective: SoftmaxObjective, from start: [Double], iterations: Int
) -> [Double] {
    let curvature = objective.curvature
    var point = start
    var (value, gradient) = objective(point)
    var products = Int.max
    for _ in 0..<iterations {
        if objective.isLeast(gradient) { break }
        objective.moveCurvature()
        if products >= curvature.productsPerEstimate {
            curvature.estimate()
            products = 0
        }
        let step = newtonStep(
            curvature, gradient, enough: objective.leastGradient / 4, products: &products)
        let slope = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
        guard slope < 0 else { break }
        // Halve the step until the value falls enough; the slack is what rounding leaves of it.
        var length = 1.0
        var next = point
        var found = (value: Double.infinity, gradient: gradient)
        let slack = 1e-15 * abs(value)
        while length > 1e-12 {
            next = zip(point, step).map { $0 + length * $1 }
            found = objective(next)
            if found.value <= value + 1e-4 * length * slope + slack { break }
            length /= 2
        }
        guard found.value.isFinite, found.value <= value + slack else { break }
        (point, value, gradient) = (next, found.value, found.gradient)
    }
    return point
}

/// An estimate of -(Hessian)^-1 gradient that is a direction of descent whatever rounding does.
///
/// - Parameters:
///   - enough: what remains of the gradient, squared and summed, may be so much.
///   - products: counts those with the Hessian.
private func newtonStep(
    _ curvature: SoftmaxCurvature, _ gradient: [Double], enough: Double, products: inout Int
) -> [Double] {
    let most = 500
    var step = [Float](repeating: 0, count: gradient.count)
    var rest = gradient.map { -Float($0) }
    var direction = curvature.divide(rest)
    var size = dot(rest, direction)
    let goal = 0.01 * size
    for iteration in 0..<most {
        let change = curvature.times(direction)
        products += 1
        let length = size / dot(direction, change)
        guard length.isFinite, length > 0 else {
            if iteration == 0 { step = direction }
            break
        }
        add(direction, times: length, to: &step)
        add(change, times: -length, to: &rest)
        if Double(dot(rest, rest)) < enough { break }
        let divided = curvature.divide(rest)
        let next = dot(rest, divided)
        if next <= goal { break }
        let old = direction
        direction = divided
        add(old, times: next / size, to: &direction)
        size = next
    }
    return step.map(Double.init)
}

private func dot(_ left: [Float], _ right: [Float]) -> Float {
    cblas_sdot(Int32(left.count), left, 1, right, 1)
}

/// target += factor x values
private func add(_ values: [Float], times factor: Float, to target: inout [Float]) {
    cblas_saxpy(Int32(values.count), factor, values, 1, &target, 1)
}
