import Digests
import Foundation
import ResultsStore
import TestSupport
import Testing

@Suite("Schemas")
struct SchemaTests {
    private static let fixtureToWrite = ProcessInfo.processInfo.environment["ABLATE_WRITE_FIXTURE"]
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A database with a finished, a failed and a pending trial.
    private func fill(_ path: String) throws {
        let store = try ResultsStore(path: path)
        let sweep = sampleSweep()
        try store.register(sweep)
        for stage in sweep.stages.prefix(3) {
            try store.finish(stage, ["\(stage.kind).value": 0.5])
        }
        try store.record(StageAttempt(outcome: .failed, reason: "loss is nan"), sweep.stages[3])
        try store.close()
    }

    @Test(
        "writes the database of the present schema for later versions",
        .enabled(if: fixtureToWrite != nil))
    func write() throws {
        let path = try #require(Self.fixtureToWrite)
        try fill(path)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test(
        "a database of every released schema opens, is upgraded, and shows what it holds",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func released(version: Int) throws {
        let fixture = try #require(
            Bundle.module.url(forResource: "Fixtures/schema-\(version)", withExtension: "sqlite"))
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.database)
        let before = try Data(contentsOf: URL(filePath: folder.database))
        let reader = try ResultsStore(readingFrom: folder.database)
        #expect(try reader.sweep("sample@1").name == "sample")
        #expect(try reader.flatResults(of: "sample").rows.count == 4)
        try reader.close()
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
        let store = try ResultsStore(path: folder.database)
        let trials = try store.trials(of: "sample")
        #expect(trials.map(\.status) == [.finished, .failed, .pending, .pending])
        #expect(trials[1].reason == "loss is nan")
        #expect(
            trials[0].metrics == ["scenes.value": 0.5, "pretrain.value": 0.5, "probe.value": 0.5])
        // The same plan: recognised, though the version that wrote it knew of no revisions.
        let same = try store.register(sampleSweep())
        #expect(!same.isChanged && same.sweep == SweepReference("sample", revision: 1))
        let larger = try store.register(sampleSweep(rows: 3))
        #expect(larger.newStages == 4 && larger.earlier == same.sweep)
        #expect(try store.trials(of: "sample@1").map(\.status) == trials.map(\.status))
    }

    @Test("a closed database is read without a writer, and reading leaves it as it is")
    func readingClosed() throws {
        try fill(folder.database)
        let before = try Data(contentsOf: URL(filePath: folder.database))
        let reader = try ResultsStore(readingFrom: folder.database)
        #expect(try reader.statusCounts(of: "sample")[.failed] == 1)
        try reader.close()
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test("a database of a newer version is refused and left as it is")
    func newer() throws {
        try fill(folder.database)
        let store = try ResultsStore(path: folder.database)
        try store.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
        try store.close()
        #expect(throws: StoreError.newerSchema(path: folder.database)) {
            try ResultsStore(path: folder.database)
        }
        #expect(throws: StoreError.newerSchema(path: folder.database)) {
            try ResultsStore(readingFrom: folder.database)
        }
    }

    /// Takes away what later versions, or the last days before the first, have added.
    private func age(_ path: String) throws {
        try fill(path)
        let store = try ResultsStore(path: path)
        try store.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier <> '1';
                DROP VIEW trial_results;
                DROP VIEW trial_states;
                CREATE VIEW trial_states AS
                    SELECT trials.id AS trial,
                        CASE
                            WHEN COUNT(stages.id) = COALESCE(SUM(stages.status = 1), 0) THEN 'finished'
                            WHEN MAX(stages.status = 2) THEN 'failed'
                            WHEN MAX(blocked_stages.cause IS NOT NULL) THEN 'blocked'
                            WHEN MAX(claims.stage IS NOT NULL) THEN 'running'
                            ELSE 'pending'
                        END AS status,
                        MIN(CASE WHEN stages.status = 2 THEN trial_stages.position END) AS failed_position,
                        MIN(blocked_stages.cause) AS cause
                    FROM trials
                    LEFT JOIN trial_stages ON trial_stages.trial = trials.id
                    LEFT JOIN stages ON stages.id = trial_stages.stage
                    LEFT JOIN claims ON claims.stage = stages.id AND stages.status <> 1
                    LEFT JOIN blocked_stages ON blocked_stages.stage = stages.id
                    GROUP BY trials.id;
                DROP VIEW named_sweeps;
                DROP TABLE sweep_names;
                CREATE TABLE old_sweeps (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    name TEXT NOT NULL UNIQUE,
                    source TEXT NOT NULL,
                    fingerprint TEXT NOT NULL,
                    facts TEXT NOT NULL,
                    parameters TEXT NOT NULL
                );
                INSERT INTO old_sweeps
                    SELECT id, name, source, fingerprint, facts, parameters FROM sweeps;
                DROP TABLE sweeps;
                ALTER TABLE old_sweeps RENAME TO sweeps;
                ALTER TABLE rows DROP COLUMN baseline;
                ALTER TABLE rows DROP COLUMN looks;
                ALTER TABLE stages DROP COLUMN metrics_digest;
                ALTER TABLE stages DROP COLUMN details_digest;
                ALTER TABLE stages DROP COLUMN curves_digest;
                ALTER TABLE stages DROP COLUMN given_up;
                ALTER TABLE attempts DROP COLUMN processor_seconds;
                ALTER TABLE owners DROP COLUMN threads;
                ALTER TABLE owners DROP COLUMN sweep;
                ALTER TABLE owners DROP COLUMN left_seconds;
                ALTER TABLE owners DROP COLUMN left_deviation;
                ALTER TABLE owners DROP COLUMN left_saved;
                DROP TABLE calibrated_rates;
                DROP INDEX stage_dependents;
                DROP TABLE runs;
                """)
        try store.close()
    }

    @Test("a database of an older version is read without being changed")
    func older() throws {
        try age(folder.database)
        let before = try Data(contentsOf: URL(filePath: folder.database))
        let reader = try ResultsStore(readingFrom: folder.database)
        #expect(
            try reader.trials(of: "sample").map(\.status)
                == [.finished, .failed, .pending, .pending])
        #expect(try reader.trials(of: "sample").allSatisfy { $0.baseline == nil })
        #expect(try reader.runs(of: "sample").isEmpty)
        #expect(throws: StoreError.notWritable(path: folder.database)) {
            try reader.register(sampleSweep("other"))
        }
        try reader.close()
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test("a database of an older version is upgraded by writing, and keeps what it holds")
    func upgraded() throws {
        try age(folder.database)
        let store = try ResultsStore(path: folder.database)
        #expect(try store.statusCounts(of: "sample")[.finished] == 1)
        #expect(try store.runs(of: "sample").isEmpty)
        var sweep = sampleSweep()
        for row in sweep.rows.indices { sweep.rows[row].baseline = 1 }
        let summary = try store.register(sweep)
        #expect(summary.isChanged && !summary.isNewPlan && summary.newStages == 0)
        #expect(try store.trials(of: "sample").map(\.baseline) == [1, 1, 1, 1])
        #expect(try store.statusCounts(of: "sample")[.finished] == 1)
    }

    @Test("a row can only be compared with a row of its sweep")
    func unknownBaseline() throws {
        var sweep = sampleSweep()
        sweep.rows[0].baseline = 7
        let store = try ResultsStore(path: folder.database)
        #expect(
            throws: StoreError.unregistered("row 7", namedBy: "row '\(sweep.rows[0].label)'")
        ) { try store.register(sweep) }
    }

    @Test("a database of another program is refused and left as it is")
    func otherProgram() throws {
        try fill(folder.database)
        let store = try ResultsStore(path: folder.database)
        try store.execute(sql: "PRAGMA application_id = 7")
        try store.close()
        let before = try Data(contentsOf: URL(filePath: folder.database))
        #expect(throws: StoreError.otherProgram(path: folder.database)) {
            try ResultsStore(path: folder.database)
        }
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test(
        "a database that another program holds is waited for, then named", .timeLimit(.minutes(1)))
    func locked() throws {
        try fill(folder.database)
        let holder = try ResultsStore(path: folder.database)
        let path = folder.database
        try holder.transact { _ in
            let other = try ResultsStore(path: path, options: .init(busyTimeout: 0.05))
            #expect(throws: StoreError.locked(path: path, seconds: 0.05)) {
                try other.register(sampleSweep("other"))
            }
        }
        let other = try ResultsStore(path: path, options: .init(busyTimeout: 0.05))
        #expect(try other.register(sampleSweep("other")).isChanged)
    }

    @Test("a torn or damaged file is refused, not repaired in silence")
    func damaged() throws {
        try fill(folder.database)
        var bytes = try Data(contentsOf: URL(filePath: folder.database))
        for place in 4096..<min(bytes.count, 4096 * 8) { bytes[place] = 0x5A }
        try bytes.write(to: URL(filePath: folder.database))
        #expect(throws: StoreError.self) {
            try ResultsStore(path: folder.database).trials(of: "sample")
        }
    }
}
