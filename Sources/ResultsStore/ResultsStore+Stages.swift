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

    package init(
        digest: Digest, kind: String, title: String, payload: String, status: StageStatus,
        reason: String? = nil, seconds: Double? = nil, peakMemoryBytes: Int? = nil,
        build: String? = nil, metrics: [String: Double] = [:], details: [String: String] = [:]
    ) {
        self.digest = digest
        self.kind = kind
        self.title = title
        self.payload = payload
        self.status = status
        self.reason = reason
        self.seconds = seconds
        self.peakMemoryBytes = peakMemoryBytes
        self.build = build
        self.metrics = metrics
        self.details = details
    }
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
            let name = "of stage \(record.title) (\(digest.short))"
            record.metrics = try Self.metrics(of: number, database)
            var found = ContentDigest()
            for (name, value) in record.metrics { found.add(name, value) }
            try ContentDigests.check(
                found, row.decode(forColumn: "metrics_digest"), "the metrics \(name)")
            for row in try Row.fetchAll(
                database, sql: "SELECT name, text FROM details WHERE stage = ?", arguments: [number]
            ) {
                record.details[try row.decode(atIndex: 0)] = try row.decode(String.self, atIndex: 1)
            }
            found = ContentDigest()
            for (name, text) in record.details { found.add(name, text) }
            try ContentDigests.check(
                found, row.decode(forColumn: "details_digest"), "the details \(name)")
            return record
        }
    }

    static func metrics(of stage: StageRow, _ database: Database) throws -> [String: Double] {
        var metrics: [String: Double] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT name, value FROM metrics WHERE stage = ?", arguments: [stage])
        {
            let name = try row.decode(String.self, atIndex: 0)
            metrics[name] = try row.checkedNumber(1, of: "metric \(name)")
        }
        return metrics
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
            var found = ContentDigest()
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT curves.name, step, value FROM stages
                    JOIN curves ON curves.stage = stages.id
                    WHERE digest = ? ORDER BY curves.name, step
                    """, arguments: [stage.description])
            while let row = try rows.next() {
                let name = try row.decode(String.self, atIndex: 0)
                let point = CurvePoint(
                    step: try row.decode(atIndex: 1),
                    value: try row.checkedNumber(
                        2, of: "a value of curve \(name)", mayBeInfinite: true))
                curves[name, default: []].append(point)
                found.add(name, point)
            }
            let kept = try String.fetchOne(
                database, sql: "SELECT curves_digest FROM stages WHERE digest = ?",
                arguments: [stage.description])
            try ContentDigests.check(found, kept, "the curves of stage \(stage.short)")
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

    /// The stages of each trial of a sweep, in their order; in one go, since trials are not found by digest
    /// without looking through all of them.
    ///
    /// - Parameter digests: of the trials; nil for all.
    /// - Throws: ``StoreError/unknownSweep(name:known:)``.
    public func stagesByTrial(
        of sweep: String, among digests: [Digest]? = nil
    ) throws -> [Digest: [Digest]] {
        try read { database in
            let names = digests.map { $0.map { "'\($0.description)'" }.joined(separator: ", ") }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT trials.digest, stages.digest FROM trials
                    JOIN trial_stages ON trial_stages.trial = trials.id
                    JOIN stages ON stages.id = trial_stages.stage
                    WHERE trials.sweep = ? AND \(names.map { "trials.digest IN (\($0))" } ?? "TRUE")
                    ORDER BY trials.position, trial_stages.position
                    """, arguments: [sweepNumber(sweep, database)])
            var stages: [Digest: [Digest]] = [:]
            while let row = try rows.next() {
                let (trial, stage): (String, String) = try (row.strict(0), row.strict(1))
                guard let trial = Digest(trial), let stage = Digest(stage) else { continue }
                stages[trial, default: []].append(stage)
            }
            return stages
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
            return try rows.map { row in
                try StageAttempt(
                    outcome: AttemptOutcome(rawValue: row.decode(forColumn: "outcome")) ?? .lost,
                    attempt: row.decode(forColumn: "attempt"),
                    worker: row.decode(forColumn: "worker"),
                    reason: row.decode(forColumn: "reason"),
                    started: row.decode(forColumn: "started"),
                    seconds: row.decode(forColumn: "seconds"),
                    processorSeconds: row.decode(forColumn: "processor_seconds"),
                    peakMemoryBytes: row.decode(forColumn: "peak_memory"),
                    build: row.decode(forColumn: "build"))
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
