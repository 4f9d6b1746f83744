public import Analysis
import Digests
import Foundation
public import Reports
public import ResultsStore
import Sweeps

/// A trial in words, for reports and for `diff`.
public enum TrialDetails {
    /// Metrics in the order of their names, then settings in the order of theirs.
    ///
    /// - Parameter intervals: of the metrics that have one, as ``ClipIntervals`` finds them.
    public static func make(
        _ trial: TrialRecord, intervals: [String: ConfidenceInterval] = [:]
    ) -> ReportDocument.Trial {
        let metrics = trial.metrics.sorted { $0.key < $1.key }.map { name, value in
            let interval = intervals[name].map {
                String(format: " [%.1f, %.1f]", $0.lower, $0.upper)
            }
            return ReportDocument.Fact(name, number(value) + (interval ?? ""))
        }
        let settings = trial.settingValues.sorted { $0.key < $1.key }
            .map { ReportDocument.Fact($0.key, $0.value.description) }
        return ReportDocument.Trial(
            label: trial.label, seed: trial.seed, status: .init(trial.status),
            digest: trial.digest.description, reason: trial.reason, metrics: metrics,
            settings: settings)
    }

    /// What differs between two trials: settings and metrics.
    public static func difference(_ first: TrialRecord, _ second: TrialRecord) -> Table {
        TrialDifference.make(make(first), make(second))
    }

    /// Five digits tell any two of our figures apart.
    private static func number(_ value: Double) -> String {
        value.isFinite ? String(format: "%.5g", value) : "not finite"
    }
}
