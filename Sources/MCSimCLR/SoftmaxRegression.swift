/// Multinomial logistic regression with an L2 penalty, fitted to the whole training set.
///
/// Minimises mean cross-entropy + penalty / 2 |W|^2 (the intercept is not penalised) to within 5e-7 of
/// the least value, in double precision. Inputs should be standardised.
public struct SoftmaxRegression: Sendable {
    let map: LinearMap

    /// - Parameters:
    ///   - inputs: Shape: [examples, inputs].
    ///   - labels: one for each example, in 0 ..< classes.
    ///   - iterations: at most; a fit takes some tens.
    public init(
        inputs: Matrix, labels: [Int], classes: Int, penalty: Double, iterations: Int = 5000
    ) {
        self = Path(inputs: inputs, labels: labels, classes: classes)
            .fit(penalty: penalty, iterations: iterations)
    }

    private init(map: LinearMap) { self.map = map }

    /// Fits to the same examples, each of which starts where the last one ended: from the strongest
    /// penalty to the weakest this is fast.
    final class Path {
        private let objective: SoftmaxObjective
        private var weights: [Double]
        private let shape: (rows: Int, columns: Int)

        init(inputs: Matrix, labels: [Int], classes: Int) {
            objective = SoftmaxObjective(inputs: inputs, labels: labels, classes: classes)
            weights = Array(repeating: 0, count: objective.size)
            shape = (inputs.columns + 1, classes)
        }

        func fit(penalty: Double, iterations: Int = 5000) -> SoftmaxRegression {
            objective.penalty = penalty
            weights = minimise(objective, from: weights, iterations: iterations)
            return SoftmaxRegression(
                map: LinearMap(
                    weights: Matrix(rows: shape.rows, columns: shape.columns, values: weights)))
        }
    }

    /// Class scores. Shape: [examples, inputs] -> [examples, classes].
    public func logits(_ inputs: Matrix) -> Matrix { map(inputs) }
}

/// L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) on a convex objective that
/// brings an estimate of its inverse Hessian.
private func minimise(
    _ objective: SoftmaxObjective, from start: [Double], iterations: Int
) -> [Double] {
    let memory = 12
    var history: [(step: [Double], change: [Double], curvature: Double)] = []
    var point = start
    var (value, gradient) = objective(point)
    for _ in 0..<iterations {
        if objective.isLeast(gradient) { break }
        var direction = gradient
        var shares: [Double] = []
        for pair in history.reversed() {
            let share = dot(pair.step, direction) / pair.curvature
            shares.append(share)
            add(pair.change, times: -share, to: &direction)
        }
        direction = objective.precondition(direction)
        if let last = history.last {
            let scale = last.curvature / dot(last.change, objective.precondition(last.change))
            for index in direction.indices { direction[index] *= scale }
        }
        for (pair, share) in zip(history, shares.reversed()) {
            let other = dot(pair.change, direction) / pair.curvature
            add(pair.step, times: share - other, to: &direction)
        }
        let slope = -dot(gradient, direction)
        guard slope < 0 else { break }
        // Halve the step until the value falls enough; the slack is what rounding leaves of it.
        var length = 1.0
        var next = point
        var found = (value: Double.infinity, gradient: gradient)
        let slack = 1e-15 * abs(value)
        while length > 1e-12 {
            next = point
            add(direction, times: -length, to: &next)
            found = objective(next)
            if found.value <= value + 1e-4 * length * slope + slack { break }
            length /= 2
        }
        guard found.value.isFinite, found.value <= value + slack else { break }
        var change = found.gradient
        add(gradient, times: -1, to: &change)
        var step = next
        add(point, times: -1, to: &step)
        let curvature = dot(step, change)
        if curvature > 0 {
            history.append((step, change, curvature))
            if history.count > memory { history.removeFirst() }
        }
        (point, value, gradient) = (next, found.value, found.gradient)
    }
    return point
}
