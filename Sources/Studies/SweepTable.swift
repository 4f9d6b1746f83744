import Analysis
public import Digests
import Foundation
import Platform
import Randomness
public import Reports
public import ResultsStore
import Sweeps

/// The comparison table of a sweep, from the store alone.
public enum SweepTable {
    /// Throws: `StoreError` for an unknown sweep, ``StudiesError`` for a figure that its study has not.
    public static func make(
        _ sweep: String, from store: StudyStore, options: TableOptions = TableOptions()
    ) throws -> Table {
        let reading = try store.sweep(sweep)
        var table = try table(from: input(reading, options: options), options)
        table.notes += try extensions(of: reading)
        let findings = try SweepFindings.make(sweep, from: store).map {
            "“\($0.row)”: \($0.signature.sentence)"
        }
        table.notes += findings
        if !findings.isEmpty {
            table.paperTexts = (table.paperTexts ?? [:]).merging(findings.map { ($0, "") }) { $1 }
        }
        if table.rows.contains(where: { $0.cells.contains { !$0.sources.isEmpty } }) {
            ImportedResults.mark(&table, try reading.store.trials(of: sweep))
        }
        let view =
            (options.metrics ?? []) + (options.showsDifferences ? ["differences"] : [])
            + (options.showsCost ? ["cost"] : [])
        if !view.isEmpty { table.view = view.joined(separator: "-") }
        if options.showsCost {
            table.caption = [table.caption, "With the time and memory of a trial."]
                .filter { !$0.isEmpty }.joined(separator: " ")
        }
        return table
    }

