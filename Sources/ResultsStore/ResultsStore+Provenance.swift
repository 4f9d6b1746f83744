import GRDB

/// What the results of a sweep have had of processors. Units: seconds.
public struct ProcessorCosts: Sendable, Hashable {
    /// Of the attempts that gave the results, each stage once.
    public var results: Double
    /// Of all attempts at these stages: also those that failed, were stopped, or were computed again.
    public var spent: Double
    /// As ``results``, of the stages of a row, by its label: what rows share counts in each.
    public var rows: [String: Double]
    /// False where some attempts are older than this measurement: those count with their time by the clock.
    public var isMeasured: Bool
}

extension ResultsStore {
    /// Schema 6: what an attempt had of processors, NULL where that is not known; what a run says of itself, as JSON;
    /// the digest of the figures that a stage had before they were given up; where files for people lie; how
    /// many threads a run may keep busy; rates of kinds that no run has measured yet.
    static func addProvenance(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE attempts ADD COLUMN processor_seconds REAL;
                ALTER TABLE runs ADD COLUMN facts TEXT;
                ALTER TABLE stages ADD COLUMN given_up TEXT;
                ALTER TABLE sweeps ADD COLUMN model_files TEXT;
                ALTER TABLE owners ADD COLUMN threads INTEGER;
                CREATE TABLE calibrated_rates (
                    kind TEXT PRIMARY KEY, seconds_per_work REAL NOT NULL, spread REAL NOT NULL
                ) WITHOUT ROWID;
                """)
        try rebuildView(database)
    }

    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func processorCosts(of sweep: String) throws -> ProcessorCosts {
        try read { database in
            let number = try sweepNumber(sweep, database)
            var costs = ProcessorCosts(results: 0, spent: 0, rows: [:], isMeasured: true)
            let stages = try Row.fetchCursor(
                database,
                sql: """
                    SELECT rows.label, needed.stage, last.processor_seconds,
                        COALESCE(last.seconds, stages.seconds)
                    FROM (
                        SELECT DISTINCT trials.row, trial_stages.stage FROM trials
                        JOIN trial_stages ON trial_stages.trial = trials.id WHERE sweep = ?1
                    ) AS needed
                    JOIN rows ON rows.sweep = ?1 AND rows.position = needed.row
                    JOIN stages ON stages.id = needed.stage AND stages.status = 1
                    LEFT JOIN (
                        SELECT stage, MAX(id) AS id FROM attempts WHERE outcome = 'finished'
                        GROUP BY stage
                    ) AS tries ON tries.stage = stages.id
                    LEFT JOIN attempts AS last ON last.id = tries.id
                    """, arguments: [number])
            var seen: Set<Int64> = []
            while let stage = try stages.next() {
                let (row, id) = try (
                    stage.strict(0, as: String.self), stage.strict(1, as: Int64.self)
                )
                let measured = try stage.strictIfAny(2, as: Double.self)
                let seconds = try measured ?? stage.strictIfAny(3) ?? 0
                if measured == nil { costs.isMeasured = false }
                costs.rows[row, default: 0] += seconds
                if seen.insert(id).inserted { costs.results += seconds }
            }
            costs.spent = max(
                costs.results,
                try Double.fetchOne(
                    database,
                    sql: """
                        SELECT SUM(COALESCE(processor_seconds, seconds)) FROM attempts
                        WHERE stage IN (
                            SELECT trial_stages.stage FROM trials
                            JOIN trial_stages ON trial_stages.trial = trials.id WHERE sweep = ?)
                        """, arguments: [number]) ?? 0)
            return costs
        }
    }
}
