import Analysis
import Digests
import Foundation
import Platform
public import Reports
package import ResultsStore
package import Sweeps

extension SweepTable {
    /// The trials behind one number: seed, value, digest, build and how long each took.
    ///
    /// - Parameter column: a column's key, such as `probe_error`, or its header where no other has it.
    /// - Throws: `StoreError` for an unknown sweep, ``StudiesError`` for an unknown row or column.
    public static func explanation(
        ofRow row: String, column: String, in sweep: String, from store: StudyStore
    ) throws -> Table {
        let sweep = try store.sweep(sweep)
        // Every column that there is, so that each can be asked about.
        let all = sweep.study.figures.map(\.name)
        let options = TableOptions(metrics: all, showsDifferences: true, showsCost: true)
        let records = try sweep.trials(with: all)
        let own = records.filter { Table.typed($0.label) == Table.typed(row) }
        let intervals = try ItemIntervals(of: own.isEmpty ? records : own, in: sweep)
        let input = try input(
            sweep.sweep, trials: records, options: options, intervals.byTrial)
        let table = table(from: input, options)
        guard table.row(named: row) != nil else {
            throw StudiesError.unknownRow(
                row, sweep: sweep.record.name, known: table.rows.map(\.label))
        }
        let column = table.key(ofColumn: column) ?? column
        guard var answer = CellExplanation.make(from: table, row: row, column: column) else {
            throw StudiesError.unknownColumn(
                column, sweep: sweep.record.name, known: table.columns.map(\.key))
        }
        let hasIntervals = answer.rows.contains { row in
            row.cells.contains { if case .estimate(_, .some) = $0.content { true } else { false } }
        }
        if hasIntervals { answer.notes += intervals.explanation }
        addVerdict(row, column, ComparisonVerdicts(input), to: &answer)
        addChoice(row, sweep.sweep, to: &answer)
        addCosts(of: records, to: &answer)
        answer.notes += try SweepProvenance(sweep.record.name, from: sweep.store)
            .sentences(ofRow: row)
        return answer
    }

    /// What may be said of a difference, or of the row whose figure this is.
    private static func addVerdict(
        _ row: String, _ column: String, _ verdicts: ComparisonVerdicts, to answer: inout Table
    ) {
        let found = verdicts.items.first { item in
            Table.typed(item.row) == Table.typed(row)
                && (item.metric.key == column || column == item.metric.key + "_difference")
        }
        guard let item = found else { return }
        let interval =
            item.interval == nil
            ? VerdictTable.remarks(item).first ?? "no interval can be had"
            : "an interval that holds together with those of "
                + "\(Count.text(item.comparisons, "comparison")) in 95 % of cases"
        answer.notes.append(
            "Verdict against “\(item.baseline)”: \(VerdictText.words(item.verdict, item.metric)) "
                + "(\(VerdictText.figures(item)); \(interval)).")
    }

    /// What a tuned row chose.
    private static func addChoice(_ row: String, _ sweep: StudySweep, to answer: inout Table) {
        guard let tuning = sweep.facts.tuning else { return }
        let label = tuning.rows.lazy.map(\.label).first {
            Table.typed($0 + SweepTuning.ending) == Table.typed(row)
        }
        guard let label, let choice = tuning.choice(ofRow: label, sweep.study.schema) else {
            return
        }
        answer.notes.append(
            "Chose \(choice), by \(tuning.metric); all that was tried: '\(ProgramName.current) table "
                + "\(tuning.sweep)'")
    }

    /// How long each trial took, and what computed them.
    private static func addCosts(of records: [TrialRecord], to answer: inout Table) {
        let trials = Dictionary(
            records.map { ($0.digest.description, $0) }, uniquingKeysWith: { first, _ in first })
        let found = answer.rows.map { row in
            row.cells.first?.sources.first.flatMap { trials[$0.trial] }
        }
        guard found.contains(where: { $0 != nil }) else { return }
        let times = found.compactMap { $0.map { $0.seconds / 60 } }
        answer.columns.append(
            Column(
                key: "minutes", header: "time", unit: "min",
                decimals: NumberText.decimals(showingOneOf: times, atLeast: 1)))
        let builds = Set(found.compactMap { $0?.builds }).sorted { $0.count < $1.count }
        for (index, trial) in found.enumerated() {
            let seconds = trial.map { ImportedResults.isImported($0) ? nil : $0.seconds }
            var cell = Cell(
                seconds.map { $0.map { .number($0 / 60) } ?? .notApplicable } ?? .missing)
            if let trial, builds.count > 1 {
                cell.footnotes = [answer.footnote(built(by: trial.builds))]
            }
            answer.rows[index].cells.append(cell)
        }
        if builds.count == 1 { answer.notes.append(built(by: builds[0])) }
        answer.notes.append("The log of a trial: \(ProgramName.current) logs TRIAL")
    }

