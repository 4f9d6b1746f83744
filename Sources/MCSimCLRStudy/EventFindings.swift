import Analysis
import NeuralNetwork
import Reports
import ResultsStore
import Studies
import Sweeps

/// Known ways of failing that a sweep's configurations show, each beside the references of its own
/// context.
enum EventFindings {
    static func make(
        _ sweep: SweepRecord, trials: [TrialRecord], study: BuiltinStudy
    ) -> [ReportDocument.Finding] {
        guard
            let input = try? SweepTable.input(
                sweep, of: study, trials: trials.map(withScaledDeviation))
        else { return [] }
        return ComparisonFindings.make(
            from: input, comparisons: ReferenceComparisons(input),
            sources: .init(
                probeAccuracy: "probe_accuracy", probeError: "probe_error",
                tunedAccuracy: "finetune_accuracy", tunedError: "finetune_error",
                embeddingDeviation: deviation, randomEncoder: "random encoder",
                fromScratch: "supervised from scratch"))
    }

    private static let deviation = "probe_embedding_deviation"

    /// The deviation of one coordinate, times the root of their number: one for embeddings that are
    /// spread over the whole sphere, whatever its dimension.
    private static func withScaledDeviation(_ trial: TrialRecord) -> TrialRecord {
        guard let value = trial.metrics[deviation] else { return trial }
        let settings = TrialSettings(TrialSchema.schema.completeTrial(trial.settingValues))
        var trial = trial
        trial.metrics[deviation] =
            value * Double(settings.encoder.embeddingSize).squareRoot()
        return trial
    }
}
