import Foundation

/// How the energy of the image sources of a rectangular room decays, without summing them.
///
/// Images at distance r in direction u have been reflected r (|ux| / Lx + |uy| / Ly + |uz| / Lz)
/// times; they are spread evenly over space, and there are as many more of them farther out as each
/// is weaker. So the energy that arrives at time t is the mean over all directions of
/// (1 - absorption)^reflections (Lehmann and Johansson 2008, doi:10.1121/1.2936367).
package enum ImageDecay {
    /// Reflections a metre in directions spread evenly over the sphere, and their weights (which
    /// add up to 1). Units: 1 / m.
    static func reflectionRates(size: SIMD3<Double>) -> [(rate: Double, weight: Double)] {
        // One octant: z is uniform on a sphere, so the midpoints of equal steps of z and azimuth
        // have equal weights.
        let steps = 12
        return (0..<steps * steps).map { index in
            let z = (Double(index / steps) + 0.5) / Double(steps)
            let azimuth = (Double(index % steps) + 0.5) / Double(steps) * .pi / 2
            let flat = (1 - z * z).squareRoot()
            let rate = flat * cos(azimuth) / size.x + flat * sin(azimuth) / size.y + z / size.z
            return (rate, 1 / Double(steps * steps))
        }
    }

    /// By what factor the decay between -5 and -35 dB takes longer than Eyring's formula says: 1.4
    /// to 1.8 in ordinary rooms, whatever the absorption.
    package static func excess(size: SIMD3<Double>) -> Double {
        let rates = reflectionRates(size: size)
        let mean = rates.reduce(0) { $0 + $1.rate * $1.weight }
        // The Schroeder decay, as a function of the distance times -ln(1 - absorption).
        let whole = rates.reduce(0) { $0 + $1.weight / $1.rate }
        func level(_ distance: Double) -> Double {
            let left = rates.reduce(0) { $0 + $1.weight / $1.rate * exp(-$1.rate * distance) }
            return 10 * log10(left / whole)
        }
        func distance(at wanted: Double) -> Double {
            var (low, high) = (0.0, 100 / mean)
            for _ in 0..<40 {
                let middle = (low + high) / 2
                if level(middle) > wanted { low = middle } else { high = middle }
            }
            return (low + high) / 2
        }
        let (first, last) = (distance(at: -5), distance(at: -35))
        let points = 24
        var covariance = 0.0
        var variance = 0.0
        for index in 0..<points {
            let offset = (Double(index) + 0.5) / Double(points) - 0.5
            covariance += offset * level((first + last) / 2 + offset * (last - first))
            variance += offset * offset
        }
        let time = -60 * variance / covariance * (last - first)
        return time / (6 * log(10) / mean)
    }
}
