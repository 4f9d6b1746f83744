import MCSimCLR
public import Sweeps

/// Every setting of a trial and of its data, put together from the folder Settings: a sweep file is
/// checked against it, `ablate settings` prints it.
public enum TrialSchema {
    /// What can be evaluated, in the order of the table's rows and columns.
    public static let evaluations = ["mean"] + standingEvaluations

    /// What a file that says nothing asks for; what came later must be named.
    private static let standingEvaluations = ["raw", "random", "probe", "finetune", "scratch"]

    public static let schema = schema(implying: [], rooms: RoomSections())

    /// - Parameters:
    ///   - embeddings: the stages that probe those of other programs, which are evaluated wherever a file names
    ///     them.
    ///   - rooms: those that are not simulated.
    static func schema(implying embeddings: [String], rooms: RoomSections) -> SettingsSchema {
        SettingsSchema(
            trial: trial.map(\.descriptor), data: data.map(\.descriptor),
            evaluations: evaluations + embeddings, defaultEvaluations: standingEvaluations,
            impliedEvaluations: embeddings,
            metrics: metrics + embeddings.flatMap { metricNames(of: .probe, stage: $0) },
            figures: EventFigure.all.map(\.name), validations: validations,
            sections: [NamedEmbeddings.section] + RoomSections.sections, words: words,
            checks: roomChecks(rooms) + checks, reads: reads)
    }

    /// Every metric that an evaluation leaves, by which a publication's figures may be named.
    public static let metrics = evaluations.compactMap(StageKind.init).flatMap {
        metricNames(of: $0)
    }

    /// - Parameter stage: that is judged as stages of this kind are; nil for one of these.
    private static func metricNames(of kind: StageKind, stage: String? = nil) -> [String] {
        kind.figures.map { "\(stage ?? kind.rawValue)_\($0.name)" }
    }

    /// What rows can be tuned by.
    static let validations = StageKind.allCases.filter(\.isOnValidation).map { kind in
        ValidationEvaluation(
            name: kind.rawValue, evaluation: kind.onTest.rawValue, metrics: metricNames(of: kind))
    }

    /// In the order of help and messages.
    package static let trial =
        augmentations + pretraining + network + features + scenes + downstream

    /// The keys of those of a trial's settings of which something is true.
    static func keys(_ isWanted: (Setting<TrialDraft>) -> Bool) -> Set<String> {
        Set(trial.filter(isWanted).map(\.key))
    }
}

extension StageKind {
    /// The figures that it leaves. What is trained with labels learns class and azimuth alone.
    var figures: [EventFigure] {
        switch onTest {
        case .raw, .mean, .random, .probe, .probeValidation: EventFigure.all
        case .finetune, .scratch, .finetuneValidation, .scratchValidation:
            EventFigure.all.filter { $0.target == nil }
        case .scenes, .testScenes, .pretrain: []
        }
    }
}
