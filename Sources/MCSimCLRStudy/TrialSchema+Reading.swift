import SoundData
import Studies
import Sweeps

// MARK: Which settings are read

extension TrialSchema {
    /// The settings that some of the evaluations depend on, with these data.
    static let reads: SettingsSchema.ReadingRule = { evaluations, data, common in
        var read: Set<String> = []
        for kind in evaluations.compactMap(StageKind.init) {
            var settings = kind.settings
            if let exception = kind.exception,
                exception.applies(exception.deciding.map { common[$0] ?? .null })
            {
                settings.subtract(exception.settings)
            }
            read.formUnion(settings)
        }
        if evaluations.contains(where: { NamedEmbeddings.name(ofStage: $0) != nil }) {
            read.formUnion(NamedEmbeddings.settings)
        }
        return recordedSources.contains(data["source"]?.text ?? "")
            ? read.subtracting(ofSimulation) : read
    }

    private static let ofSimulation = keys { $0.traits.contains(.simulation) }
}

extension StageKind {
    /// The settings that its result depends on, those of its dependencies included.
    package var settings: Set<String> { Self.settingsOfKinds[self] ?? [] }

    private static let settingsOfKinds = Dictionary(
        uniqueKeysWithValues: allCases.map { kind in (kind, TrialSchema.keys { $0.reaches(kind) }) }
    )

    /// The settings that it does not depend on in some rows. One rule is enough so far: settings of
    /// one kind with different ones would need more than a stage can say.
    var exception: SettingException? { Self.exceptions[onTest] }

    private static let exceptions = TrialSchema.trial.reduce(
        into: [StageKind: SettingException]()
    ) { exceptions, setting in
        guard let exception = setting.exception else { return }
        precondition(exceptions[exception.kind] == nil, "two exceptions of \(exception.kind)")
        exceptions[exception.kind] = SettingException(
            settings: [setting.key], deciding: exception.deciding, applies: exception.applies)
    }
}
