import Analysis
import Digests
import Foundation
import Randomness
public import Reports
public import ResultsStore
import Sweeps

/// The comparison table of a sweep, from the store alone.
public enum SweepTable {
    /// Throws: `StoreError` for an unknown sweep.
    public static func make(
        _ sweep: String, from store: ResultsStore, options: TableOptions = TableOptions()
    ) throws -> Table {
        try table(
            from: input(store.sweep(sweep), trials: store.trials(of: sweep), options: options),
            options)
    }

    /// What each trial of a sweep reached, with the interval that its test clips give it.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    public static func clips(
        _ sweep: String, from store: ResultsStore, metrics: [TableMetric]? = nil
    ) throws -> Table {
        let record = try store.sweep(sweep)
        let trials = try store.trials(of: sweep)
        let intervals = try ClipIntervals(of: trials, in: record, from: store)
        let options = TableOptions(metrics: metrics)
        var table = ClipTable.make(
            from: table(
                from: input(record, trials: trials, options: options, intervals.byTrial), options))
        table.notes =
            intervals.explanation + table.notes + SweepFacts(record.facts).dataNotes
        return table
    }

    /// What a reader must know of a sweep's data, a sentence each: what is left out of it, above all.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    public static func dataNotes(of sweep: String, from store: ResultsStore) throws -> [String] {
        try SweepFacts(store.sweep(sweep).facts).dataNotes
    }

    /// The same sweep gives the same bytes with either kind of interval.
    static func table(from input: ComparisonInput, _ options: TableOptions) -> Table {
        switch options.interval {
        case .student: ComparisonTable.make(from: input)
        case .bootstrap:
            ComparisonTable.make(from: input) { Randomness.Stream(0, "interval of \($0)") }
        }
    }

    static func input(
        _ sweep: SweepRecord, trials: [TrialRecord], options: TableOptions = TableOptions(),
        _ intervals: [Digest: [String: ConfidenceInterval]] = [:]
    ) -> ComparisonInput {
        let facts = SweepFacts(sweep.facts)
        let evaluation = evaluations(of: sweep)
        let labels = Dictionary(
            trials.map { ($0.row, $0.label) }, uniquingKeysWith: { first, _ in first })
        // Without pretraining there is nothing to say of a row but what its references say.
        let isPretrained = !evaluation.isDisjoint(with: ["probe", "finetune"])
        var ownReferences: [Int: [String]] = [:]
        let references = ReferenceKind.allCases
            .filter { evaluation.contains($0.stage.rawValue) }
            .flatMap { self.references($0, trials: trials, facts, intervals, &ownReferences) }
        let configurations = Dictionary(grouping: isPretrained ? trials : [], by: \.row)
            .sorted { $0.key < $1.key }
            .compactMap { row, trials in
                configuration(trials, facts, labels, intervals, ownReferences[row] ?? [])
            }
        let columns =
            metrics(evaluation, options.metrics ?? facts.metrics)
            + (options.showsCost ? costColumns : [])
        return ComparisonInput(
            name: sweep.name, summary: sweep.facts["description"] ?? "",
            configurations: configurations + references,
            metrics: columns,
            // What references alone are evaluated by, no configuration can be tested in.
            tested: metrics(evaluation.intersection(["probe", "finetune"]), facts.metrics),
            seeds: Array(Set(trials.map(\.seed))).sorted(), dataSet: sweep.facts["data"] ?? "",
            isSynthetic: sweep.facts["synthetic"] == "yes", referencesCompete: !isPretrained,
            showsDifferences: options.showsDifferences,
            notes: progress(sweep, trials) + notes(evaluation, options.metrics ?? facts.metrics)
                + sceneNotes(trials)
                + penaltyNotes(trials) + facts.dataNotes
                + (options.showsCost ? [costNote] : []))
    }

    // MARK: Columns

    static func metrics(
        _ evaluation: Set<String>, _ wanted: [TableMetric]
    ) -> [ComparisonInput.Metric] {
        var metrics: [ComparisonInput.Metric] = []
        if !evaluation.isDisjoint(with: ["probe", "raw", "random"]) {
            metrics += wanted.map {
                $0.column(
                    prefix: "probe", group: "Linear probe",
                    isOfReferences: !evaluation.contains("probe"))
            }
        }
        if !evaluation.isDisjoint(with: ["finetune", "scratch"]) {
            metrics += wanted.map {
                $0.column(
                    prefix: "finetune", group: "Fine-tuned",
                    isOfReferences: !evaluation.contains("finetune"))
            }
        }
        return metrics
    }

    private static let costColumns = [
        ComparisonInput.Metric(key: "minutes", header: "time", group: "Cost", unit: "min"),
        ComparisonInput.Metric(
            key: "mebibytes", header: "memory", group: "Cost", unit: "MiB", decimals: 0),
    ]

    private static let costNote =
        "time: of all stages of a trial, shared ones included, as they ran, beside others; memory: "
        + "the most that the process had held until then"

    /// A table with nothing in it says why.
    private static func progress(_ sweep: SweepRecord, _ trials: [TrialRecord]) -> [String] {
        trials.contains { !$0.metrics.isEmpty }
            ? []
            : ["Nothing is measured yet: 'ablate status \(sweep.name)' says what runs or failed."]
    }

    private static func notes(_ evaluation: Set<String>, _ metrics: [TableMetric]) -> [String] {
        var notes: [String] = []
        if metrics.contains(.error) {
            notes.append(
                "error: mean absolute azimuth error on the test split, wrapped to 0-180 degrees")
        }
        if evaluation.contains("raw") {
            notes.append(
                "raw features: ridge and softmax regression on time-averaged maps, no encoder; it "
                    + "involves no chance, so one run stands for all seeds")
        }
        if evaluation.contains("random") {
            notes.append(
                "random encoder: initial weights, BatchNorm statistics calibrated on the training "
                    + "split")
        }
        return notes
    }

    /// How rows with several sources, or with patches judged by themselves, come by their figures.
    private static func sceneNotes(_ trials: [TrialRecord]) -> [String] {
        let rows = Dictionary(grouping: trials, by: \.row).values
            .compactMap(\.first?.settingValues)
        var notes: [String] = []
        if rows.contains(where: { ($0["overlap"]?.integer ?? 1) > 1 }) {
            notes.append(
                "overlapping sources: tracks are matched to sources by least angle / 180 degrees + 1 "
                    + "where the class differs; accuracy and error are means over sources")
        }
        let patches = rows.count { row in
            row["evaluation_unit"]?.text == "patch"
                || !["still", nil].contains(row["source_motion"]?.text)
        }
        if patches > 0 {
            notes.append(
                (patches == rows.count ? "" : "moving sources, and where asked for: ")
                    + "each patch is judged by itself, by the direction at its centre")
        }
        return notes
    }

    // MARK: Rows

    private static func configuration(
        _ trials: [TrialRecord], _ facts: SweepFacts, _ labels: [Int: String],
        _ intervals: [Digest: [String: ConfidenceInterval]], _ references: [String]
    ) -> ComparisonInput.Configuration? {
        guard let first = trials.first else { return nil }
        return .init(
            label: first.label,
            trials: trials.map { trial in
                .init(
                    seed: trial.seed, status: .init(trial.status),
                    metrics: trial.metrics.merging(costs(trial)) { figure, _ in figure },
                    intervals: intervals[trial.digest] ?? [:], reason: trial.reason,
                    digest: trial.digest.description,
                    build: trial.builds.isEmpty ? nil : trial.builds.joined(separator: "; "))
            }, isBaseline: first.isBaseline, versus: first.baseline.flatMap { labels[$0] },
            paper: facts.published(first.label), references: references)
    }

    private static func costs(_ trial: TrialRecord) -> [String: Double] {
        [
            "minutes": trial.seconds / 60,
            "mebibytes": Double(trial.peakMemoryBytes) / 1_048_576,
        ]
    }

    /// A row for each different context (data, array, features) that the sweep's rows give it.
    ///
    /// - Parameter own: the labels of the references of each row's own context, added to.
    private static func references(
        _ kind: ReferenceKind, trials: [TrialRecord], _ facts: SweepFacts,
        _ intervals: [Digest: [String: ConfidenceInterval]], _ own: inout [Int: [String]]
    ) -> [ComparisonInput.Configuration] {
        let contexts = trials.map { Context($0, of: kind.stage) }
        var order: [Context] = []
        var members: [Context: [TrialRecord]] = [:]
        for (context, trial) in zip(contexts, trials) {
            if members[context] == nil { order.append(context) }
            members[context, default: []].append(trial)
        }
        for context in order {
            let label = context.label(kind.label, among: order)
            for row in Set((members[context] ?? []).map(\.row)) {
                own[row, default: []].append(label)
            }
        }
        return order.map { context in
            var bySeed: [Int: ComparisonInput.Trial] = [:]
            for trial in members[context] ?? [] {
                let found = kind.trial(trial, intervals[trial.digest] ?? [:])
                // Rows of one context share the stage: any of them that has it will do.
                if bySeed[trial.seed]?.status != .finished { bySeed[trial.seed] = found }
            }
            var runs = bySeed.values.sorted { $0.seed < $1.seed }
            if !kind.stage.usesSeed { runs = Array(runs.prefix(1)) }
            // A publication's one value cannot stand for several contexts.
            let paper = order.count == 1 ? facts.published(kind.stage, column: kind.column) : [:]
            return .init(
                label: context.label(kind.label, among: order), trials: runs, isReference: true,
                paper: paper, involvesNoChance: !kind.stage.usesSeed)
        }
    }
}

