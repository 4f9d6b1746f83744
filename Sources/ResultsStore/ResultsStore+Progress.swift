public import Digests
import GRDB

/// How far a running stage was when its run last said so (about every second).
public struct RunningStage: Sendable, Hashable {
    public var stage: Digest
    public var kind: String
    public var title: String
    public var worker: Int
    public var attempt: Int
    /// The process that runs it; nil when it ended without a word and no run has noticed yet.
    public var process: ProcessIdentity?
    /// Threads that its run may keep busy at once; nil where that is not known.
    public var threads: Int?
    public var step: Int
    public var steps: Int
    public var detail: String
    public var rate: Double?
    /// Units: seconds since the stage started.
    public var seconds: Double

    public init(
        stage: Digest, kind: String, title: String, worker: Int = 0, attempt: Int = 1,
        process: ProcessIdentity? = nil, threads: Int? = nil, step: Int = 0, steps: Int = 0,
        detail: String = "",
        rate: Double? = nil, seconds: Double = 0
    ) {
        self.stage = stage
        self.kind = kind
        self.title = title
        self.worker = worker
        self.attempt = attempt
        self.process = process
        self.threads = threads
        self.step = step
        self.steps = steps
        self.detail = detail
        self.rate = rate
        self.seconds = seconds
    }
}

/// One stage's progress, as a run saves it.
package struct ProgressNote: Sendable {
    package var stage: StageRow
    package var attempt: Int
    package var step: Int
    package var steps: Int
    package var detail: String
    package var rate: Double?
    package var seconds: Double
    /// What the log has gained since the last note.
    package var log: String
    /// What the curves of an unfinished stage have gained since; all of them where they replace what
    /// is there.
    package var curves: [String: [CurvePoint]]
    package var replacesCurves: Bool

    package init(
        stage: StageRow, attempt: Int, step: Int, steps: Int, detail: String, rate: Double?,
        seconds: Double, log: String, curves: [String: [CurvePoint]] = [:],
        replacesCurves: Bool = false
    ) {
        self.stage = stage
        self.attempt = attempt
        self.step = step
        self.steps = steps
        self.detail = detail
        self.rate = rate
        self.seconds = seconds
        self.log = log
        self.curves = curves
        self.replacesCurves = replacesCurves
    }
}

extension ResultsStore {
    /// What runs now, in whichever process, in the order of the plan.
    public func runningStages() throws -> [RunningStage] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT stages.digest, stages.kind, stages.title, claims.worker, claims.attempt,
                        owners.pid, owners.boot, owners.process_start, owners.namespace,
                        progress.step, progress.steps, progress.detail, progress.rate,
                        progress.seconds, owners.threads
                    FROM claims JOIN stages ON stages.id = claims.stage
                    LEFT JOIN owners ON owners.id = claims.owner
                    LEFT JOIN progress ON progress.stage = claims.stage
                    ORDER BY stages.id
                    """)
            return try rows.map { row in
                let pid = try row.decode(Int?.self, atIndex: 5)
                let process = try pid.map {
                    try ProcessIdentity(
                        pid: $0, boot: row.decode(atIndex: 6), processStart: row.decode(atIndex: 7),
                        namespace: row.decode(atIndex: 8))
                }
                let digest = try Digest(row.decode(String.self, atIndex: 0))
                return try RunningStage(
                    stage: digest ?? Digest(high: 0, low: 0), kind: row.decode(atIndex: 1),
                    title: row.decode(atIndex: 2), worker: row.decode(atIndex: 3),
                    attempt: row.decode(atIndex: 4),
                    process: process.flatMap { $0.isAlive ? $0 : nil },
                    threads: row.decode(atIndex: 14),
                    step: row.decode(Int?.self, atIndex: 9) ?? 0,
                    steps: row.decode(Int?.self, atIndex: 10) ?? 0,
                    detail: row.decode(String?.self, atIndex: 11) ?? "",
                    rate: row.decode(atIndex: 12),
                    seconds: row.decode(Double?.self, atIndex: 13) ?? 0)
            }
        }
    }

    /// The log of a stage's attempt; of the latest that logged anything where none is named.
    public func log(of stage: Digest, attempt: Int? = nil) throws -> String {
        try read { database in
            let number = try Self.stageRow(stage, database).decode(Int64.self, forColumn: "id")
            let latest =
                try attempt
                ?? Int.fetchOne(
                    database,
                    sql: "SELECT attempt FROM logs WHERE stage = ? ORDER BY id DESC LIMIT 1",
                    arguments: [number])
            let texts = try String.fetchAll(
                database,
                sql: "SELECT text FROM logs WHERE stage = ? AND attempt = ? ORDER BY id",
                arguments: [number, latest])
            return texts.joined()
        }
    }

    /// Keeps notes of stages that `owner` still holds.
    package func save(_ notes: [ProgressNote], owner: OwnerNumber) throws {
        try transact { transaction in
            for note in notes {
                try transaction.run(
                    """
                    INSERT OR REPLACE INTO progress
                    SELECT stage, ?, ?, ?, ?, ? FROM claims WHERE stage = ? AND owner = ?
                    """,
                    [
                        note.step, note.steps, note.detail, note.rate, note.seconds, note.stage,
                        owner,
                    ])
                if !note.log.isEmpty {
                    try transaction.appendLog(note.log, stage: note.stage, attempt: note.attempt)
                }
                try transaction.keepLiveCurves(of: note, owner: owner)
            }
        }
    }

    /// True when any run recorded anything after `mark`.
    package func hasChanges(since mark: Int64) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM attempts WHERE id > ?)",
                arguments: [mark]) ?? false
        }
    }

    /// Gives up what is known of stages, so that they are computed again. Attempts and logs stay.
    package func forget(_ stages: [StageRow]) throws {
        if stages.isEmpty { return }
        try transact { transaction in
            try Self.openPlans(beforeRetrying: stages, transaction.database)
            try Self.noteLooks(beforeGivingUp: stages, transaction.database)
            for stage in stages {
                try transaction.run(
                    """
                    UPDATE stages SET
                        given_up = CASE WHEN status = 1 THEN metrics_digest ELSE given_up END,
                        status = 0, reason = NULL, metrics_digest = NULL,
                        details_digest = NULL, curves_digest = NULL, seconds = NULL,
                        peak_memory = NULL, build = NULL WHERE id = ?
                    """, [stage])
                for table in ["metrics", "curves", "details"] {
                    try transaction.run("DELETE FROM \(table) WHERE stage = ?", [stage])
                }
            }
        }
    }
}
