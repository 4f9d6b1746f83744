import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing
import ToyStudies

@Suite("Rows at their own best values")
struct TunedRowTests {
    private let folder: TemporaryFolder
    private let catalogue = StudyCatalogue([ToyStudy()])

    private static let text = """
        name: toys
        parameters: {size: [1, 4, 8]}
        seeds: [0, 1, 2]
        evaluation: [score]
        baseline: {size: 1}
        tune: {parameters: {bonus: {min: 0, max: 10}}, points: 12, metric: score_validation_points}
        """

    init() throws { folder = try TemporaryFolder() }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }

    private struct Outcome {
        var tuning: StudyRun
        /// Nil before the rows can choose.
        var tuned: StudyRun?
        var store: StudyStore
    }

    private func session(_ text: String, maximumSeeds: Int? = nil) throws -> SweepSession {
        try folder.write(text, to: "toys.yaml")
        return try SweepSession(
            path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue,
            maximumSeeds: maximumSeeds)
    }

    private func run(
        _ study: StudyRun, workers: Int, trials: Int? = nil
    ) throws {
        let limits = StudyRun.Limits(
            workers: workers, memory: 1 << 30, build: "test", trials: trials)
        let choice = try study.choose(limits, study.forecast(limits, calibrates: false))
        _ = try study.prepared(choice, limits, observer: Silence()).run()
    }

    private func run(
        _ text: String = text, in results: String = "results", workers: Int = 2,
        trials: Int? = nil, maximumSeeds: Int? = nil
    ) throws -> Outcome {
        let session = try session(text, maximumSeeds: maximumSeeds)
        let layout = ResultsLayout(root: folder.url.appending(path: results).path)
        try layout.createFolders()
        let store = StudyStore(try ResultsStore(path: layout.database.path), catalogue)
        let tuning = try #require(session.tuning)
        let study = try StudyRun(tuning, layout: layout, store: store)
        try run(study, workers: workers, trials: trials)
        let tuned = try session.tuned(by: study.name, of: tuning, in: store.store).map {
            try StudyRun($0, layout: layout, store: store)
        }
        if let tuned { try run(tuned, workers: workers) }
        return Outcome(tuning: study, tuned: tuned, store: store)
    }

    @Test("each takes the point that is best on the validation split, by values known beforehand")
    func choice() throws {
        let outcome = try run()
        let session = try session(Self.text)
        let points = try #require(session.file.tuning).points.compactMap { $0["bonus"]?.number }
        #expect(points.count == 12 && points.contains { $0 > 9 }, "one is to fail: \(points)")
        let tuned = try #require(outcome.tuned)
        let table = try SweepTable.make("toys", from: outcome.store)
        for (index, size) in [1.0, 4, 8].enumerated() {
            let best = try #require(
                points.filter { $0 <= 9 }.min { abs($0 - size) < abs($1 - size) })
            let row = tuned.registration.rows[2 * index + 1]
            #expect(row.label == "size \(Int(size)), tuned")
            #expect(row.varied.contains("\"bonus\":\(best)"), "\(row.varied), not \(best)")
            // 10 size + seed + bonus: the mean seed is 1.
            let cell = try #require(table.row(named: row.label)?.cells.last?.value)
            #expect(abs(cell - (10 * size + 1 + best)) < 1e-9)
        }
        // Tuned rows are compared with the tuned baseline, all rows in one family.
        let verdicts = try SweepTable.verdicts("toys", from: outcome.store)
        #expect(
            verdicts.rows.map(\.versus) == [
                "size 1", "size 1, tuned", "size 1", "size 1, tuned",
            ])
        #expect(verdicts.caption.contains("k = 4"))
    }

    @Test("the table has default and tuned side by side, and the expected best of k points")
    func table() throws {
        let outcome = try run()
        let table = try SweepTable.tuned("toys", from: outcome.store)
        #expect(table.rows.map(\.label) == ["size 1", "size 4", "size 8"])
        #expect(
            table.columns.map(\.key) == [
                "score_points_default", "score_points_tuned", "score_points_gain", "bonus",
                "score_validation_points", "expected_best_1", "expected_best_4", "expected_best_12",
            ])
        let points = try #require(try session(Self.text).file.tuning).points
            .compactMap { $0["bonus"]?.number }
        for (row, size) in zip(table.rows, [1.0, 4, 8]) {
            let values = points.filter { $0 <= 9 }.map { 50 - abs($0 - size) }
            let (best, worst) = (try #require(values.max()), try #require(values.min()))
            let whole = values + Array(repeating: worst, count: 12 - values.count)
            func value(_ index: Int) throws -> Double { try #require(row.cells[index].value) }
            #expect(try abs(value(4) - best) < 1e-9)
            // The best of one point is the mean of all; what failed counts as the worst.
            #expect(try abs(value(5) - whole.reduce(0, +) / 12) < 1e-9)
            #expect(try value(5) < value(6) && value(6) < value(7) && value(7) < best)
            #expect(try abs(value(2) - (value(1) - value(0))) < 1e-9)
            #expect(row.footnotes.count == 1)
        }
        #expect(table.footnotes.contains { $0.hasPrefix("1 of 12 points failed") })
        #expect(throws: StudiesError.notTuned(sweep: "toys.tuning")) {
            try SweepTable.tuned("toys.tuning", from: outcome.store)
        }
    }

    @Test("stopped at any place and begun again with any workers: the same tables, byte for byte")
    func resumed() throws {
        func text(_ outcome: Outcome) throws -> String {
            let table = try SweepTable.make("toys", from: outcome.store)
            let tuned = try SweepTable.tuned("toys", from: outcome.store)
            return [table, tuned].flatMap { table in
                TableFormat.allCases.map { $0.text(of: table) }
            }.joined()
        }
        let whole = try text(run(in: "whole", workers: 1))
        for (stop, workers) in [(1, 1), (17, 3), (35, 2)] {
            let results = "stopped-\(stop)"
            let stopped = try run(in: results, workers: workers, trials: stop)
            #expect(stopped.tuned == nil, "rows choose among all points or none")
            #expect(try text(run(in: results, workers: workers)) == whole)
            // And once more: nothing is left to choose.
            #expect(try text(run(in: results, workers: 1)) == whole)
        }
    }

    @Test("rows of the file keep their trials when a sweep comes to be tuned")
    func later() throws {
        let plain = Self.text.split(separator: "\n").dropLast().joined(separator: "\n")
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let store = StudyStore(try ResultsStore(path: layout.database.path), catalogue)
        let before = try StudyRun(session(plain), layout: layout, store: store)
        try run(before, workers: 2)
        let tuned = try #require(try run().tuned)
        let own = tuned.registration.trials.filter { $0.row % 2 == 0 }
        #expect(Set(own.map(\.id)) == Set(before.registration.trials.map(\.id)))
        // What was looked at is one family, what came later another.
        let trials = try store.store.trials(of: "toys")
        #expect(Set(trials.filter { $0.row % 2 == 0 }.map(\.looks?.comparisons)) == [2])
        #expect(Set(trials.filter { $0.row % 2 == 1 }.map(\.looks?.comparisons)) == [2])
    }

    @Test("an open plan is tuned once, and its seeds are none of tuning")
    func open() throws {
        let outcome = try run(maximumSeeds: 6)
        let tuned = try #require(outcome.tuned)
        #expect(tuned.session.isOpen && !outcome.tuning.session.isOpen)
        let seeds = Set(tuned.registration.trials.map(\.seed))
        #expect(seeds.count == 6)
        #expect(seeds.isDisjoint(with: outcome.tuning.registration.trials.map(\.seed)))
    }

    @Test("where all points of all rows failed, nothing is tuned")
    func failed() throws {
        let text = Self.text.replacing("{min: 0, max: 10}", with: "[9.6, 9.9]")
        #expect(throws: StudiesError.nothingTuned(row: "size 1", sweep: "toys.tuning")) {
            try run(text)
        }
    }
}
