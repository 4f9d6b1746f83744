import Foundation
import ResultsStore
import TestSupport
import Testing

@Suite("Opening databases")
struct OpeningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a new database is created with its folder and opens again")
    func creation() throws {
        let path = folder.url.appending(path: "a/b/results.sqlite").path
        try ResultsStore(path: path).register(sampleSweep())
        #expect(try ResultsStore(path: path).sweepNames() == ["sample"])
    }

    @Test("a pipe in the place of the database or of a file beside it is refused at once")
    func pipes() throws {
        for ending in ["", "-wal", "-shm", "-journal"] {
            if !ending.isEmpty { try ResultsStore(path: folder.database).close() }
            let path = folder.database + ending
            try? FileManager.default.removeItem(atPath: path)
            #expect(mkfifo(path, 0o600) == 0)
            #expect(throws: StoreError.notADatabase(path: path)) {
                try ResultsStore(path: folder.database)
            }
            #expect(throws: StoreError.notADatabase(path: path)) {
                try ResultsStore(readingFrom: folder.database)
            }
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("a file that is no database is refused and left as it is")
    func noDatabase() throws {
        let text = String(repeating: "not a database at all\n", count: 100)
        try text.write(toFile: folder.database, atomically: true, encoding: .utf8)
        #expect(throws: StoreError.notADatabase(path: folder.database)) {
            try ResultsStore(path: folder.database)
        }
        #expect(throws: StoreError.notADatabase(path: folder.database)) {
            try ResultsStore(readingFrom: folder.database)
        }
        #expect(try String(contentsOfFile: folder.database, encoding: .utf8) == text)
    }

    @Test("a missing database is not created by reading")
    func missing() throws {
        #expect(throws: StoreError.missing(path: folder.database)) {
            try ResultsStore(readingFrom: folder.database)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.database))
    }

    @Test("a reader sees what is committed while a writer goes on, and neither waits")
    func readerBesideWriter() throws {
        let sweep = sampleSweep()
        let writer = try ResultsStore(path: folder.database)
        try writer.register(sweep)
        let reader = try ResultsStore(
            readingFrom: folder.database, options: .init(busyTimeout: 0))
        for stage in sweep.stages {
            try writer.transact { transaction in
                let row = try reader.lookUp([stage]).rows[0]
                try transaction.record(StageAttempt(outcome: .finished), stage: row, owner: 1)
                #expect(try reader.stage(stage.id).status == .pending)
            }
            #expect(try reader.stage(stage.id).status == .finished)
        }
        #expect(throws: StoreError.self) { try reader.register(sampleSweep("other")) }
    }

    @Test("every error says what, which and what to do")
    func wording() {
        let texts: [(StoreError, String)] = [
            (
                .newerSchema(path: "r.db"),
                "the database r.db was written by a newer version of ablate: update ablate, or name another file with --database"
            ),
            (
                .notADatabase(path: "r.db"),
                "r.db is not a SQLite database: name another file with --database, or move it away"
            ),
            (
                .otherProgram(path: "r.db"),
                "r.db is a SQLite database, but not one of ablate: name another file with --database"
            ),
            (
                .missing(path: "r.db"),
                "there is no database r.db: 'ablate run SWEEP' creates it, --database names another"
            ),
            (
                .notWritable(path: "r.db"),
                "cannot write the database r.db: make it and its folder writable (SQLite keeps two files beside it), or name another file with --database"
            ),
            (
                .diskFull(path: "r.db"),
                "no space left for the database r.db: free some and run again; what was finished is kept"
            ),
            (
                .damaged(path: "r.db", detail: "malformed"),
                "the database r.db is damaged (malformed): move it away and run again, or restore a copy"
            ),
            (
                .locked(path: "r.db", seconds: 60),
                "the database r.db was locked by another program for 60 s: close what holds it ('fuser r.db' names it) and run again"
            ),
            (
                .unknownSweep(name: "a", known: []),
                "there is no sweep 'a': the database is empty, 'ablate run' fills it"
            ),
            (
                .unknownSweep(name: "a", known: ["b", "c"]),
                "there is no sweep 'a': the database has 'b', 'c'"
            ),
            (
                .unknownStage("0a"),
                "there is no stage or trial '0a' in the database: 'ablate status' lists them"
            ),
            (
                .inUse(sweep: "a", pid: 7),
                "sweep 'a' is being run by process 7: stop that run first (kill 7)"
            ),
            (
                .unregistered("stage 0a", namedBy: "trial 0b"),
                "stage 0a, named by trial 0b, is not in the plan: add it"
            ),
            (.duplicate("stage", value: "0a"), "stage 0a is in the plan twice: list it once"),
            (
                .failed(path: "r.db", detail: "I/O"),
                "the database r.db failed (I/O): check the disk and run again"
            ),
        ]
        for (error, text) in texts { #expect("\(error)" == text) }
    }
}
