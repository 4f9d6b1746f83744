import GRDB
import Synchronization

/// The number of a stage's row in this database.
package typealias StageRow = Int64

/// The number of one run of one process among all that ever worked on this database.
package typealias OwnerNumber = Int64

/// What the store answers to a request to run a stage.
package enum ClaimAnswer: Sendable, Hashable {
    case granted
    case finished
    case failed(reason: String)
    /// Another live run has it.
    case held
}

/// What another run did to a stage.
package struct StoreChange: Sendable, Hashable {
    package var stage: StageRow
    package var outcome: AttemptOutcome
    package var reason: String?
}

/// The operations of a run, to be grouped into one transaction by ``ResultsStore/transact(_:)``.
package struct StoreTransaction {
    let database: Database
    let store: ResultsStore

    /// Writes an attempt, and for a finished one its results; releases the claim unless another
    /// attempt follows.
    package func record(_ attempt: StageAttempt, stage: StageRow, owner: OwnerNumber) throws {
        try run(
            """
            INSERT INTO attempts (stage, attempt, outcome, reason, started, seconds, peak_memory,
                build, worker, owner, processor_seconds)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                stage, attempt.attempt, attempt.outcome.rawValue, attempt.reason, attempt.started,
                attempt.seconds, attempt.peakMemoryBytes, attempt.build, attempt.worker, owner,
                attempt.processorSeconds,
            ])
        switch attempt.outcome {
        case .finished:
            try setStatus(.finished, attempt, stage)
            try write(attempt.result, stage)
        case .failed:
            // The results of a finished stage stay, also where its file cannot be made again.
            if try !isFinished(stage) { try setStatus(.failed, attempt, stage) }
        case .faulted:
            return
        case .rebuilt, .postponed, .cancelled, .lost:
            break
        }
        try release(stage)
    }

    private func isFinished(_ stage: StageRow) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT status FROM stages WHERE id = ?")
        return try Int.fetchOne(statement, arguments: [stage]) == StageStatus.finished.rawValue
    }

    private func setStatus(_ status: StageStatus, _ attempt: StageAttempt, _ stage: StageRow) throws
    {
        try run(
            """
            UPDATE stages SET status = ?, reason = ?, seconds = ?, peak_memory = NULLIF(?, 0),
                build = ? WHERE id = ?
            """,
            [
                status.rawValue, attempt.reason, attempt.seconds, attempt.peakMemoryBytes,
                attempt.build, stage,
            ])
    }

    private func write(_ result: StageResult, _ stage: StageRow) throws {
        for table in ["metrics", "curves", "details"] {
            try run("DELETE FROM \(table) WHERE stage = ?", [stage])
        }
        let digests = ContentDigests(result)
        let statement = try database.cachedStatement(
            sql: "SELECT given_up FROM stages WHERE id = ?")
        if let before = try String.fetchOne(statement, arguments: [stage]) {
            try run("UPDATE stages SET given_up = NULL WHERE id = ?", [stage])
            if before != digests.metrics {
                try ResultsStore.countRedone(stage, database)
            }
        }
        try run(
            """
            UPDATE stages SET metrics_digest = ?, details_digest = ?, curves_digest = ?
            WHERE id = ?
            """, [digests.metrics, digests.details, digests.curves, stage])
        for (name, value) in result.metrics.sorted(by: { $0.key < $1.key }) {
            try run("INSERT OR REPLACE INTO metrics VALUES (?, ?, ?)", [stage, name, value])
        }
        for (name, points) in result.curves.sorted(by: { $0.key < $1.key }) {
            for point in points {
                try run(
                    "INSERT OR REPLACE INTO curves VALUES (?, ?, ?, ?)",
                    [stage, name, point.step, point.value])
            }
        }
        for (name, text) in result.details.sorted(by: { $0.key < $1.key }) {
            try run("INSERT OR REPLACE INTO details VALUES (?, ?, ?)", [stage, name, text])
        }
        try store.addColumns(for: result.metrics.keys, database)
    }

    /// Takes the stage for `owner` unless it is finished, failed or taken. A finished one can be
    /// claimed only to make its artifact again.
    package func claim(
        _ stage: StageRow, owner: OwnerNumber, worker: Int, attempt: Int, isRebuild: Bool
    ) throws -> ClaimAnswer {
        let statement = try database.cachedStatement(
            sql: """
                SELECT stages.status, stages.reason, claims.owner
                FROM stages LEFT JOIN claims ON claims.stage = stages.id WHERE stages.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [stage]) else {
            throw StoreError.unknownStage("row \(stage)")
        }
        let status: Int = row[0]
        if status == StageStatus.finished.rawValue, !isRebuild { return .finished }
        if status == StageStatus.failed.rawValue { return .failed(reason: row[1] ?? "") }
        if let holder: OwnerNumber = row[2], holder != owner { return .held }
        try run(
            "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?)", [stage, owner, worker, attempt])
        return .granted
    }

    package func release(_ stage: StageRow) throws {
        try run("DELETE FROM claims WHERE stage = ?", [stage])
        try run("DELETE FROM progress WHERE stage = ?", [stage])
    }

    /// What other runs recorded after `mark`; moves the mark.
    package func changes(since mark: inout Int64, owner: OwnerNumber) throws -> [StoreChange] {
        let statement = try database.cachedStatement(
            sql: "SELECT id, stage, outcome, reason, owner FROM attempts WHERE id > ? ORDER BY id")
        let rows = try Row.fetchCursor(statement, arguments: [mark])
        var changes: [StoreChange] = []
        while let row = try rows.next() {
            mark = row[0]
            let author: OwnerNumber = row[4]
            guard author != owner, let outcome = AttemptOutcome(rawValue: row[2]) else { continue }
            changes.append(StoreChange(stage: row[1], outcome: outcome, reason: row[3]))
        }
        return changes
    }

    /// Keeps what the curves of a stage have gained, until its results take their place. Those of a
    /// finished stage, whose file is made again, stay as they are.
    func keepLiveCurves(of note: ProgressNote, owner: OwnerNumber) throws {
        let isHeld = """
            FROM claims JOIN stages ON stages.id = claims.stage
            WHERE claims.stage = ? AND owner = ? AND stages.status <> 1
            """
        if note.replacesCurves {
            try run(
                "DELETE FROM curves WHERE stage IN (SELECT claims.stage \(isHeld))",
                [note.stage, owner])
        }
        for (name, points) in note.curves.sorted(by: { $0.key < $1.key }) {
            for point in points {
                try run(
                    "INSERT OR REPLACE INTO curves SELECT claims.stage, ?, ?, ? \(isHeld)",
                    [name, point.step, point.value, note.stage, owner])
            }
        }
    }

    /// Adds text to the log of a stage's attempt.
    package func appendLog(_ text: String, stage: StageRow, attempt: Int) throws {
        try run("INSERT INTO logs (stage, attempt, text) VALUES (?, ?, ?)", [stage, attempt, text])
    }

    func run(_ sql: String, _ arguments: StatementArguments) throws {
        let statement = try database.cachedStatement(sql: sql)
        statement.setUncheckedArguments(arguments)
        try statement.execute()
    }
}

