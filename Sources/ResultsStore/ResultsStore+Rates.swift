import Foundation
import GRDB

/// How long a kind of stage takes for each unit of its work.
public struct MeasuredRate: Sendable, Hashable {
    /// Units: seconds per unit of ``Stage/work``.
    public var secondsPerWork: Double
    /// The relative standard deviation of single stages around that rate.
    public var spread: Double
    /// Stages that were measured.
    public var count: Int
    /// The most work of a stage that was measured: what the rate says of far larger ones is a guess,
    /// since small ones use a processor less well.
    public var largestWork: Double

    public init(
        secondsPerWork: Double, spread: Double, count: Int, largestWork: Double = .infinity
    ) {
        self.secondsPerWork = secondsPerWork
        self.spread = spread
        self.count = count
        self.largestWork = largestWork
    }
}

/// One run of a sweep: what was predicted and what came.
public struct RunRecord: Sendable, Hashable {
    /// Units: seconds since 1970.
    public var started: Double
    public var workers: Int
    /// Units: seconds.
    public var seconds: Double
    public var predictedSeconds: Double?
    public var stagesRun: Int
    /// "finished", "cancelled" or "failed" (some trials did).
    public var outcome: String
    /// What is known of where its results come from, by names of the program's own; empty for runs of before.
    public var facts: [String: String]

    public init(
        started: Double, workers: Int, seconds: Double, predictedSeconds: Double?, stagesRun: Int,
        outcome: String, facts: [String: String] = [:]
    ) {
        self.started = started
        self.workers = workers
        self.seconds = seconds
        self.predictedSeconds = predictedSeconds
        self.stagesRun = stagesRun
        self.outcome = outcome
        self.facts = facts
    }
}

extension ResultsStore {
    /// The rate of each kind of stage, from the latest attempts that finished (at most 50 a kind,
    /// among the last 20,000 of all);
    /// of this build alone where one is named and has been measured. Stages that were stopped and gone on with count for
    /// nothing: what their last attempt took is not all of them.
    ///
    /// - Parameters:
    ///   - isAlike: whether a stage that another build computed is a measure of this one's: a store holds what different
    ///     programs call a probe.
    ///   - kinds: those whose rates are of processor time (`Stage/isTimedByProcessor`).
    public func measuredRates(
        build: String? = nil, builds isAlike: ((String) -> Bool)? = nil,
        timedByProcessor kinds: Set<String> = []
    ) throws -> [String: MeasuredRate] {
        try read { database in
            let alike = try isAlike.map { try Self.latestBuilds(database).filter($0) }
            // A new build starts from what the last one took.
            let all = try Self.rates(builds: alike, kinds, database)
            guard let build else { return all }
            return all.merging(try Self.rates(builds: [build], kinds, database)) { $1 }
        }
    }

