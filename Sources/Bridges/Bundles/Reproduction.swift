import Analysis
import Foundation

/// What a figure that was computed again says beside the one of the bundle.
package enum Agreement: Sendable, Hashable {
    /// To the last bit.
    case equal
    /// Inside the 95 % interval in which one more seed of the row was to be expected.
    case withinNoise
    case different
    /// Not equal, and too few seeds to say what was to be expected.
    case undecided
    /// It was not computed.
    case missing

    /// - Parameters:
    ///   - seeds: the row's values in the bundle, of all its seeds.
    /// - Returns: by the prediction interval mean ± t sd sqrt(1 + 1/n) of at least three values, t of n - 1
    ///   degrees of freedom.
    package init(of value: Double?, with original: Double, seeds: [Double]) {
        guard let value else {
            self = .missing
            return
        }
        if value == original {
            self = .equal
            return
        }
        guard let (mean, reach) = Self.prediction(seeds) else {
            self = .undecided
            return
        }
        self = abs(value - mean) <= reach ? .withinNoise : .different
    }

    /// The middle and half the width of the interval; nil for fewer than three values, and for those that are so
    /// far apart that double precision has no width for it.
    package static func prediction(_ values: [Double]) -> (mean: Double, reach: Double)? {
        guard values.count >= 3, let summary = Summary(values),
            let deviation = summary.standardDeviation
        else { return nil }
        let count = Double(values.count)
        let factor = StudentT(degreesOfFreedom: count - 1).quantile(0.975)
        let reach = factor * deviation * (1 + 1 / count).squareRoot()
        return summary.mean.isFinite && reach.isFinite ? (summary.mean, reach) : nil
    }
}

/// A bundle's trials beside those that were computed again.
package struct ReproductionReport: Sendable {
    package struct Line: Sendable {
        package var row: String
        package var seed: Int
        package var metric: String
        package var original: Double
        package var value: Double?
        package var agreement: Agreement
    }

    package private(set) var lines: [Line] = []
    /// Finished trials of the bundle that have no figures to compare.
    package private(set) var withoutFigures: [(row: String, seed: Int)] = []

    /// - Parameters:
    ///   - values: the figures of a trial of the bundle; nil where it was not run to its end.
    ///   - rows: of these alone; nil for all.
    package init(
        _ manifest: BundleManifest, rows: Set<String>?,
        values: (BundleManifest.Trial) -> [String: Double]?
    ) {
        let finished = manifest.trials.filter { $0.status == "finished" }
        let byRow = Dictionary(grouping: finished, by: \.label)
        for trial in finished where rows?.contains(trial.label) ?? true {
            if trial.metrics.isEmpty { withoutFigures.append((trial.label, trial.seed)) }
            let found = values(trial) ?? [:]
            for (metric, original) in trial.metrics.sorted(by: { $0.key < $1.key }) {
                let seeds = (byRow[trial.label] ?? []).compactMap { $0.metrics[metric] }
                lines.append(
                    Line(
                        row: trial.label, seed: trial.seed, metric: metric, original: original,
                        value: found[metric],
                        agreement: Agreement(of: found[metric], with: original, seeds: seeds)))
            }
        }
    }

    package func count(_ agreement: Agreement, ofRow row: String? = nil) -> Int {
        lines.count { $0.agreement == agreement && (row == nil || $0.row == row) }
    }

    package var rows: [String] {
        var seen: Set<String> = []
        return lines.map(\.row).filter { seen.insert($0).inserted }
    }

    /// Whether every figure is what it was, or what one more seed could have been.
    package var holds: Bool {
        !lines.isEmpty && withoutFigures.isEmpty
            && count(.different) + count(.missing) + count(.undecided) == 0
    }
}
