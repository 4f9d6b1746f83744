import MCSimCLR
public import Sweeps

/// Every setting of a trial and of its data, put together from the folder Settings: a sweep file is
/// checked against it, `ablate settings` prints it.
public enum TrialSchema {
    /// What can be evaluated, in the order of the table's columns.
    public static let evaluations = ["raw", "random", "probe", "finetune", "scratch"]

    public static let schema = SettingsSchema(
        trial: trial.map(\.descriptor), data: data.map(\.descriptor), evaluations: evaluations,
        metrics: metrics, figures: EventFigure.all.map(\.name), validations: validations,
        words: words,
        checks: checks, reads: reads)

    /// Every metric that an evaluation leaves, by which a publication's figures may be named.
    public static let metrics = evaluations.flatMap { evaluation in
        EventFigure.all.map { "\(evaluation)_\($0.name)" }
    }

    /// What rows can be tuned by.
    static let validations = StageKind.allCases.filter(\.isOnValidation).map { kind in
        ValidationEvaluation(
            name: kind.rawValue, evaluation: kind.onTest.rawValue,
            metrics: EventFigure.all.map { "\(kind.rawValue)_\($0.name)" })
    }

    /// In the order of help and messages.
    package static let trial =
        augmentations + pretraining + network + features + scenes + downstream

    /// The keys of those of a trial's settings of which something is true.
    static func keys(_ isWanted: (Setting<TrialDraft>) -> Bool) -> Set<String> {
        Set(trial.filter(isWanted).map(\.key))
    }
}
