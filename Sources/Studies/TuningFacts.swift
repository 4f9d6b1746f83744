import Analysis
import Foundation
package import Sweeps

/// How the rows of a sweep were tuned, as the store keeps it with them.
package struct TuningFacts: Sendable, Hashable, Codable {
    /// A row of the file, and the point that it chose.
    package struct Row: Sendable, Hashable, Codable {
        package var label: String
        /// The number of the point, from 0; nil where all points failed.
        package var choice: Int?
        /// The metric at each point, the mean over seeds; nil where a trial failed.
        package var values: [Double?]
    }

    /// The sweep that tried the points.
    package var sweep: String
    /// By which points were chosen: `probe_validation_error`.
    package var metric: String
    package var isHigherBetter: Bool
    /// What was tuned.
    package var parameters: [String]
    /// The values of each point.
    package var points: [[String: SettingValue]]
    /// Whether these are every combination of the values listed; nil in stores that know only draws.
    package var isExhaustive: Bool?
    package var seeds: [Int]
    package var rows: [Row]
}

extension TuningFacts.Row {
    /// The metric at the point that was chosen.
    package var best: Double? {
        choice.flatMap { values.indices.contains($0) ? values[$0] : nil }
    }

    package var failures: Int { values.count { $0 == nil } }

    /// What the best of k points is expected to be; points that failed count as the worst that did not.
    package func expectedBest(of count: Int, higherIsBetter: Bool) -> Double? {
        let found = values.compactMap { $0 }
        guard let worst = higherIsBetter ? found.min() : found.max() else { return nil }
        return ExpectedBest.value(
            of: values.map { $0 ?? worst }, count: count, higherIsBetter: higherIsBetter)
    }
}
