import GRDB

extension ResultsStore {
    /// "ablt": tells our databases from those of other programs.
    static let applicationID = 0x6162_6C74

    /// Checks, upgrades and completes a database that is open for writing.
    static func prepare(_ queue: DatabaseQueue, path: String) throws {
        let isNew = try queue.read { try checkIdentity($0, path: path, mustExist: false) }
        // Only now: a file that is not ours must not change by a byte.
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            if isNew {
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            }
        }
        if try !queue.read(migrator.hasCompletedMigrations) { try migrator.migrate(queue) }
    }

    /// A database that is open for reading, its schema up to date: an older one is copied to memory
    /// and brought up to date there, so that the file stays as it is.
    static func current(_ queue: DatabaseQueue, path: String) throws -> DatabaseQueue {
        try queue.read { _ = try checkIdentity($0, path: path, mustExist: true) }
        if try queue.read(migrator.hasCompletedMigrations) { return queue }
        let copy = try DatabaseQueue()
        try queue.backup(to: copy)
        try queue.close()
        try migrator.migrate(copy)
        return copy
    }

    /// True for an empty file.
    ///
    /// Throws: ``StoreError`` for a database of another program or of a newer version, and for an
    /// empty one where it `mustExist`.
    static func checkIdentity(
        _ database: Database, path: String, mustExist: Bool
    ) throws -> Bool {
        let identity = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        if identity != applicationID, identity != 0 || tables > 0 {
            throw StoreError.otherProgram(path: path)
        }
        if tables == 0 {
            if mustExist { throw StoreError.missing(path: path) }
            return identity == 0
        }
        if try migrator.hasBeenSuperseded(database) { throw StoreError.newerSchema(path: path) }
        return false
    }

    /// Every schema that was ever released, oldest first. Released steps are never edited.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: schema1)
        }
        migrator.registerMigration("2", foreignKeyChecks: .immediate) { database in
            // Databases of the first days lack what schema 1 was given before its release.
            try database.execute(sql: completion1)
            try database.execute(sql: "ALTER TABLE rows ADD COLUMN baseline INTEGER")
        }
        migrator.registerMigration("3", foreignKeyChecks: .immediate) { database in
            try addRevisions(database)
            try rebuildView(database)
        }
        migrator.registerMigration("4", foreignKeyChecks: .immediate) { database in
            // What is there already has none, and is read as it is.
            for column in ContentDigests.columns {
                try database.execute(sql: "ALTER TABLE stages ADD COLUMN \(column) TEXT")
            }
        }
        migrator.registerMigration("5", foreignKeyChecks: .immediate) { database in
            try addLooks(database)
        }
        migrator.registerMigration("6", foreignKeyChecks: .immediate) { database in
            try addProvenance(database)
        }
        migrator.registerMigration("7", foreignKeyChecks: .immediate) { database in
            try addTimeLeft(database)
        }
        migrator.registerMigration("8", foreignKeyChecks: .immediate) { database in
            try lookAtFigures(database)
        }
        return migrator
    }

    /// `stages.status`: 0 not finished, 1 finished, 2 failed. Trials and sweeps have no status of
    /// their own: it follows from their stages, so the two can never disagree.
    private static let schema1 = """
        CREATE TABLE sweeps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            facts TEXT NOT NULL,
            parameters TEXT NOT NULL
        );
        CREATE TABLE rows (
            sweep INTEGER NOT NULL,
            position INTEGER NOT NULL,
            label TEXT NOT NULL,
            settings TEXT NOT NULL,
            varied TEXT NOT NULL,
            is_baseline INTEGER NOT NULL,
            PRIMARY KEY (sweep, position)
        ) WITHOUT ROWID;
        CREATE TABLE trials (
            id INTEGER PRIMARY KEY,
            sweep INTEGER NOT NULL,
            position INTEGER NOT NULL,
            row INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            digest TEXT NOT NULL
        );
        CREATE INDEX trials_by_sweep ON trials (sweep, position);
        CREATE TABLE trial_stages (
            trial INTEGER NOT NULL,
            position INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            PRIMARY KEY (trial, position)
        ) WITHOUT ROWID;
        CREATE TABLE stages (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            payload TEXT NOT NULL,
            work REAL NOT NULL,
            memory INTEGER NOT NULL,
            produces_artifact INTEGER NOT NULL,
            status INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            seconds REAL,
            peak_memory INTEGER,
            build TEXT
        );
        CREATE INDEX stages_failed ON stages (id) WHERE status = 2;
        CREATE TABLE stage_dependencies (
            stage INTEGER NOT NULL,
            dependency INTEGER NOT NULL,
            PRIMARY KEY (stage, dependency)
        ) WITHOUT ROWID;
        CREATE INDEX stage_dependents ON stage_dependencies (dependency, stage);
        CREATE TABLE metrics (
            stage INTEGER NOT NULL,
            name TEXT NOT NULL,
            value REAL,
            PRIMARY KEY (stage, name)
        ) WITHOUT ROWID;
        CREATE TABLE metric_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE curves (
            stage INTEGER NOT NULL,
            name TEXT NOT NULL,
            step INTEGER NOT NULL,
            value REAL,
            PRIMARY KEY (stage, name, step)
        ) WITHOUT ROWID;
        CREATE TABLE details (
            stage INTEGER NOT NULL,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (stage, name)
        ) WITHOUT ROWID;
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            stage INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT,
            started REAL NOT NULL,
            seconds REAL NOT NULL,
            peak_memory INTEGER NOT NULL,
            build TEXT NOT NULL,
            worker INTEGER NOT NULL,
            owner INTEGER NOT NULL
        );
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            sweep TEXT NOT NULL,
            started REAL NOT NULL,
            workers INTEGER NOT NULL,
            seconds REAL NOT NULL,
            predicted_seconds REAL,
            stages_run INTEGER NOT NULL,
            outcome TEXT NOT NULL
        );
        CREATE TABLE owners (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            pid INTEGER NOT NULL,
            boot TEXT NOT NULL,
            process_start TEXT NOT NULL,
            namespace TEXT NOT NULL
        );
        CREATE TABLE claims (
            stage INTEGER PRIMARY KEY,
            owner INTEGER NOT NULL,
            worker INTEGER NOT NULL,
            attempt INTEGER NOT NULL
        );
        CREATE TABLE progress (
            stage INTEGER PRIMARY KEY,
            step INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            detail TEXT NOT NULL,
            rate REAL,
            seconds REAL NOT NULL
        );
        CREATE TABLE logs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            stage INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            text TEXT NOT NULL
        );
        CREATE INDEX logs_by_stage ON logs (stage);

        CREATE VIEW blocked_stages AS
            WITH RECURSIVE blocked (stage, cause) AS (
                SELECT edge.stage, failed.id
                FROM stages AS failed
                JOIN stage_dependencies AS edge ON edge.dependency = failed.id
                WHERE failed.status = 2
                UNION
                SELECT edge.stage, blocked.cause
                FROM blocked JOIN stage_dependencies AS edge ON edge.dependency = blocked.stage
            )
            SELECT blocked.stage AS stage, MIN(blocked.cause) AS cause
            FROM blocked JOIN stages ON stages.id = blocked.stage
            WHERE stages.status = 0 GROUP BY blocked.stage;

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
        """

    private static let completion1 = """
        CREATE TABLE IF NOT EXISTS runs (
            id INTEGER PRIMARY KEY,
            sweep TEXT NOT NULL,
            started REAL NOT NULL,
            workers INTEGER NOT NULL,
            seconds REAL NOT NULL,
            predicted_seconds REAL,
            stages_run INTEGER NOT NULL,
            outcome TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS stage_dependents ON stage_dependencies (dependency, stage);
        """
}
