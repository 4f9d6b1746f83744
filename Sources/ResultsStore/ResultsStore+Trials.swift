public import Digests
import GRDB

extension ResultsStore {
    /// The names of the sweeps, in the order of their first registration.
    public func sweepNames() throws -> [String] {
        try read { database in
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM sweeps GROUP BY name ORDER BY MIN(id)")
            for name in names { try checkName(name) }
            return names
        }
    }

    /// The plan that a reference stands for: a sweep's name, or NAME@N for one of its revisions.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``, ``StoreError/unknownRevision(_:sweep:known:)``.
    public func sweep(_ reference: String) throws -> SweepRecord {
        try read { database in
            let found = try sweepRow(reference, database)
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM sweeps WHERE id = ?", arguments: [found.number])!
            return SweepRecord(
                revision: found.revision, sourceText: row["source"],
                facts: try Self.decodeJSON([String: String].self, row["facts"]),
                parameters: try Self.decodeJSON([String].self, row["parameters"]))
        }
    }

    /// The trials of a sweep in the order of the plan.
    ///
    /// - Parameter only: the trial of this digest alone; nil for all.
    /// - Throws: ``StoreError/unknownSweep(name:known:)``.
    public func trials(of sweep: String, only digest: Digest? = nil) throws -> [TrialRecord] {
        try trials(of: sweep, among: digest.map { [$0] })
    }

    /// - Parameter digests: of the trials to read; nil for all.
    /// - Throws: ``StoreError/unknownSweep(name:known:)``.
    public func trials(of sweep: String, among digests: [Digest]?) throws -> [TrialRecord] {
        try read { database in
            let plan = try sweepRow(sweep, database)
            let number = plan.number
            let leftOut = try Self.leftOutSeeds(plan, database)
            let only = try digests.map { digests -> String in
                let names = digests.map { "'\($0.description)'" }.joined(separator: ", ")
                let numbers = try Int64.fetchAll(
                    database,
                    sql: "SELECT id FROM trials WHERE sweep = ? AND digest IN (\(names))",
                    arguments: [number])
                return numbers.map(String.init).joined(separator: ", ")
            }
            let condition = only.map { "trials.id IN (\($0))" } ?? "TRUE"
            var records: [TrialRecord] = []
            var positions: [Int64: Int] = [:]
            var looks: [String: RowLooks] = [:]
            let trials = try Row.fetchCursor(
                database,
                sql: """
                    SELECT trials.id, trials.row, rows.label, rows.is_baseline, trials.seed,
                        trials.digest, trial_states.status,
                        COALESCE(failed.reason, cause.reason), rows.settings, rows.varied,
                        rows.baseline, rows.looks
                    FROM trials
                    JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                    JOIN (SELECT * FROM trial_states WHERE \(only.map { "trial IN (\($0))" } ?? "TRUE"))
                        AS trial_states ON trial_states.trial = trials.id
                    LEFT JOIN trial_stages AS failing ON failing.trial = trials.id
                        AND failing.position = trial_states.failed_position
                    LEFT JOIN stages AS failed ON failed.id = failing.stage
                    LEFT JOIN stages AS cause ON cause.id = trial_states.cause
                    WHERE trials.sweep = ? AND \(condition) ORDER BY trials.position
                    """, arguments: [number])
            while let row = try trials.next() {
                positions[try row.strict(0)] = records.count
                let text = try row.strictIfAny(11, as: String.self)
                if let text, looks[text] == nil { looks[text] = try Self.rowLooks(text) }
                records.append(
                    try TrialRecord(
                        row: row.strict(1), label: row.strict(2),
                        isBaseline: row.strict(3), baseline: row.strictIfAny(10),
                        looks: text.flatMap { looks[$0] },
                        seed: row.strict(4),
                        digest: Digest(row.strict(5, as: String.self))
                            ?? Digest(high: 0, low: 0),
                        status: TrialStatus(rawValue: row.strict(6)) ?? .pending,
                        reason: row.strictIfAny(7),
                        metrics: [:], settings: row.strict(8),
                        varied: row.strict(9), seconds: 0,
                        peakMemoryBytes: 0, builds: []))
            }
            if records.contains(where: { $0.status == .running }) {
                for trial in try Self.abandonedTrials(of: number, database) {
                    guard let position = positions[trial] else { continue }
                    if records[position].status == .running { records[position].status = .pending }
                }
            }
            if !leftOut.isEmpty {
                for index in records.indices {
                    guard let seeds = leftOut[records[index].row] else { continue }
                    var looks = records[index].looks ?? RowLooks()
                    looks.leftOut = seeds
                    records[index].looks = looks
                }
            }
            try Self.addMetrics(to: &records, positions, sweep: number, condition, database)
            try Self.addCosts(to: &records, positions, sweep: number, condition, database)
            return records
        }
    }

