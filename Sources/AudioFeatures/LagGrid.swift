import Foundation

/// The inverse transform of a cross-spectrum at the wanted lags, split by symmetry and gridded.
///
/// With C the cross-spectrum and N the transform's length, the correlation at lag t is
///
///     g(t) = 2 / N sum over k of (Re C_k cos(2 pi k t / N) - Im C_k sin(2 pi k t / N)),
///
/// where C is halved beforehand at zero and at half the sample rate. Lags come in pairs, so that the
/// sum of cosines E and the sum of sines O are needed for half of them: g(+-t) = E(t) -+ O(t).
///
/// Lags that lie close together change slowly with k, so the cross-spectrum is first spread over a
/// coarse grid (the non-uniform transform of Greengard and Lee 2004, doi:10.1137/S003614450343200X):
/// each k adds its value to the ``width`` points of the grid about it, by weights that repeat every
/// ``spacing`` frequencies, and the sums run over the grid. Where no two lags are close enough for
/// that, the grid is the cross-spectrum itself.
package struct LagGrid {
    /// The most by which a correlation (at most 1 in size) may differ from the full sum.
    package static let tolerance = 4e-6
    /// Points of the grid to which a frequency adds.
    package static let width = 7

    /// Frequencies from one point of the grid to the next; 1 where there is no grid.
    package let spacing: Int
    /// Points of the grid.
    package let points: Int
    /// Shape: [spacing, width]; empty where there is no grid.
    package let weights: [Double]
    /// Lags that are not negative, ascending. Units: samples.
    package let halfLags: [Double]
    /// Cosines and sines of each lag at each point. Shape: [half lags, points].
    package let cosines: [[Double]]
    package let sines: [[Double]]

    /// How fast the spreading function falls off: about the best for this ``width`` and a grid twice
    /// as fine as the lags need.
    private static let steepness = 2.3 * Double(width)

    package init(fftLength: Int, lags: Int, spacing lagSpacing: Double) {
        let halfLags = ((lags / 2)..<lags).map { (Double($0) - Double(lags - 1) / 2) * lagSpacing }
        self.halfLags = halfLags
        let half = fftLength / 2
        let largest = max(halfLags.last ?? 0, 1)
        var spacing = 1
        while spacing < 64, Double(2 * spacing) <= Double(fftLength) / (4 * largest) {
            spacing *= 2
        }
        self.spacing = spacing
        let step = 2 * Double.pi / Double(fftLength)
        guard spacing > 1 else {
            points = half + 1
            weights = []
            func rows(_ wave: (Double) -> Double) -> [[Double]] {
                halfLags.map { lag in
                    (0...half).map { 2 / Double(fftLength) * wave(step * lag * Double($0)) }
                }
            }
            cosines = rows(cos)
            sines = rows(sin)
            return
        }
        let points = half / spacing + Self.width
        self.points = points
        // A point lies halfway between two multiples of the spacing: the width is odd.
        weights = (0..<spacing).flatMap { offset in
            (0..<Self.width).map { point in
                Self.spread(Self.position(point) - Double(offset) / Double(spacing))
            }
        }
        func rows(_ wave: (Double) -> Double) -> [[Double]] {
            halfLags.map { lag in
                let angle = step * lag * Double(spacing)
                let share = 2 / (Double(fftLength) * Self.transformOfSpread(angle))
                return (0..<points).map { share * wave(angle * Self.position($0)) }
            }
        }
        cosines = rows(cos)
        sines = rows(sin)
    }

    /// Where a point lies. Units: spacings.
    private static func position(_ point: Int) -> Double {
        Double(point - (width - 1) / 2) + 0.5
    }

    /// The spreading function ("exponential of semicircle", Barnett, Magland and af Klinteberg 2019,
    /// doi:10.1137/18M120885X).
    private static func spread(_ distance: Double) -> Double {
        let x = 2 * distance / Double(width)
        return abs(x) < 1 ? exp(steepness * ((1 - x * x).squareRoot() - 1)) : 0
    }

    /// The integral of the spreading function times the cosine of `angle` a spacing.
    private static func transformOfSpread(_ angle: Double) -> Double {
        let count = 2000
        let step = Double(width) / Double(count)
        return (0..<count).reduce(0) { sum, index in
            let distance = (Double(index) + 0.5) * step - Double(width) / 2
            return sum + spread(distance) * cos(angle * distance) * step
        }
    }
}
