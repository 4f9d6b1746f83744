/// A straight line through measured times, weighted so that each counts by its relative error.
package struct LineFit: Equatable {
    /// Units: those of the times.
    package let intercept: Double
    /// Units: those of the times, for one more of what was varied.
    package let slope: Double
    /// Of each time from the line, as a share of the line.
    package let deviations: [Double]

    /// From here on it is no line.
    package static let tolerance = 0.05

    /// - Parameter points: at least two, of different sizes, with times above 0.
    package init(_ points: [(size: Double, seconds: Double)]) {
        precondition(points.count >= 2)
        let weights = points.map { 1 / ($0.seconds * $0.seconds) }
        let total = weights.reduce(0, +)
        let size = zip(points, weights).reduce(0) { $0 + $1.0.size * $1.1 } / total
        let seconds = zip(points, weights).reduce(0) { $0 + $1.0.seconds * $1.1 } / total
        let (covariance, variance) = zip(points, weights).reduce((0.0, 0.0)) { sum, next in
            let (point, weight) = next
            let distance = point.size - size
            return (
                sum.0 + weight * distance * (point.seconds - seconds),
                sum.1 + weight * distance * distance
            )
        }
        let slope = covariance / variance
        let intercept = seconds - slope * size
        self.slope = slope
        self.intercept = intercept
        deviations = points.map { point in
            let line = intercept + slope * point.size
            return (point.seconds - line) / line
        }
    }
}