/// A stage without pretraining, shown below the table's rows.
enum ReferenceKind: CaseIterable {
    case raw
    case random
    case scratch

    var stage: StageKind {
        switch self {
        case .raw: .raw
        case .random: .random
        case .scratch: .scratch
        }
    }

    var label: String {
        switch self {
        case .raw: "raw features, no encoder"
        case .random: "random encoder"
        case .scratch: "supervised from scratch"
        }
    }

    /// The column group that its figures belong to.
    var column: String { self == .scratch ? "finetune" : "probe" }

    func trial(
        _ record: TrialRecord, _ intervals: [String: ConfidenceInterval]
    ) -> ComparisonInput.Trial {
        func own<Value>(_ values: [String: Value]) -> [String: Value] {
            var own: [String: Value] = [:]
            for (name, value) in values where name.hasPrefix("\(stage.rawValue)_") {
                own[column + name.dropFirst(stage.rawValue.count)] = value
            }
            return own
        }
        let metrics = own(record.metrics)
        return .init(
            seed: record.seed, status: metrics.isEmpty ? .init(record.status) : .finished,
            metrics: metrics, intervals: own(intervals), reason: record.reason,
            digest: record.digest.description,
            build: record.builds.isEmpty ? nil : record.builds.joined(separator: "; "))
    }
}

