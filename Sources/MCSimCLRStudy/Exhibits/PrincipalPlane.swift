import Foundation

/// Points on the plane of their two largest principal components.
///
/// Source: K. Pearson, "On lines and planes of closest fit to systems of points in space", 1901,
/// doi:10.1080/14786440109462720; by power iteration with deflation.
package struct PrincipalPlane {
    package let places: [SIMD2<Double>]
    /// Of the variance that the plane holds, from 0 to 1.
    package let share: Double

    /// Shape: [points][dimensions]. Nil for fewer than three points, or where they are all the same.
    package init?(_ points: [[Double]]) {
        guard points.count > 2, let size = points.first?.count, size > 1 else { return nil }
        let mean = (0..<size).map { index in
            points.reduce(0) { $0 + $1[index] } / Double(points.count)
        }
        let centred = points.map { point in zip(point, mean).map { $0 - $1 } }
        let total = centred.reduce(0) { $0 + Self.product($1, $1) }
        guard total > 1e-300, total.isFinite else { return nil }
        var axes: [[Double]] = []
        var held = 0.0
        for _ in 0..<2 {
            let found = Self.axis(of: centred, apartFrom: axes)
            var axis = found.axis
            // Of the two directions of an axis the one whose largest part is positive.
            if let largest = axis.max(by: { abs($0) < abs($1) }), largest < 0 {
                axis = axis.map { -$0 }
            }
            axes.append(axis)
            held += found.variance
        }
        share = min(1, held / total)
        places = centred.map { SIMD2(Self.product($0, axes[0]), Self.product($0, axes[1])) }
    }

    private static func product(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func axis(
        of points: [[Double]], apartFrom others: [[Double]]
    ) -> (axis: [Double], variance: Double) {
        let size = points[0].count
        func apart(_ vector: [Double]) -> [Double] {
            others.reduce(vector) { rest, other in
                let length = product(rest, other)
                return zip(rest, other).map { $0 - length * $1 }
            }
        }
        func unit(_ vector: [Double]) -> [Double] {
            let length = product(vector, vector).squareRoot()
            return length > 0 ? vector.map { $0 / length } : vector
        }
        // No axis is at right angles to it but by chance.
        var axis = unit(apart((0..<size).map { 1 + 0.37 * sin(Double($0 * $0 + 1)) }))
        var variance = 0.0
        for _ in 0..<300 {
            var next = [Double](repeating: 0, count: size)
            var sum = 0.0
            for point in points {
                let length = product(point, axis)
                sum += length * length
                for index in 0..<size { next[index] += length * point[index] }
            }
            let better = unit(apart(next))
            let change = 1 - abs(product(better, axis))
            (axis, variance) = (better, sum)
            if change < 1e-12 { break }
        }
        return (axis, variance)
    }
}