extension ResultsStore {
    /// One transaction of a run. `isCostly`: it records work that deserves a place on the disk
    /// before anything else starts (see ``Durability``).
    package func transact<Value>(
        isCostly: Bool = false, _ body: (StoreTransaction) throws -> Value
    ) throws -> Value {
        try write(fullySynchronous: isCostly) {
            try body(StoreTransaction(database: $0, store: self))
        }
    }

    /// Gives metrics that were never seen before their column in `trial_results`.
    func addColumns(for names: some Collection<String>, _ database: Database) throws {
        let unseen = metricNames.withLock { seen in names.filter { !seen.contains($0) } }
        if unseen.isEmpty { return }
        var isNew = false
        for name in unseen.sorted() {
            try database.execute(
                sql: "INSERT OR IGNORE INTO metric_names VALUES (?)", arguments: [name])
            isNew = isNew || database.changesCount > 0
        }
        if isNew { try Self.rebuildView(database) }
        // One observer a transaction: SQLite's wrapper asks all of them at every statement.
        let isFirst = metricNames.withLock { $0.add(unseen) }
        guard isFirst else { return }
        database.afterNextTransaction(
            onCommit: { [self] _ in metricNames.withLock { $0.end(isCommitted: true) } },
            onRollback: { [self] _ in metricNames.withLock { $0.end(isCommitted: false) } })
    }
}

/// Metric names that need no column in `trial_results` any more.
struct MetricNames {
    /// Those of earlier transactions.
    var known: Set<String> = []
    /// Those of the transaction under way, which may yet be rolled back.
    private var added: Set<String> = []

    func contains(_ name: String) -> Bool { known.contains(name) || added.contains(name) }

    /// Whether they are the first of the transaction under way.
    mutating func add(_ names: [String]) -> Bool {
        defer { added.formUnion(names) }
        return added.isEmpty
    }

    mutating func end(isCommitted: Bool) {
        if isCommitted { known.formUnion(added) }
        added = []
    }
}

extension ResultsStore {
    /// Runs SQL of the caller: for tests that make a database of another program or version.
    package func execute(sql: String) throws {
        try write { try $0.execute(sql: sql) }
    }
}