/// The settings that a reference depends on, as one of the sweep's rows has them.
private struct Context: Hashable {
    private let values: [String: SettingValue]
    /// What the stage's digest covers: stages of equal ones are one.
    private let used: [String: SettingValue]
    private let varied: [String]

    init(_ trial: TrialRecord, of stage: StageKind) {
        let settings = stage.settings
        let decoder = JSONDecoder()
        let all =
            (try? decoder.decode([String: SettingValue].self, from: Data(trial.settings.utf8)))
            ?? [:]
        let varied =
            (try? decoder.decode([String: SettingValue].self, from: Data(trial.varied.utf8))) ?? [:]
        values = all.filter { settings.contains($0.key) }
        used = stage.settings(of: all)
        self.varied = varied.keys.filter { settings.contains($0) }.sorted()
    }

    static func == (left: Context, right: Context) -> Bool { left.used == right.used }

    func hash(into hasher: inout Hasher) { hasher.combine(used) }

    /// The name, with the settings that tell it from the other contexts.
    func label(_ name: String, among others: [Context]) -> String {
        let telling = varied.filter { key in
            others.contains { $0.values[key] != values[key] }
        }
        guard !telling.isEmpty else { return name }
        let facts = telling.compactMap { key in
            TrialSchema.schema.trial.first { $0.key == key }?.text(of: values[key] ?? .null)
        }
        return "\(name) (\(facts.joined(separator: ", ")))"
    }
}

extension ComparisonInput.Status {
    init(_ status: TrialStatus) {
        switch status {
        case .finished: self = .finished
        case .failed, .blocked: self = .failed
        case .running: self = .running
        case .pending: self = .pending
        }
    }
}
