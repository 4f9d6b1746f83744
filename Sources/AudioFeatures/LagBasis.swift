import Foundation

/// The inverse transform of a cross-spectrum at the wanted lags, split by symmetry and factored.
///
/// With C the cross-spectrum and N the transform's length, the correlation at lag t is
///
///     g(t) = sum over k of w_k (Re C_k cos(2 pi k t / N) - Im C_k sin(2 pi k t / N)),
///
/// w = 1/N at zero and half the sample rate, 2/N between. Lags come in pairs, so that the sum of
/// cosines E and the sum of sines O are needed for half of them: g(+-t) = E(t) -+ O(t).
/// Neighbouring lags that are closer than a sample are nearly dependent: 64 lags at a quarter of a
/// sample have about 13 independent even and as many odd parts. So each half is a product
/// `expansion * projection`, found by Gram-Schmidt with pivoting, which is exact to
/// ``tolerance``; with lags a sample apart its rank is full and nothing is lost.
package struct LagBasis {
    /// The most by which a correlation (at most 1 in size) may differ from the full sum.
    package static let tolerance = 5e-7

    /// Lags that are not negative, ascending. Units: samples.
    package let halfLags: [Double]
    package let even: Factors
    package let odd: Factors

    package struct Factors {
        /// Shape: [rank][frequencies].
        package var projection: [[Double]] = []
        /// Shape: [half lags][rank].
        package var expansion: [[Double]] = []
        package var rank: Int { projection.count }
    }

    package init(fftLength: Int, lags: Int, spacing: Double) {
        let halfLags = ((lags / 2)..<lags).map { (Double($0) - Double(lags - 1) / 2) * spacing }
        let last = fftLength / 2
        func rows(_ wave: (Double) -> Double) -> [[Double]] {
            halfLags.map { lag in
                (0...last).map { frequency in
                    let weight =
                        (frequency == 0 || frequency == last ? 1.0 : 2.0) / Double(fftLength)
                    return weight * wave(2 * .pi * Double(frequency) * lag / Double(fftLength))
                }
            }
        }
        self.halfLags = halfLags
        even = Self.factor(rows(cos))
        // The spectrum is real at zero and at half the sample rate: sines there carry nothing.
        odd = Self.factor(
            rows(sin).map { row in
                var row = row
                row[0] = 0
                row[last] = 0
                return row
            })
    }

    private static func factor(_ rows: [[Double]]) -> Factors {
        var factors = Factors()
        var residuals = rows
        // |error| <= |residual| |C|, and |C| <= sqrt(frequencies), as each |C_k| <= 1.
        let limit = tolerance / Double(rows[0].count).squareRoot()
        while factors.rank < rows.count {
            let norms = residuals.map { dot($0, $0).squareRoot() }
            guard let pivot = norms.indices.max(by: { norms[$0] < norms[$1] }),
                norms[pivot] > limit
            else { break }
            var direction = residuals[pivot]
            // Once more against all before: the residual is small and has lost its exactness.
            for earlier in factors.projection { subtract(earlier, from: &direction) }
            let length = dot(direction, direction).squareRoot()
            direction = direction.map { $0 / length }
            for row in residuals.indices { subtract(direction, from: &residuals[row]) }
            factors.projection.append(direction)
        }
        factors.expansion = rows.map { row in factors.projection.map { dot(row, $0) } }
        return factors
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in left.indices { sum += left[index] * right[index] }
        return sum
    }

    private static func subtract(_ direction: [Double], from row: inout [Double]) {
        let share = dot(row, direction)
        for index in row.indices { row[index] -= share * direction[index] }
    }
}