    /// What each trial of a sweep reached, with the interval that its test items give it.
    ///
    /// - Parameter digests: of the trials to show, in their order; nil for all. What a table says of all
    ///   seeds of a row stands in that of all trials alone.
    /// - Throws: as ``make(_:from:options:)``.
    public static func clips(
        _ sweep: String, from store: StudyStore, metrics: [String]? = nil,
        among digests: [Digest]? = nil
    ) throws -> Table {
        let sweep = try store.sweep(sweep)
        let options = TableOptions(metrics: metrics)
        let shown = try figures(of: sweep.sweep, options)
        let trials = try sweep.trials(with: shown, among: digests)
        let intervals = try ItemIntervals(of: trials, in: sweep)
        var table = ClipTable.make(
            from: table(
                from: try input(
                    sweep.sweep, trials: trials, options: options, intervals.byTrial), options),
            noun: intervals.testSets?.noun)
        let reasons = intervals.reasons(for: sweep.study.figures.filter { shown.contains($0.name) })
        if let digests {
            table.notes = []
            table.sortTrials(as: digests, trials)
        }
        table.notes = intervals.explanation + reasons + table.notes + sweep.facts.dataNotes
        ImportedResults.mark(&table, trials)
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
        case .student, .sequence: ComparisonTable.make(from: input)
        case .bootstrap:
            ComparisonTable.make(from: input) { Randomness.Stream(0, "interval of \($0)") }
        }
    }

    /// The figures that a table shows.
    static func figures(of sweep: StudySweep, _ options: TableOptions) throws -> [String] {
        try options.metrics.map(sweep.study.checkedFigures) ?? sweep.figures
    }

    static func input(
        _ sweep: SweepReading, options: TableOptions = TableOptions()
    ) throws -> ComparisonInput {
        let needed = try figures(of: sweep.sweep, options) + sweep.figures
        return try input(sweep.sweep, trials: sweep.trials(with: needed), options: options)
    }

    /// What the table of a sweep's own figures is made from.
    package static func input(
        _ sweep: SweepRecord, of study: any Study, trials: [TrialRecord]
    ) throws -> ComparisonInput {
        try input(StudySweep(record: sweep, study: study), trials: trials)
    }

    static func input(
        _ sweep: StudySweep, trials: [TrialRecord], options: TableOptions = TableOptions(),
        _ intervals: [Digest: [String: ConfidenceInterval]] = [:]
    ) throws -> ComparisonInput {
        let (facts, study, evaluations) = (sweep.facts, sweep.study, sweep.evaluations)
        let shown = try figures(of: sweep, options)
        let labels = Dictionary(
            trials.map { ($0.row, $0.label) }, uniquingKeysWith: { first, _ in first })
        // Without an evaluation of its own there is nothing to say of a row but what its references say.
        let own = Set(study.groups.map(\.stage)).intersection(evaluations)
        var ownReferences: [Int: [String]] = [:]
        let references = study.references
            .filter { evaluations.contains($0.stage) }
            .flatMap {
                ReferenceRows($0, study: study)
                    .configurations(trials, facts, intervals, &ownReferences)
            }
        let configurations = Dictionary(grouping: own.isEmpty ? [] : trials, by: \.row)
            .sorted { $0.key < $1.key }
            .compactMap { row, trials in
                configuration(trials, facts, labels, intervals, ownReferences[row] ?? [])
            }
        let columns =
            columns(study, evaluations, shown, facts) + (options.showsCost ? costColumns : [])
        let diagnostics =
            progress(sweep.record, trials) + study.diagnostics(on: trials)
            + missingFigures(shown, sweep, trials)
        return ComparisonInput(
            name: sweep.record.name, summary: sweep.record.facts["description"] ?? "",
            parameters: sweep.record.parameters, configurations: configurations + references,
            metrics: columns,
            // What references alone are evaluated by, no configuration can be tested in.
            tested: self.columns(study, own, sweep.figures, facts),
            seeds: Array(Set(trials.map(\.seed))).sorted(),
            dataSet: sweep.record.facts["data"] ?? "",
            isSynthetic: sweep.record.facts["synthetic"] == "yes", referencesCompete: own.isEmpty,
            showsDifferences: options.showsDifferences, addsSeeds: facts.addsSeeds,
            notes: study.notes(on: trials, evaluations: evaluations, figures: shown)
                + diagnostics
                + [noteOfTuning(sweep, trials)].compactMap { $0 } + facts.dataNotes
                + ImportedResults.notes(on: trials)
                + (options.showsCost ? costNotes(trials) : []),
            diagnostics: Set(diagnostics))
    }

    /// Figures that no trial has, though all was computed: the file came to know them later.
    private static func missingFigures(
        _ shown: [String], _ sweep: StudySweep, _ trials: [TrialRecord]
    ) -> [String] {
        let finished = trials.filter { $0.status == .finished }
        // On the validation split a program leaves what it is chosen by.
        let groups = sweep.study.evaluations.filter {
            $0.reference == nil && sweep.evaluations.contains($0.stage)
        }
        let missing = shown.filter { figure in
            !finished.isEmpty
                && !finished.contains { trial in
                    groups.contains { trial.metrics[$0.key(figure)] != nil }
                }
        }
        guard !missing.isEmpty, !groups.isEmpty else { return [] }
        let figures = missing.compactMap(sweep.study.figure)
        let early = figures.filter { $0.absence == nil }
        let unasked = figures.compactMap { figure in
            figure.absence.map { "\(figure.header): no trial has left it; \($0)." }
        }
        guard !early.isEmpty else { return unasked }
        let names = early.map(\.header).joined(separator: ", ")
        return unasked + [
            "\(names): no trial has left \(early.count == 1 ? "it" : "them"), nor predictions that "
                + "\(early.count == 1 ? "it" : "they") could be computed from: '\(ProgramName.current) run FILE "
                + "--fresh' runs all stages again."
        ]
    }

    // MARK: Columns

    /// The columns of each evaluation, for itself or for references that stand in them.
    static func columns(
        _ study: any Study, _ evaluations: Set<String>, _ figures: [String],
        _ facts: SweepFacts? = nil
    ) -> [ComparisonInput.Metric] {
        study.groups.flatMap { group -> [ComparisonInput.Metric] in
            let isOwn = evaluations.contains(group.stage)
            let isOfReferences = study.references.contains {
                $0.reference?.column == group.stage && evaluations.contains($0.stage)
            }
            guard isOwn || isOfReferences else { return [] }
            return figures.compactMap(study.figure).filter(group.leaves).map { figure in
                var column = figure.column(of: group, isOfReferences: !isOwn)
                column.smallestEffect = facts?.smallestEffect(of: figure.name, key: column.key)
                return column
            }
        }
    }

    private static let costColumns = [
        // What came from a file has none, and lacks nothing.
        ComparisonInput.Metric(
            key: "minutes", header: "time", group: "Cost", unit: "min", isOfReferences: true),
        ComparisonInput.Metric(
            key: "mebibytes", header: "memory", group: "Cost", unit: "MiB", decimals: 0,
            isOfReferences: true),
    ]

    private static let noteOfUnseenMemory =
        "memory –: the programs were gone before anybody could look, in 0.1 s or less"

    private static func costNotes(_ trials: [TrialRecord]) -> [String] {
        let finished = trials.filter { $0.status == .finished }
        if !finished.isEmpty, finished.allSatisfy(ImportedResults.isImported) {
            return ["time and memory –: what came from a file has none"]
        }
        let note =
            "time: of all stages of a trial, shared ones included, as they ran, beside others; memory: "
            + "the most that the process which ran them had held until then, a program's its own"
        let hasUnseen = trials.contains {
            $0.status == .finished && $0.peakMemoryBytes == 0 && !ImportedResults.isImported($0)
        }
        return [note] + (hasUnseen ? [noteOfUnseenMemory] : [])
    }

    /// A table with nothing in it says why.
    private static func progress(_ sweep: SweepRecord, _ trials: [TrialRecord]) -> [String] {
        trials.contains { !$0.metrics.isEmpty }
            ? []
            : [
                "Nothing is measured yet: '\(ProgramName.current) status \(sweep.name)' says what runs or failed."
            ]
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
            paper: facts.published(first.label), references: references,
            looks: Looks(first.looks), comparisons: first.looks?.comparisons,
            family: first.looks?.family ?? 0,
            hasLateBaseline: first.looks?.hasLateBaseline ?? false,
            formerMetrics: first.looks?.metrics ?? [], redone: first.looks?.redone ?? 0,
            parameters: first.variedValues.mapValues { $0.text ?? $0.canonicalJSON })
    }

    private static func costs(_ trial: TrialRecord) -> [String: Double] {
        if ImportedResults.isImported(trial) { return [:] }
        var costs = ["minutes": trial.seconds / 60]
        if trial.peakMemoryBytes > 0 {
            costs["mebibytes"] = Double(trial.peakMemoryBytes) / 1_048_576
        }
        return costs
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

extension Table {
    /// Puts rows of single trials into an order of trials; references stay behind them.
    fileprivate mutating func sortTrials(as digests: [Digest], _ trials: [TrialRecord]) {
        struct Name: Hashable {
            var label: String
            var seed: Int
        }
        let places = Dictionary(uniqueKeysWithValues: zip(digests, digests.indices))
        let ranks = Dictionary(
            trials.map { (Name(label: $0.label, seed: $0.seed), places[$0.digest] ?? .max) },
            uniquingKeysWith: min)
        func rank(_ row: Row) -> Int {
            guard !row.isReference, case .count(let seed) = row.cells.first?.content else {
                return .max
            }
            return ranks[Name(label: row.label, seed: seed)] ?? .max
        }
        rows = rows.enumerated().sorted {
            (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
        }
        .map(\.element)
    }
}
