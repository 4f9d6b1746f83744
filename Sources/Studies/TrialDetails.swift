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
        var (ours, theirs) = (make(first), make(second))
        // What five digits do not tell apart is not therefore the same.
        for index in ours.metrics.indices {
            let name = ours.metrics[index].name
            guard let other = theirs.metrics.firstIndex(where: { $0.name == name }),
                ours.metrics[index] == theirs.metrics[other],
                let value = first.metrics[name], let otherValue = second.metrics[name],
                value != otherValue, value.isFinite || otherValue.isFinite
            else { continue }
            ours.metrics[index].value = "\(value)"
            theirs.metrics[other].value = "\(otherValue)"
        }
        return TrialDifference.make(ours, theirs)
    }

    /// Five digits: more than any seed determines.
    private static func number(_ value: Double) -> String {
        value.isFinite ? String(format: "%.5g", value) : "not finite"
    }
}
