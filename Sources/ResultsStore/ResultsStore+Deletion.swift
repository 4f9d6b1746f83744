public import Digests
import GRDB
import Synchronization

/// What a deletion removed.
public struct DeletionSummary: Sendable, Hashable {
    public var trials: Int
    /// Stages, with their results, that no other sweep has.
    public var stages: Int

    package init(trials: Int, stages: Int) {
        self.trials = trials
        self.stages = stages
    }
}

extension ResultsStore {
    /// Removes a sweep, its trials, and the stages that no other sweep needs, with their results.
    ///
    /// Throws: ``StoreError/inUse(sweep:pid:)`` while a living process works on one of its stages.
    public func deleteSweep(_ name: String) throws -> DeletionSummary {
        let summary = try write { database in
            let number = try Self.sweepNumber(name, database)
            try Self.checkUnused(name, number, database)
            let trials =
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM trials WHERE sweep = ?",
                    arguments: [number]) ?? 0
            try Self.deleteTrials(ofSweep: number, database)
            try database.execute(sql: "DELETE FROM sweeps WHERE id = ?", arguments: [number])
            return DeletionSummary(trials: trials, stages: try Self.deleteOrphans(database))
        }
        metricNames.withLock { $0.removeAll() }
        return summary
    }

    /// The stages whose artifacts the named sweeps (all, where none is named) may still read: what
    /// is in a cache beyond these can go. `onlyUnfinished` keeps only what stages that still have
    /// to run depend on; anything else is rebuilt should a later sweep want it.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func neededArtifacts(
        of sweeps: [String]? = nil, onlyUnfinished: Bool = false
    ) throws -> Set<Digest> {
        try read { database in
            let numbers = try sweeps?.map { try Self.sweepNumber($0, database) }
            let isKept =
                numbers.map { "sweep IN (\($0.map(String.init).joined(separator: ",")))" } ?? "1"
            let start =
                onlyUnfinished
                ? """
                SELECT dependency FROM trial_stages
                JOIN trials ON trials.id = trial_stages.trial
                JOIN stages ON stages.id = trial_stages.stage AND stages.status <> 1
                JOIN stage_dependencies ON stage_dependencies.stage = stages.id
                WHERE \(isKept)
                """
                : """
                SELECT stage FROM trial_stages JOIN trials ON trials.id = trial_stages.trial
                WHERE \(isKept)
                """
            // A dependency that is not finished needs its own dependencies in turn.
            let goesOn = onlyUnfinished ? "WHERE below.status <> 1" : ""
            let digests = try String.fetchAll(
                database,
                sql: """
                    WITH RECURSIVE needed (stage) AS (
                        \(start)
                        UNION
                        SELECT edge.dependency FROM needed
                        JOIN stages AS below ON below.id = needed.stage
                        JOIN stage_dependencies AS edge ON edge.stage = below.id
                        \(goesOn)
                    )
                    SELECT digest FROM needed JOIN stages ON stages.id = needed.stage
                    WHERE produces_artifact
                    """)
            return Set(digests.compactMap { Digest($0) })
        }
    }

    private static func checkUnused(
        _ name: String, _ number: Int64, _ database: Database
    ) throws {
        let owners = try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT pid, boot, process_start, namespace FROM owners
                JOIN claims ON claims.owner = owners.id
                JOIN trial_stages ON trial_stages.stage = claims.stage
                JOIN trials ON trials.id = trial_stages.trial WHERE trials.sweep = ?
                """, arguments: [number])
        for row in owners {
            let process = ProcessIdentity(
                pid: row[0], boot: row[1], processStart: row[2], namespace: row[3])
            if process.isAlive { throw StoreError.inUse(sweep: name, pid: process.pid) }
        }
    }

    private static func deleteOrphans(_ database: Database) throws -> Int {
        try database.execute(
            sql: """
                CREATE TEMPORARY TABLE orphans AS
                WITH RECURSIVE kept (stage) AS (
                    SELECT stage FROM trial_stages
                    UNION
                    SELECT dependency FROM kept
                    JOIN stage_dependencies ON stage_dependencies.stage = kept.stage
                )
                SELECT id AS stage FROM stages WHERE id NOT IN (SELECT stage FROM kept)
                """)
        for table in [
            "metrics", "curves", "details", "claims", "progress", "logs", "stage_dependencies",
        ] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE stage IN (SELECT stage FROM orphans)")
        }
        // The last attempt's number must not be given again: other runs read their news by it.
        try database.execute(
            sql: """
                DELETE FROM attempts WHERE stage IN (SELECT stage FROM orphans)
                AND id < (SELECT MAX(id) FROM attempts)
                """)
        try database.execute(sql: "DELETE FROM stages WHERE id IN (SELECT stage FROM orphans)")
        let count = database.changesCount
        try database.execute(
            sql: """
                DROP TABLE orphans;
                DELETE FROM metric_names WHERE name NOT IN (SELECT name FROM metrics);
                """)
        try rebuildView(database)
        return count
    }
}
