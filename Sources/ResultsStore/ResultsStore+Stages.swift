public import Digests
import GRDB

/// A stage as it stands in the store.
public struct StageRecord: Sendable, Hashable {
    public var digest: Digest
    public var kind: String
    public var title: String
    public var payload: String
    public var status: StageStatus
    public var reason: String?
    /// Units: seconds of the attempt that finished or failed it.
    public var seconds: Double?
    public var peakMemoryBytes: Int?
    public var build: String?
    public var metrics: [String: Double]
    public var details: [String: String]
}

extension ResultsStore {
    /// Throws: ``StoreError/unknownStage(_:)``.
    public func stage(_ digest: Digest) throws -> StageRecord {
        try read { database in
            let row = try Self.stageRow(digest, database)
            let number: Int64 = row["id"]
            var record = StageRecord(
                digest: digest, kind: try row.decode(forColumn: "kind"),
                title: try row.decode(forColumn: "title"),
                payload: try row.decode(forColumn: "payload"),
                status: StageStatus(rawValue: try row.decode(forColumn: "status")) ?? .pending,
                reason: try row.decode(forColumn: "reason"),
                seconds: try row.decode(forColumn: "seconds"),
                peakMemoryBytes: try row.decode(forColumn: "peak_memory"),
                build: try row.decode(forColumn: "build"), metrics: [:], details: [:])
            for row in try Row.fetchAll(
                database, sql: "SELECT name, value FROM metrics WHERE stage = ?",
                arguments: [number])
            {
                let name = try row.decode(String.self, atIndex: 0)
                record.metrics[name] = try row.checkedNumber(1, of: "metric \(name)")
            }
            for row in try Row.fetchAll(
                database, sql: "SELECT name, text FROM details WHERE stage = ?", arguments: [number]
            ) {
                record.details[try row.decode(atIndex: 0)] = try row.decode(String.self, atIndex: 1)
            }
            return record
        }
    }

    /// The finished stages of a kind that need a stage, in order of their digests; none for an unknown
    /// stage.
    public func finishedStages(of kind: String, needing stage: Digest) throws -> [Digest] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT stages.digest FROM stages
                    JOIN stage_dependencies ON stage_dependencies.stage = stages.id
                    JOIN stages AS needed ON needed.id = stage_dependencies.dependency
                    WHERE needed.digest = ? AND stages.kind = ? AND stages.status = ?
                    ORDER BY stages.digest
                    """,
                arguments: [stage.description, kind, StageStatus.finished.rawValue]
            ).compactMap { Digest($0) }
        }
    }

    /// The curves of a stage by name, each in the order of its steps; none for an unknown stage.
    public func curves(of stage: Digest) throws -> [String: [CurvePoint]] {
        try read { database in
            var curves: [String: [CurvePoint]] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT curves.name, step, value FROM stages
                    JOIN curves ON curves.stage = stages.id
                    WHERE digest = ? ORDER BY curves.name, step
                    """, arguments: [stage.description])
            while let row = try rows.next() {
                curves[row[0], default: []].append(
                    CurvePoint(step: row[1], value: row[2] ?? .nan))
            }
            return curves
        }
    }

    /// The stages of a trial in the order of the work; of its latest registration where several
    /// sweeps have it.
    ///
    /// Throws: ``StoreError/unknownStage(_:)``.
    public func stages(ofTrial digest: Digest) throws -> [Digest] {
        try read { database in
            let stages = try String.fetchAll(
                database,
                sql: """
                    SELECT stages.digest FROM trial_stages
                    JOIN stages ON stages.id = trial_stages.stage
                    WHERE trial = (SELECT MAX(id) FROM trials WHERE digest = ?)
                    ORDER BY trial_stages.position
                    """, arguments: [digest.description])
            if stages.isEmpty { throw StoreError.unknownStage(digest.description) }
            return stages.compactMap { Digest($0) }
        }
    }

    /// Every attempt at a stage, oldest first.
    public func attempts(of stage: Digest) throws -> [StageAttempt] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT attempts.* FROM stages JOIN attempts ON attempts.stage = stages.id
                    WHERE stages.digest = ? ORDER BY attempts.id
                    """, arguments: [stage.description])
            return rows.map { row in
                StageAttempt(
                    outcome: AttemptOutcome(rawValue: row["outcome"]) ?? .lost,
                    attempt: row["attempt"], worker: row["worker"], reason: row["reason"],
                    started: row["started"], seconds: row["seconds"],
                    peakMemoryBytes: row["peak_memory"], build: row["build"])
            }
        }
    }

    static func stageRow(_ digest: Digest, _ database: Database) throws -> Row {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM stages WHERE digest = ?", arguments: [digest.description])
        guard let row else { throw StoreError.unknownStage(digest.description) }
        return row
    }
}

extension ResultsStore {
    /// How often each stage was recorded as finished: never more than once.
    public func finishedAttempts() throws -> [Digest: Int] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT digest, COUNT(*) FROM attempts
                    JOIN stages ON stages.id = attempts.stage
                    WHERE outcome = 'finished' GROUP BY stages.id
                    """)
            var counts: [Digest: Int] = [:]
            while let row = try rows.next() {
                if let digest = Digest(row[0] as String) { counts[digest] = row[1] }
            }
            return counts
        }
    }
}