    private static func built(by builds: [String]) -> String {
        ImportedResults.words(builds)
    }

    /// Two sweeps row by row: their figures and the change.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    public static func comparison(
        of first: String, from store: StudyStore, with second: String,
        from otherStore: StudyStore, names: (before: String, after: String),
        options: TableOptions = TableOptions()
    ) throws -> Table {
        var table = try TableDifference.make(
            before: make(first, from: store, options: options),
            after: make(second, from: otherStore, options: options), names: names)
        let (before, after) = (
            try store.store.sweep(first).facts, try otherStore.store.sweep(second).facts
        )
        if let files = PlanChange.inputs(before, after) {
            table.notes.append(
                "The two had different inputs, and a change may come from that (\(files)).")
        } else if before["data_digest"] != after["data_digest"] {
            let isKnown = [before, after].contains { $0["data"] != nil }
            func data(_ facts: [String: String]) -> String {
                (facts["data"] ?? "unknown") + (facts["clips"].map { " (\($0) clips)" } ?? "")
            }
            table.notes.append(
                isKnown
                    ? "The two have different data, and a change may come from that: \(names.before) has "
                        + "\(data(before)), \(names.after) \(data(after))."
                    : "The two had different inputs or data, and a change may come from that.")
        }
        return table
    }

    /// The values of the sweep file's section `paper` beside ours; nil where it has none.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    public static func besidePaper(
        _ sweep: String, from store: StudyStore, options: TableOptions = TableOptions()
    ) throws -> Table? {
        let sweep = try store.sweep(sweep)
        var table = PaperTable.make(from: try input(sweep, options: options))
        table?.notes += sweep.facts.dataNotes
        if var marked = table {
            ImportedResults.mark(&marked, try sweep.store.trials(of: sweep.record.name))
            table = marked
        }
        return table
    }

    /// What it would still take to settle which row, and what that would cost.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    public static func advice(_ sweep: String, from store: StudyStore) throws -> Table {
        let sweep = try store.sweep(sweep)
        let input = try input(sweep)
        var advice = AdviceTable.make(from: input, secondsPerTrial: try secondsOfASeed(sweep))
        if advice.rows.isEmpty {
            guard input.isJudged else { return advice }
            let hasBaseline = input.configurations.contains { $0.isBaseline || $0.versus != nil }
            advice.notes.append(
                hasBaseline
                    ? "There is nothing to advise on: no configuration shares a finished seed with "
                        + "the baseline."
                    : "There is nothing to advise on: " + VerdictText.noBaseline)
        } else if advice.columns.contains(where: { $0.key == "minutes" }) {
            advice.notes.append(
                "cost until settled: of the pairs that are still to come till then, each a trial of this configuration and one "
                    + "of the baseline, as long as a trial of the sweep has taken on average; rooms are "
                    + "not counted.")
        }
        ImportedResults.mark(&advice, try sweep.store.trials(of: sweep.record.name))
        return advice
    }

    /// The mean time of the stages of a finished trial that a new seed would need.
    private static func secondsOfASeed(_ sweep: SweepReading) throws -> Double? {
        let store = sweep.store
        var known: [Digest: Double] = [:]
        let finished = try store.trials(of: sweep.record.name).filter {
            // What came from a file took nobody's time here.
            $0.status == .finished && !ImportedResults.isImported($0)
        }
        guard !finished.isEmpty else { return nil }
        var sum = 0.0
        for trial in finished {
            for digest in try store.stages(ofTrial: trial.digest) {
                if known[digest] == nil {
                    let stage = try store.stage(digest)
                    let usesSeed =
                        sweep.study.stage(stage.kind)?
                        .usesSeed(with: trial.settingValues) ?? true
                    known[digest] = usesSeed ? stage.seconds ?? 0 : 0
                    sum += known[digest] ?? 0
                }
            }
        }
        return sum / Double(finished.count)
    }
}

extension TrialRecord {
    /// The settings of the configuration: all that its program knew, but for those that came later and
    /// changed nothing.
    package var settingValues: [String: SettingValue] {
        Self.values(settings).merging(variedValues) { own, _ in own }
    }

    /// Those that differ between the sweep's rows and have an effect in this one.
    package var variedValues: [String: SettingValue] { Self.values(varied) }

    /// Whether its row stands at its own best values (section `tune`).
    var isTuned: Bool { variedValues[SweepTuning.mark] == .boolean(true) }

    private static func values(_ text: String) -> [String: SettingValue] {
        (try? JSONDecoder().decode([String: SettingValue].self, from: Data(text.utf8))) ?? [:]
    }
}
