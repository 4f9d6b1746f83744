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
    /// What ``deleteSweep(_:)`` would remove.
    public struct Deletion: Sendable, Hashable {
        public var revisions: [SweepRevision]
        public var counts: StatusCounts
    }

    /// Throws: ``StoreError/unknownSweep(name:known:)``, ``StoreError/unknownRevision(_:sweep:known:)``.
    public func deletion(of text: String) throws -> Deletion {
        try read { database in
            let rows = try doomed(text, database)
            var counts: [TrialStatus: Int] = [:]
            for row in rows {
                counts.merge(try Self.counts(row.number, database), uniquingKeysWith: +)
            }
            return Deletion(
                revisions: rows.map(\.revision), counts: StatusCounts(counts: counts))
        }
    }

    /// Removes a sweep with all its revisions, or the one revision that is named, its trials, and the
    /// stages that no other sweep needs, with their results. Where the plan in view goes, the latest
    /// that is left takes its place.
    ///
    /// Throws: ``StoreError/inUse(sweep:pid:)`` while a living process works on one of its stages.
    public func deleteSweep(_ text: String) throws -> DeletionSummary {
        let summary = try write { database in
            let doomed = try doomed(text, database)
            var trials = 0
            for row in doomed {
                try Self.checkUnused(row.revision.name, row.number, database)
                trials +=
                    try Int.fetchOne(
                        database, sql: "SELECT COUNT(*) FROM trials WHERE sweep = ?",
                        arguments: [row.number]) ?? 0
                try Self.deleteTrials(ofSweep: row.number, database)
                try database.execute(
                    sql: "DELETE FROM sweeps WHERE id = ?", arguments: [row.number])
            }
            if let name = doomed.first?.revision.reference.name {
                try Self.showLatest(name, database)
            }
            return DeletionSummary(trials: trials, stages: try Self.deleteOrphans(database))
        }
        metricNames.withLock { $0.known.removeAll() }
        return summary
    }

    /// What a deletion removes. A name that nothing may be written under can be deleted.
    private func doomed(_ text: String, _ database: Database) throws -> [SweepRow] {
        let all = try Self.sweepRows(ofName: text, database)
        return all.isEmpty ? [try sweepRow(text, database)] : all
    }

    /// After a deletion: the view stays where it is unless that plan is gone.
    private static func showLatest(_ name: String, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE sweep_names SET in_view = (
                    SELECT id FROM sweeps WHERE sweeps.name = sweep_names.name
                    ORDER BY revision DESC LIMIT 1
                )
                WHERE name = ?1 AND in_view NOT IN (SELECT id FROM sweeps)
                    AND EXISTS (SELECT 1 FROM sweeps WHERE name = ?1)
                """, arguments: [name])
        try database.execute(
            sql: """
                DELETE FROM sweep_names WHERE name = ?1
                    AND NOT EXISTS (SELECT 1 FROM sweeps WHERE name = ?1)
                """, arguments: [name])
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
            let numbers = try sweeps?.map { try sweepNumber($0, database) }
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
        // The last attempt's number must not be given again: other runs find changes by it.
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
