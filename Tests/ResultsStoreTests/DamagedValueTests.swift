import Digests
import Foundation
import GRDB
import ResultsStore
import TestSupport
import Testing

@Suite("Values that no table could print")
struct DamagedValueTests {
    @Test(
        "a metric that is text, bytes or infinite is damage, for readers and for a merge",
        arguments: ["'abc'", "x'ff'", "9e999"])
    func metrics(value: String) throws {
        let folder = try TemporaryFolder()
        let sweep = sampleSweep()
        do {
            let store = try ResultsStore(path: folder.database)
            try store.register(sweep)
            try store.record(
                StageAttempt(
                    outcome: .finished, result: StageResult(metrics: ["accuracy": 1]), seconds: 1,
                    build: "b"), sweep.stages[0])
        }
        try DatabaseQueue(path: folder.database).write {
            try $0.execute(sql: "UPDATE metrics SET value = \(value)")
        }
        let store = try ResultsStore(readingFrom: folder.database)
        func isDamage(_ error: any Error) -> Bool {
            if case .damaged? = error as? StoreError { true } else { false }
        }
        #expect(performing: { try store.trials(of: sweep.name) }, throws: isDamage)
        #expect(performing: { try store.stage(sweep.stages[0].id) }, throws: isDamage)
        let other = try ResultsStore()
        #expect(throws: StoreError.self) { try other.merge(store) }
        #expect(try other.sweepNames().isEmpty)
    }

    /// A store with one finished stage of every kind of result, changed by SQL.
    private func read<Value>(
        after sql: String, _ body: (ResultsStore, SweepRegistration) throws -> Value
    ) throws -> Value {
        let folder = try TemporaryFolder()
        let sweep = sampleSweep()
        do {
            let store = try ResultsStore(path: folder.database)
            try store.register(sweep)
            for stage in sweep.stages {
                let result = StageResult(
                    metrics: [
                        "\(stage.kind)_accuracy": 61.5, "\(stage.kind)_error": .nan, "zero": -0.0,
                    ],
                    curves: [
                        "loss": [CurvePoint(step: 1, value: 2.5), .init(step: 2, value: .nan)]
                    ],
                    details: ["note": "as it was", "empty": ""])
                try store.record(
                    StageAttempt(outcome: .finished, result: result, seconds: 1, build: "b"), stage)
            }
            try store.close()
        }
        try DatabaseQueue(path: folder.database).write { try $0.execute(sql: sql) }
        return try body(try ResultsStore(readingFrom: folder.database), sweep)
    }

    private func readAll(_ store: ResultsStore, _ sweep: SweepRegistration) throws {
        _ = try store.trials(of: sweep.name)
        for stage in sweep.stages {
            _ = try store.stage(stage.id)
            _ = try store.curves(of: stage.id)
            _ = try store.attempts(of: stage.id)
        }
    }

    @Test("what is as it was written is read, by readers of tables and of stages")
    func whole() throws {
        try read(after: "SELECT 1", readAll)
    }

    @Test(
        "a value that has changed since it was written is damage",
        arguments: [
            "UPDATE metrics SET value = 61.50000000000001 WHERE value = 61.5",
            "UPDATE metrics SET value = 0 WHERE value IS NULL",
            "UPDATE metrics SET name = 'probe_accurady' WHERE name = 'probe_accuracy'",
            "DELETE FROM metrics WHERE name = 'probe_accuracy'",
            "DELETE FROM metrics", "DELETE FROM curves", "DELETE FROM details",
            "UPDATE details SET text = 'as it is' WHERE name = 'note'",
            "UPDATE curves SET value = 2.25 WHERE step = 1",
            "UPDATE curves SET value = 'abc' WHERE step = 1",
            "UPDATE attempts SET seconds = 'abc'", "UPDATE attempts SET attempt = x'00ff'",
            "UPDATE attempts SET started = 'never'", "UPDATE stages SET seconds = 'abc'",
            "UPDATE stages SET peak_memory = 'much'", "UPDATE trials SET seed = 'abc'",
        ])
    func changed(sql: String) throws {
        #expect(
            performing: { try read(after: sql, readAll) },
            throws: { error in
                if case .damaged? = error as? StoreError { true } else { false }
            })
    }

    @Test("a table is refused as well where a metric behind it has changed, with the stage's name")
    func table() throws {
        let error = #expect(throws: StoreError.self) {
            try read(after: "UPDATE metrics SET value = 62.5 WHERE name = 'probe_accuracy'") {
                store, sweep in _ = try store.trials(of: sweep.name)
            }
        }
        #expect(
            error?.description.contains(
                "the metrics of stage probe row 0 seed 0 are not those that were written") == true,
            "\(error?.description ?? "")")
    }

    @Test("results without digests, as earlier versions left them, are read as they are")
    func withoutDigests() throws {
        try read(
            after: "UPDATE stages SET metrics_digest = NULL, details_digest = NULL, "
                + "curves_digest = NULL; UPDATE metrics SET value = 7", readAll)
    }

    @Test("results that are forgotten and found again are whole, and so are those of another store")
    func again() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        for value in [1.0, 2.0] {
            for stage in sweep.stages { try store.finish(stage, ["\(stage.kind)_x": value]) }
            try readAll(store, sweep)
            if value == 1 { try store.forget(store.lookUp(sweep.stages).rows) }
        }
        let other = try ResultsStore()
        _ = try other.merge(store)
        try readAll(other, sweep)
        try other.execute(sql: "UPDATE metrics SET value = 3")
        #expect(throws: StoreError.self) { try readAll(other, sweep) }
        // Nothing of it is taken over.
        let third = try ResultsStore()
        #expect(throws: StoreError.self) { try third.merge(other) }
        #expect(try third.sweepNames().isEmpty)
    }
}
