import Analysis
import NeuralNetwork
public import Reports
public import ResultsStore
import Sweeps

/// Known ways of failing that a sweep's configurations show, each beside the references of its own
/// context.
public enum SweepFindings {
    /// Throws: `StoreError` for an unknown sweep.
    public static func make(
        _ sweep: String, from store: ResultsStore
    ) throws -> [ReportDocument.Finding] {
        make(try store.sweep(sweep), trials: try store.trials(of: sweep))
    }

    static func make(_ sweep: SweepRecord, trials: [TrialRecord]) -> [ReportDocument.Finding] {
        let input = SweepTable.input(sweep, trials: trials.map(withScaledDeviation))
        return ComparisonFindings.make(
            from: input, comparisons: ReferenceComparisons(input),
            sources: .init(
                probeAccuracy: "probe_accuracy", probeError: "probe_error",
                tunedAccuracy: "finetune_accuracy", tunedError: "finetune_error",
                embeddingDeviation: deviation, randomEncoder: ReferenceKind.random.label,
                fromScratch: ReferenceKind.scratch.label))
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
