/// Every setting that a sweep file may name, with the evaluations that it may ask for.
public struct SettingsSchema: Sendable {
    /// The settings of a trial, in the order in which help and messages list them.
    public let trial: [SettingDescriptor]
    /// The settings of the data that all trials of a sweep share.
    public let data: [SettingDescriptor]
    public let evaluations: [String]
    /// What a file that says nothing asks for.
    public let defaultEvaluations: [String]
    /// What is evaluated beside what a file asks for, as other parts of it have it.
    public let impliedEvaluations: [String]
    /// The metrics that `paper` may name; nil where any name will do.
    public let metrics: [String]?
    /// What `metrics` may choose of each evaluation.
    public let figures: [String]
    /// What `tune` may choose by.
    public let validations: [ValidationEvaluation]
    /// The keys of a sweep file that belong to its study, beside those that every file may have.
    public let sections: [String]
    /// Words that people bring from elsewhere, with what to write in their place, as the end of a sentence.
    public let words: [String: String]
    let checks: [SettingCheck]
    let reads: ReadingRule?

    /// The keys of the trial's settings that some of these evaluations read, with these data, and with
    /// the settings that all rows have in common. Values of the others make no rows. Nil where every
    /// setting is read.
    public typealias ReadingRule =
        @Sendable (
            _ evaluations: [String], _ data: [String: SettingValue],
            _ common: [String: SettingValue]
        ) -> Set<String>

    /// Defaults are brought into canonical form; one that its own kind refuses, or a key given twice,
    /// is a mistake in the program and stops it.
    public init(
        trial: [SettingDescriptor], data: [SettingDescriptor], evaluations: [String],
        defaultEvaluations: [String]? = nil, impliedEvaluations: [String] = [],
        metrics: [String]? = nil,
        figures: [String] = [], validations: [ValidationEvaluation] = [],
        sections: [String] = [], words: [String: String] = [:],
        checks: [SettingCheck] = [],
        reads: ReadingRule? = nil
    ) {
        self.sections = sections
        self.trial = Self.checked(trial)
        self.data = Self.checked(data)
        self.evaluations = evaluations
        self.defaultEvaluations = defaultEvaluations ?? evaluations
        self.impliedEvaluations = impliedEvaluations
        self.metrics = metrics
        self.figures = figures
        self.validations = validations
        self.words = words
        self.checks = checks
        self.reads = reads
    }

    /// The setting whose options stand for themselves in labels: the first that is a set. Nil where there is none.
    package var firstSet: SettingDescriptor? { trial.first(where: \.kind.isSubset) }

    /// What to write in the place of a key that is none, where people bring it from elsewhere.
    package func advice(on key: String) -> String? {
        words[key.lowercased().replacing("-", with: "_")] ?? WordsFromElsewhere.advice(on: key)
    }

    /// Where else in the file a key belongs that is none of a trial's settings.
    func place(ofKey key: String) -> String? {
        if data.contains(where: { $0.key == key }) { return "data" }
        return (SweepSections.keys + sections).contains(key) ? "the file itself" : nil
    }

    /// The settings of a trial completed with defaults, in canonical form.
    ///
    /// Settings given must be ones that a sweep file was allowed to have.
    public func completeTrial(_ given: [String: SettingValue]) -> [String: SettingValue] {
        Self.complete(given, with: trial)
    }

    /// The settings of the data completed with defaults, in canonical form.
    public func completeData(_ given: [String: SettingValue]) -> [String: SettingValue] {
        Self.complete(given, with: data)
    }

    /// The settings of the data as they are stored and digested: by the keys that they had first.
    func storedData(_ data: [String: SettingValue]) -> [String: SettingValue] {
        var keys: [String: String] = [:]
        for descriptor in self.data { keys[descriptor.key] = descriptor.storedKey }
        return Dictionary(uniqueKeysWithValues: data.map { (keys[$0.key] ?? $0.key, $0.value) })
    }

    private static func complete(
        _ given: [String: SettingValue], with descriptors: [SettingDescriptor]
    ) -> [String: SettingValue] {
        var settings: [String: SettingValue] = [:]
        for descriptor in descriptors {
            settings[descriptor.key] = given[descriptor.key] ?? descriptor.defaultValue
        }
        descriptors.resetWithoutEffect(in: &settings)
        return settings
    }

    private static func checked(_ descriptors: [SettingDescriptor]) -> [SettingDescriptor] {
        var keys: Set<String> = []
        return descriptors.map { descriptor in
            precondition(keys.insert(descriptor.key).inserted, "\(descriptor.key) is there twice")
            var descriptor = descriptor
            if case .map(let inner) = descriptor.kind { descriptor.kind = .map(checked(inner)) }
            guard let value = descriptor.kind.canonical(descriptor.defaultValue) else {
                preconditionFailure(
                    "the default of \(descriptor.key), \(descriptor.defaultValue), "
                        + "is not \(descriptor.kind.rule())")
            }
            descriptor.defaultValue = value
            // Where nothing is said, and where it has no effect, results are those of before.
            precondition(
                descriptor.neutralValue.map { descriptor.kind.canonical($0) == value } ?? true,
                "\(descriptor.key) came later: its default is its neutral value for ever")
            return descriptor
        }
    }
}
