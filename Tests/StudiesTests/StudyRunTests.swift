import Analysis
import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import StudyConformance
import Sweeps
import Synchronization
import TestSupport
import Testing
import ToyStudies

/// The orchestrator with a study of a few lines: it knows of no other.
@Suite("A study of one's own")
struct StudyRunTests {
    private let folder: TemporaryFolder
    private let catalogue = StudyCatalogue([ToyStudy()])

    private static let text = """
        name: toys
        description: What is a bonus worth?
        parameters:
          size: [1, 2]
          bonus: [0, 3]
        seeds: [0, 1, 2]
        baseline: {size: 1, bonus: 0}
        """

    init() throws { folder = try TemporaryFolder() }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }

    /// Asks when its first stage has begun.
    private final class Asking: StageExecutor {
        let inner: any StageExecutor
        let ask: @Sendable () -> Void
        private let hasAsked = Atomic(false)

        init(inner: any StageExecutor, ask: @escaping @Sendable () -> Void) {
            self.inner = inner
            self.ask = ask
        }

        func hasArtifact(_ stage: Stage) -> Bool { inner.hasArtifact(stage) }

        func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
            if !hasAsked.exchange(true, ordering: .relaxed) { ask() }
            return try inner.execute(stage, context: context)
        }
    }

    private func run(
        _ text: String = text, limits change: (inout StudyRun.Limits) -> Void = { _ in }
    )
        throws -> (study: StudyRun, summary: RunSummary, table: Table)
    {
        try folder.write(text, to: "toys.yaml")
        let file = try folder.file("toys.yaml")
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let study = try StudyRun(
            SweepSession(path: file.path, overrides: [], catalogue: catalogue), layout: layout,
            store: StudyStore(ResultsStore(path: layout.database.path), catalogue))
        var limits = StudyRun.Limits(workers: 2, memory: 1 << 30, build: "test")
        change(&limits)
        let choice = try study.choose(limits, study.forecast(limits, calibrates: false))
        let summary = try study.prepared(choice, limits, observer: Silence()).run()
        return (study, summary, try study.writeTables().tables[0].1)
    }

    /// Foretells always the same.
    private struct Oracle: RunObserver {
        func event(_ event: RunEvent) {}
        var timeLeft: (seconds: Double, deviation: Double)? { (5_000, 7) }
    }

    @Test("whoever asks how long a run takes is told what the run tells itself")
    func timeLeft() throws {
        try folder.write(Self.text, to: "toys.yaml")
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let study = try StudyRun(
            SweepSession(
                path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue),
            layout: layout, store: StudyStore(ResultsStore(path: layout.database.path), catalogue))
        let limits = StudyRun.Limits(workers: 1, memory: 1 << 30, build: "test")
        func run(_ trials: [PlannedTrial], _ first: @escaping @Sendable () -> Void) throws {
            _ = try study.prepared(
                StudyRun.Choice(trials), limits, observer: Oracle(),
                wrapping: { Asking(inner: $0, ask: first) }
            ).run()
        }
        // A part of the trials is not the sweep.
        let whole = Mutex<Int?>(nil)
        try run(Array(study.registration.trials.prefix(1))) {
            whole.withLock { $0 = try? study.store.store.wholeRuns(of: "toys").count }
        }
        #expect(whole.withLock { $0 } == 0)
        let told = Mutex(0.0)
        try run(study.registration.trials) {
            // It says so about every second.
            for _ in 0..<200 where told.withLock({ $0 }) < 4_900 {
                Thread.sleep(forTimeInterval: 0.05)
                let left = try? SweepProgress("toys", from: study.store).timeLeft
                told.withLock { $0 = left?.seconds ?? 0 }
            }
        }
        #expect(told.withLock { $0 } > 4_900 && told.withLock { $0 } <= 5_000)
    }

    @Test("says where results come from and what they cost, and tables do not")
    func provenance() throws {
        let (study, summary, table) = try run()
        let commit = String(repeating: "ab", count: 20)
        try folder.write("\(commit)\n", to: ".git/HEAD")
        // The same plan from a repository: nothing is computed anew, so that nothing comes from there.
        let again = try run()
        #expect(again.summary.stagesRun == 0 && again.table == table)
        let limits = StudyRun.Limits(workers: 2, memory: 1 << 30, build: "test")
        func record(_ run: StudyRun, _ summary: RunSummary, program: String?) throws {
            try run.record(
                summary, of: StudyRun.Choice(run.registration.trials), started: Date(),
                limits: limits, predictedSeconds: nil, program: program)
        }
        try record(study, summary, program: "1234")
        try record(again.study, again.summary, program: "5678")
        let store = study.store.store
        #expect(try SweepProvenance("toys", from: store).runs.map(\.program) == ["1234"])
        #expect(try SweepProvenance("toys", from: store).runs.first?.repository == nil)
        try record(again.study, summary, program: "5678")
        let found = try SweepProvenance("toys", from: store)
        #expect(found.runs.map(\.repository?.commit) == [nil, commit])
        #expect(found.coreHours > 0 && found.coreHours < 1 && found.isMeasured)
        #expect(found.rows.count == 4 && found.rows.values.allSatisfy { $0 < found.coreHours })
        let document = try SweepReport.document("toys", from: study.store)
        let facts = document.provenance.map { "\($0.name): \($0.value)" }
        #expect(
            facts.contains {
                $0.hasPrefix("commit of the sweep file: abababababab (whether anything")
            })
        #expect(facts.contains("commit of the program: 1234"))
        #expect(facts.contains { $0.hasPrefix("core-hours: ") })
        #expect(try study.writeTables().tables[0].1 == table)
        let answer = try SweepTable.explanation(
            ofRow: table.rows[1].label, column: "score_points", in: "toys", from: study.store)
        #expect(
            answer.notes.contains {
                $0.hasPrefix("core-hours of processor time: ") && $0.contains("this row")
            })
    }

    @Test("keeps what a study promises")
    func conformance() throws {
        try folder.write(Self.text, to: "toys.yaml")
        let session = try SweepSession(
            path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue)
        let violations = try StudyConformance(session, in: folder.url.appending(path: "trials"))
            .violations()
        #expect(violations == [])
    }

    @Test("is planned, run and shown: figures, units, references and what stages share")
    func whole() throws {
        let (study, summary, table) = try run()
        // Two sizes, four configurations x three seeds, one chance.
        #expect(summary.stagesRun == 2 + 12 + 1)
        #expect(table.columns.map(\.key).contains("score_points"))
        let text = TableFormat.markdown.text(of: table)
        #expect(text.contains("24.0 ± 1.0"), "20 + 3 + the mean seed of 1: \(text)")
        #expect(table.rows.last?.label == "by chance" && table.rows.last?.isReference == true)
        #expect(study.registration.facts["study"] == "toy")
        let files = study.layout.cachedFiles()
        #expect(files.count == 2 && files.map(\.bytes).sorted() == [1, 2])
    }

    @Test("a run that is repeated has nothing to do; a lost file is made again where it is needed")
    func resumed() throws {
        _ = try run()
        #expect(try run().summary.stagesRun == 0)
        for file in try run().study.layout.cachedFiles() {
            try FileManager.default.removeItem(at: file.file)
        }
        let more = try run(Self.text.replacing("[0, 1, 2]", with: "[0, 1, 2, 3]")).summary
        #expect(more.stagesRun == 4 && more.stagesRebuilt == 2)
    }

    @Test(
        "a figure that is computed from stored predictions needs no run, and no column unless asked"
    )
    func derived() throws {
        let (study, _, table) = try run()
        #expect(!table.columns.contains { $0.key == "score_misses" })
        let asked = try SweepTable.make(
            "toys", from: study.store, options: TableOptions(metrics: ["misses"]))
        #expect(asked.columns.contains { $0.key == "score_misses" })
        let text = TableFormat.markdown.text(of: asked)
        #expect(text.split(separator: "\n").count { $0.contains("1 ± 0") } == 4, "\(text)")
        #expect(throws: StudiesError.unknownMetric("hits", known: ["points", "misses"])) {
            try SweepTable.make("toys", from: study.store, options: TableOptions(metrics: ["hits"]))
        }
    }

    @Test("intervals over items name what an item is")
    func items() throws {
        let (study, _, _) = try run()
        let table = try SweepTable.clips("toys", from: study.store)
        #expect(table.notes.contains { $0.contains("4 predictions on 4 throws of the test split") })
    }

    @Test("a sweep over two settings is a pivot table a metric; over one it is none")
    func pivot() throws {
        let (study, _, _) = try run()
        let tables = try SweepTable.pivots("toys", from: study.store)
        #expect(tables.map(\.title) == ["points (%)"])
        #expect(tables[0].rows.map(\.label) == ["1", "2"])
        #expect(tables[0].labelHeader == "size")
        #expect(tables[0].columns.map(\.header) == ["0", "3"])
        #expect(tables[0].rows.map { $0.cells.map(\.value) } == [[11, 14], [21, 24]])
        _ = try run(Self.text.replacing("bonus: [0, 3]", with: "bonus: [0]"))
        #expect(throws: StudiesError.noPivot(sweep: "toys", varied: ["size"])) {
            try SweepTable.pivots("toys", from: study.store)
        }
    }

    @Test("over seeds and items the table says which to buy more of")
    func variance() throws {
        let (study, _, _) = try run()
        let table = try SweepTable.variance("toys", from: study.store)
        #expect(table.rows.count == 3)
        // All items are hit alike in all rows: nothing is owed to them.
        guard case .number(let items) = table.rows[0].cells[4].content else {
            Issue.record("no deviation")
            return
        }
        #expect(items == 0)
        #expect(table.notes.contains { $0.hasPrefix("Over 3 seeds and 4 groups of test throws") })
    }

    @Test(
        "differences over seeds that were chosen after a look say so where seeds and items are told apart"
    )
    func varianceOfChosenSeeds() throws {
        let (study, _, _) = try run()
        _ = try run(Self.text.replacing("[0, 1, 2]", with: "[0, 2]"))
        #expect(
            try SweepTable.variance("toys", from: study.store).footnotes.contains {
                $0.hasPrefix("no interval: seed 1 had figures in an earlier plan and is left out")
            })
    }

    @Test("the smallest effect of a file is that of its verdicts; added seeds open the plan")
    func verdicts() throws {
        let text = Self.text + "\nsmallest_effect: {points: 2}\n"
        let (study, _, _) = try run(text)
        #expect(study.registration.testedMetrics == 1)
        let table = try SweepTable.verdicts("toys", from: study.store)
        #expect(table.rows.count == 3)
        #expect(table.notes.contains { $0.hasPrefix("Fixed plan:") })
        #expect(!table.notes.contains { $0.contains("smallest_effect") })
        _ = try run(text.replacing("[0, 1, 2]", with: "[0, 1, 2, 3]"))
        let extended = try SweepTable.verdicts("toys", from: study.store)
        #expect(extended.notes.contains { $0.hasPrefix("Open plan:") })
        #expect(
            extended.footnotes.contains {
                $0.hasPrefix("seed 3 added after seeds 0–2 had been looked at")
            })
        let wrong = #expect(throws: SweepFaults.self) {
            try run(Self.text + "\nsmallest_effect: {point: 2}\n")
        }
        #expect(try #require(wrong).description.contains("did you mean 'points'?"))
    }

    @Test("claims wait for all seeds of a fixed plan, and are written beside the table")
    func claims() throws {
        let text =
            Self.text + """

                claims:
                  size 1 beats chance:
                    better: {row: "size 1, bonus 0", evaluation: score}
                    than: {evaluation: chance}
                """
        let (study, _, _) = try run(text) { $0.trials = 1 }
        let half = try SweepTable.claims("toys", from: study.store)
        #expect(half.rows.count == 1 && half.rows[0].cells[3].content == .text("undecided"))
        #expect(half.footnotes.contains { $0.contains("of 3 pairs so far: a fixed plan") })
        let claims = try #require(try run(text).study.writeTables().tables.last)
        #expect(claims.0 == .claims)
        // 10, 11 and 12 against 5.
        guard case .effect(let summary, let interval) = claims.1.rows[0].cells[1].content else {
            Issue.record("no difference")
            return
        }
        #expect(summary.mean == 6 && summary.count == 3)
        // Student's quantile of two degrees of freedom at 0.975 is 4.30265.
        #expect(abs(try #require(interval).upper - (6 + 4.30265 / 3.0.squareRoot())) < 1e-4)
        #expect(claims.1.rows[0].cells[3].content == .text("holds"))
        let file = study.layout.table(ofSweep: "toys", kind: .claims, fileExtension: "md")
        #expect(try String(contentsOf: file, encoding: .utf8).contains("size 1 beats chance"))
    }

    @Test("a program without the study of a stored sweep says so")
    func unknown() throws {
        let (study, _, _) = try run()
        let other = StudyStore(study.store.store, StudyCatalogue([Renamed()]))
        #expect(throws: StudiesError.unknownStudy("toy", sweep: "toys", known: ["renamed"])) {
            try SweepTable.make("toys", from: other)
        }
    }

    @Test("a file names its study; one that there is not is a fault with its line")
    func named() throws {
        _ = try run("study: toy\n" + Self.text)
        let fault = #expect(throws: SweepFaults.self) { try run("study: joy\n" + Self.text) }
        #expect(try #require(fault).description.contains("toys.yaml:1:"))
        #expect(try #require(fault).description.contains("did you mean 'toy'?"))
    }

    @Test("limits leave out trials: a part, or so many")
    func limited() throws {
        #expect(try run { $0.trials = 5 }.summary.trialsFinished == 5)
        let part = try run { $0.part = SweepPart(1, of: 2) }.summary
        #expect(part.trials == 6 && part.trialsFinished == 6)
    }

    private struct Renamed: Study {
        private let toy = ToyStudy()
        let name = "renamed"
        var schema: SettingsSchema { toy.schema }
        var stages: [StageDefinition] { toy.stages }
        var evaluations: [EvaluationDefinition] { toy.evaluations }
        var figures: [FigureDefinition] { toy.figures }

        func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy {
            PreparedToys()
        }
    }
}
