import Digests
import GRDB

extension ResultsStore {
    /// Schema 3: several plans under one name. Those that are there become first revisions.
    static func addRevisions(_ database: Database) throws {
        try database.execute(sql: revisionTables)
        for number in try Int64.fetchAll(database, sql: "SELECT id FROM sweeps") {
            try database.execute(
                sql: "UPDATE sweeps SET plan = ? WHERE id = ?",
                arguments: [planDigest(ofSweep: number, database).description, number])
        }
        try database.execute(sql: "CREATE UNIQUE INDEX sweeps_by_plan ON sweeps (name, plan)")
    }

    /// What ``SweepRegistration/planDigest()`` gives for a plan that is registered already.
    private static func planDigest(ofSweep number: Int64, _ database: Database) throws -> Digest {
        var plan = PlanDigest()
        let rows = try Row.fetchCursor(
            database, sql: "SELECT position, is_baseline FROM rows WHERE sweep = ?",
            arguments: [number])
        while let row = try rows.next() { plan.addRow(row[0], isBaseline: row[1]) }
        let links = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.id, trials.row, trials.seed, stages.digest FROM trials
                LEFT JOIN trial_stages ON trial_stages.trial = trials.id
                LEFT JOIN stages ON stages.id = trial_stages.stage
                WHERE trials.sweep = ? ORDER BY trials.id
                """, arguments: [number])
        var last: (trial: Int64, row: Int, seed: Int)?
        var stages: [Digest] = []
        func flush() {
            if let last { plan.addTrial(row: last.row, seed: last.seed, stages: stages) }
            stages = []
        }
        while let link = try links.next() {
            let trial: Int64 = link[0]
            if trial != last?.trial { flush() }
            last = (trial, link[1], link[2])
            if let stage = (link[3] as String?).flatMap({ Digest($0) }) { stages.append(stage) }
        }
        flush()
        return plan.finalize()
    }

    /// `sweep_names.revisions` is the highest number that was ever given: none is given twice.
    private static let revisionTables = """
        DROP VIEW IF EXISTS trial_results;
        CREATE TABLE revised_sweeps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            plan TEXT NOT NULL,
            source TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            facts TEXT NOT NULL,
            parameters TEXT NOT NULL,
            registered REAL,
            UNIQUE (name, revision)
        );
        INSERT INTO revised_sweeps (id, name, revision, plan, source, fingerprint, facts, parameters)
            SELECT id, name, 1, '', source, fingerprint, facts, parameters FROM sweeps ORDER BY id;
        DROP TABLE sweeps;
        ALTER TABLE revised_sweeps RENAME TO sweeps;
        CREATE TABLE sweep_names (
            name TEXT PRIMARY KEY,
            in_view INTEGER NOT NULL,
            revisions INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO sweep_names SELECT name, id, 1 FROM sweeps;
        CREATE VIEW named_sweeps AS
            SELECT sweeps.id AS sweep, sweeps.name AS base, sweeps.revision AS revision,
                sweep_names.in_view = sweeps.id AS in_view,
                CASE WHEN sweep_names.in_view = sweeps.id THEN sweeps.name
                    ELSE sweeps.name || '@' || sweeps.revision END AS name,
                sweeps.plan AS plan, sweeps.registered AS registered
            FROM sweeps JOIN sweep_names ON sweep_names.name = sweeps.name;
        """
}