    /// How many trials of a sweep stand where.
    public func statusCounts(of sweep: String) throws -> StatusCounts {
        try read { database in
            StatusCounts(counts: try Self.counts(sweepNumber(sweep, database), database))
        }
    }

    static func counts(_ sweep: Int64, _ database: Database) throws -> [TrialStatus: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT trial_states.status, COUNT(*)
                FROM trials JOIN trial_states ON trial_states.trial = trials.id
                WHERE trials.sweep = ? GROUP BY trial_states.status
                """, arguments: [sweep])
        var counts: [TrialStatus: Int] = [:]
        for row in rows {
            let status = try TrialStatus(rawValue: row.strict(0))
            if let status { counts[status] = try row.strict(1) }
        }
        guard let running = counts[.running] else { return counts }
        let abandoned = try abandonedTrials(of: sweep, database).count
        counts[.running] = running - abandoned
        counts[.pending, default: 0] += abandoned
        return counts
    }

    /// Trials that count as running in the database although every process that held a stage of theirs
    /// has died: the next run goes on with them.
    private static func abandonedTrials(of sweep: Int64, _ database: Database) throws -> [Int64] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT trials.id, owners.pid, owners.boot, owners.process_start, owners.namespace
                FROM trials
                JOIN trial_states ON trial_states.trial = trials.id
                    AND trial_states.status = 'running'
                JOIN trial_stages ON trial_stages.trial = trials.id
                JOIN claims ON claims.stage = trial_stages.stage
                LEFT JOIN owners ON owners.id = claims.owner
                WHERE trials.sweep = ?
                """, arguments: [sweep])
        var isAlive: [ProcessIdentity: Bool] = [:]
        var isHeld: [Int64: Bool] = [:]
        for row in rows {
            var holds = false
            if let pid: Int = try row.strictIfAny(1) {
                let process = try ProcessIdentity(
                    pid: pid, boot: row.strict(2), processStart: row.strict(3),
                    namespace: row.strict(4))
                holds = isAlive[process] ?? process.isAlive
                isAlive[process] = holds
            }
            let trial = try row.strict(0, as: Int64.self)
            isHeld[trial] = isHeld[trial, default: false] || holds
        }
        return isHeld.filter { !$0.value }.map(\.key)
    }

    /// The failed stages that keep trials of a sweep from finishing, in the order of the plan.
    public func failures(of sweep: String) throws -> [FailureRecord] {
        try read { database in
            let number = try sweepNumber(sweep, database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    WITH causes (trial, stage) AS (
                        SELECT trials.id, stages.id FROM trials
                        JOIN trial_stages ON trial_stages.trial = trials.id
                        JOIN stages ON stages.id = trial_stages.stage
                        WHERE trials.sweep = :sweep AND stages.status = 2
                        UNION
                        SELECT trials.id, blocked_stages.cause FROM trials
                        JOIN trial_stages ON trial_stages.trial = trials.id
                        JOIN blocked_stages ON blocked_stages.stage = trial_stages.stage
                        WHERE trials.sweep = :sweep
                    )
                    SELECT stages.digest, stages.kind, stages.title, COALESCE(stages.reason, ''),
                        COALESCE(tries.count, 0), COUNT(*)
                    FROM causes JOIN stages ON stages.id = causes.stage
                    LEFT JOIN (SELECT stage, COUNT(*) AS count FROM attempts GROUP BY stage)
                        AS tries ON tries.stage = stages.id
                    GROUP BY stages.id ORDER BY MIN(causes.trial), stages.id
                    """, arguments: ["sweep": number])
            return try rows.map { row in
                try FailureRecord(
                    stage: Digest(row.strict(0, as: String.self)) ?? Digest(high: 0, low: 0),
                    kind: row.strict(1),
                    title: row.strict(2), reason: row.strict(3),
                    attempts: row.strict(4), trials: row.strict(5))
            }
        }
    }

    /// The stages of a sweep that a fault of the machine has put off, until a run tries them again.
    public func postponements(of sweep: String) throws -> [FailureRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT stages.digest, stages.kind, stages.title, COALESCE(last.reason, ''),
                        tries.count, COUNT(*)
                    FROM (SELECT stage, MAX(id) AS id, COUNT(*) AS count FROM attempts
                        WHERE stage IN (SELECT stage FROM attempts WHERE outcome = 'postponed')
                        GROUP BY stage) AS tries
                    JOIN attempts AS last ON last.id = tries.id AND last.outcome = 'postponed'
                    JOIN stages ON stages.id = tries.stage AND stages.status = 0
                    JOIN trial_stages ON trial_stages.stage = stages.id
                    JOIN trials ON trials.id = trial_stages.trial AND trials.sweep = ?
                    GROUP BY stages.id ORDER BY stages.id
                    """, arguments: [try sweepNumber(sweep, database)])
            return try rows.map { row in
                try FailureRecord(
                    stage: Digest(row.strict(0, as: String.self)) ?? Digest(high: 0, low: 0),
                    kind: row.strict(1),
                    title: row.strict(2), reason: row.strict(3),
                    attempts: row.strict(4), trials: row.strict(5))
            }
        }
    }

    // MARK: Parts

    private static func addMetrics(
        to records: inout [TrialRecord], _ positions: [Int64: Int], sweep: Int64,
        _ condition: String, _ database: Database
    ) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.id, metrics.name, metrics.value, stages.id, stages.metrics_digest,
                    stages.title
                FROM trials
                JOIN trial_stages ON trial_stages.trial = trials.id
                JOIN stages ON stages.id = trial_stages.stage
                LEFT JOIN metrics ON metrics.stage = trial_stages.stage
                WHERE trials.sweep = ? AND \(condition)
                ORDER BY trials.position, trial_stages.position
                """, arguments: [sweep])
        var checked: Set<StageRow> = []
        // Rows of one stage of one trial follow one another.
        var current: (trial: Int64, stage: StageRow, kept: String?, title: String)?
        var found = ContentDigest()
        func finish() throws {
            // One whose figures are all gone is not finished, and is computed again.
            guard let current, checked.insert(current.stage).inserted, !found.isEmpty else {
                return
            }
            try ContentDigests.check(
                found, current.kept, "the metrics of stage \(current.title)")
        }
        while let row = try rows.next() {
            let (trial, stage): (Int64, StageRow) = try (
                row.strict(0), row.strict(3)
            )
            if current?.trial != trial || current?.stage != stage {
                try finish()
                current = (trial, stage, try row.strictIfAny(4), try row.strict(5))
                found = ContentDigest()
            }
            guard try row.strictIfAny(1, as: String.self) != nil,
                let position = positions[trial]
            else { continue }
            let name = try row.strict(1, as: String.self)
            let value = try row.checkedNumber(2, of: "metric \(name)")
            records[position].metrics[name] = value
            if !checked.contains(stage) { found.add(name, value) }
        }
        try finish()
    }

    private static func addCosts(
        to records: inout [TrialRecord], _ positions: [Int64: Int], sweep: Int64,
        _ condition: String, _ database: Database
    ) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.id, stages.seconds, stages.peak_memory, stages.build FROM trials
                JOIN trial_stages ON trial_stages.trial = trials.id
                JOIN stages ON stages.id = trial_stages.stage
                WHERE trials.sweep = ? AND \(condition) AND stages.status = 1
                ORDER BY trials.position, stages.build
                """, arguments: [sweep])
        while let row = try rows.next() {
            guard let position = positions[try row.strict(0)] else { continue }
            records[position].seconds += try row.strictIfAny(1, as: Double.self) ?? 0
            records[position].peakMemoryBytes = max(
                records[position].peakMemoryBytes, try row.strictIfAny(2, as: Int.self) ?? 0)
            let build = try row.strictIfAny(3, as: String.self) ?? ""
            if records[position].builds.last != build { records[position].builds.append(build) }
        }
    }
}
