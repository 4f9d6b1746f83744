import Foundation
import Randomness

/// What makes the rows of a simulated sweep differ from seed to seed; the truth is known.
package enum SimulatedNoise: String, CaseIterable {
    case normal
    /// Student's t with three degrees of freedom.
    case heavyTailed = "heavy-tailed (t, 3 degrees)"
    /// Rows that scatter alike and lean to one side: their differences lean to none.
    case exchangeable = "exchangeable (exponential rows)"
    /// Differences themselves lean to one side.
    case exponential = "skewed (exponential differences)"
    case lognormal = "skewed (lognormal differences)"

    /// Whether the differences are symmetric about the truth.
    var isSymmetric: Bool { self != .exponential && self != .lognormal }

    /// One seed's differences of `rows` - 1 rows from the baseline in each of `metrics`, all of mean 0
    /// and, but for a constant of the noise, deviation 1.
    func differences(rows: Int, metrics: Int, _ stream: inout Randomness.Stream) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity((rows - 1) * metrics)
        for _ in 0..<metrics {
            if isSymmetric {
                // The baseline's own noise is in all of its differences.
                let baseline = value(&stream)
                for _ in 1..<rows { result.append((value(&stream) - baseline) / 2.0.squareRoot()) }
            } else {
                for _ in 1..<rows { result.append(value(&stream)) }
            }
        }
        return result
    }

    /// Of mean 0.
    func value(_ stream: inout Randomness.Stream) -> Double {
        switch self {
        case .normal: return stream.normal()
        case .heavyTailed:
            let squares = (0..<3).reduce(0) { sum, _ in
                let normal = stream.normal()
                return sum + normal * normal
            }
            return stream.normal() / (squares / 3).squareRoot() / 3.0.squareRoot()
        case .exchangeable, .exponential: return -log(1 - stream.uniform()) - 1
        case .lognormal: return exp(stream.normal()) - exp(0.5)
        }
    }
}

/// Mean and deviation as values come in.
struct RunningMoments {
    private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        sum += value
        squares += value * value
    }

    var mean: Double { sum / Double(count) }

    var deviation: Double {
        let n = Double(count)
        return max(0, (squares - sum * sum / n) / (n - 1)).squareRoot()
    }

    /// Units: deviations of the values; the mean's distance from a supposed one.
    func distance(from supposed: Double) -> Double {
        let deviation = deviation
        return deviation > 0 ? (mean - supposed) / deviation : 0
    }
}