    /// ``measuredRates(build:builds:timedByProcessor:)``, and what a calibration found for kinds that were not measured
    /// yet.
    public func expectedRates(
        build: String? = nil, builds isAlike: ((String) -> Bool)? = nil,
        timedByProcessor kinds: Set<String> = []
    ) throws -> [String: MeasuredRate] {
        let calibrated = try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM calibrated_rates").map { row in
                try (
                    row.decode(String.self, forColumn: "kind"),
                    MeasuredRate(
                        secondsPerWork: row.decode(forColumn: "seconds_per_work"),
                        spread: row.decode(forColumn: "spread"), count: 1)
                )
            }
        }
        return Dictionary(calibrated, uniquingKeysWith: { $1 })
            .merging(
                try measuredRates(build: build, builds: isAlike, timedByProcessor: kinds)
            ) { $1 }
    }

    /// Keeps what a calibration found, for those who ask how long a run will take before it has measured anything.
    public func keep(calibrated rates: [String: MeasuredRate]) throws {
        try write { database in
            for (kind, rate) in rates.sorted(by: { $0.key < $1.key }) {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO calibrated_rates VALUES (?, ?, ?)",
                    arguments: [kind, rate.secondsPerWork, rate.spread])
            }
        }
    }

    /// Of the attempts that rates are taken from.
    private static func latestBuilds(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT DISTINCT build FROM attempts
                WHERE id > (SELECT MAX(id) FROM attempts) - 20000 ORDER BY build
                """)
    }

    /// - Parameter builds: of all where nil.
    private static func rates(
        builds: [String]?, _ byProcessor: Set<String>, _ database: Database
    ) throws -> [String: MeasuredRate] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT kind, work, seconds FROM (
                    SELECT stages.kind, stages.work,
                        CASE WHEN kind IN (SELECT value FROM json_each(?2))
                            THEN COALESCE(processor_seconds, attempts.seconds)
                            ELSE attempts.seconds END AS seconds,
                        ROW_NUMBER() OVER (PARTITION BY stages.kind ORDER BY attempts.id DESC)
                            AS age
                    FROM attempts JOIN stages ON stages.id = attempts.stage
                    WHERE outcome IN ('finished', 'rebuilt') AND work > 0
                        AND attempts.id > (SELECT MAX(id) FROM attempts) - 20000
                        AND (?1 IS NULL
                            OR attempts.build IN (SELECT value FROM json_each(?1)))
                        AND attempts.stage NOT IN (
                            SELECT stage FROM attempts
                            WHERE outcome IN ('cancelled', 'lost')
                                AND id > (SELECT MAX(id) FROM attempts) - 20000)
                ) WHERE age <= 50 ORDER BY kind, age
                """, arguments: [try builds.map(encodeJSON), try encodeJSON(byProcessor.sorted())])
        var measured: [String: [(work: Double, seconds: Double)]] = [:]
        while let row = try rows.next() {
            measured[row[0], default: []].append((row[1], row[2]))
        }
        return measured.mapValues { stages in
            let work = stages.map(\.work).reduce(0, +)
            let rate = stages.map(\.seconds).reduce(0, +) / work
            let deviations = stages.map { pow($0.seconds / $0.work / max(rate, 1e-300) - 1, 2) }
            let variance = deviations.reduce(0, +) / Double(max(1, stages.count - 1))
            return MeasuredRate(
                secondsPerWork: rate, spread: variance.squareRoot(), count: stages.count,
                largestWork: stages.map(\.work).max() ?? 0)
        }
    }

    /// What runs have measured so far of each kind of stage, by the clock: what this machine gives them now. Their processes
    /// are looked for outside the transaction.
    package func rates(ofRuns owners: Set<OwnerNumber>) throws -> [String: MeasuredRate] {
        guard !owners.isEmpty else { return [:] }
        return try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT kind, SUM(work), SUM(attempts.seconds), COUNT(*), MAX(work)
                    FROM attempts JOIN stages ON stages.id = attempts.stage
                    WHERE outcome IN ('finished', 'rebuilt') AND work > 0
                        AND owner IN (SELECT value FROM json_each(?))
                        AND attempts.id > (SELECT MAX(id) FROM attempts) - 20000
                    GROUP BY kind
                    """, arguments: [try Self.encodeJSON(owners.sorted())])
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (
                        row[0] as String,
                        MeasuredRate(
                            secondsPerWork: (row[2] as Double) / (row[1] as Double), spread: 0.1,
                            count: row[3], largestWork: row[4])
                    )
                })
        }
    }

    /// Keeps how a run of a sweep went.
    public func record(_ run: RunRecord, of sweep: String) throws {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO runs (sweep, started, workers, seconds, predicted_seconds,
                        stages_run, outcome, facts)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sweep, run.started, run.workers, run.seconds, run.predictedSeconds,
                    run.stagesRun, run.outcome, try Self.encodeJSON(run.facts),
                ])
        }
    }

    /// The runs of a sweep that computed anything, oldest first.
    public func runs(of sweep: String) throws -> [RunRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM runs WHERE sweep = ? ORDER BY id",
                arguments: [sweep])
            return try rows.map { row in
                RunRecord(
                    started: try row.decode(forColumn: "started"),
                    workers: try row.decode(forColumn: "workers"),
                    seconds: try row.decode(forColumn: "seconds"),
                    predictedSeconds: try row.decode(forColumn: "predicted_seconds"),
                    stagesRun: try row.decode(forColumn: "stages_run"),
                    outcome: try row.decode(forColumn: "outcome"),
                    facts: try row.decode(String?.self, forColumn: "facts").map {
                        try Self.decodeJSON([String: String].self, $0)
                    } ?? [:])
            }
        }
    }
}
