import Foundation
import GRDB
import Synchronization

/// The runs of this very process that are under way: the process of one that broke off (the disk
/// was full) may live on, but the run is dead.
private let runsUnderWay = Mutex<Set<String>>([])

extension ResultsStore {
    /// Enters this run among the owners of claims.
    ///
    /// - Parameters:
    ///   - threads: that it may keep busy at once.
    ///   - sweep: all of whose trials it works on, if it does.
    package func registerOwner(
        _ process: ProcessIdentity = .current, threads: Int? = nil, sweep: String? = nil
    ) throws -> OwnerNumber {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO owners (pid, boot, process_start, namespace, threads, sweep)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    process.pid, process.boot, process.processStart, process.namespace, threads,
                    try sweep.map { try sweepNumber($0, database) },
                ])
            let owner = database.lastInsertedRowID
            if process == .current { runsUnderWay.withLock { _ = $0.insert(name(of: owner)) } }
            return owner
        }
    }

    /// Owners are numbered in each database anew.
    private func name(of owner: OwnerNumber) -> String {
        if path == ":memory:" { return "\(ObjectIdentifier(self)) \(owner)" }
        return "\(URL(filePath: path).resolvingSymlinksInPath().path) \(owner)"
    }

    /// Ends a run: whatever it still holds is free for others.
    package func removeOwner(_ owner: OwnerNumber) throws {
        runsUnderWay.withLock { _ = $0.remove(name(of: owner)) }
        try write { _ = try Self.free(owner, $0) }
    }

    /// Frees what dead processes held, and returns the number of freed stages.
    ///
    /// `isAlive` decides about an owner; processes are asked for outside the transaction, so that
    /// no writer waits for it.
    @discardableResult
    package func takeOverFromDead(
        by owner: OwnerNumber, isAlive: (ProcessIdentity) -> Bool = \.isAlive
    ) throws -> Int {
        // A claim may have an owner that has signed off (its last transaction came too late): such
        // an owner counts as a process of another boot.
        let others = try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, pid, boot, process_start, namespace FROM owners WHERE id <> ?1
                    UNION
                    SELECT owner, 0, '-', '', '' FROM claims
                    WHERE owner <> ?1 AND owner NOT IN (SELECT id FROM owners)
                    """, arguments: [owner])
        }
        let dead = others.filter { row in
            let process = ProcessIdentity(
                pid: row["pid"], boot: row["boot"], processStart: row["process_start"],
                namespace: row["namespace"])
            if process == .current {
                return runsUnderWay.withLock { !$0.contains(name(of: row["id"])) }
            }
            return !isAlive(process)
        }
        if dead.isEmpty { return 0 }
        return try write { database in
            var freed = 0
            for row in dead { freed += try Self.free(row["id"], database) }
            return freed
        }
    }

    /// A stage whose process died has an attempt that says so: other runs read it as a change.
    private static func free(_ owner: OwnerNumber, _ database: Database) throws -> Int {
        try database.execute(
            sql: """
                INSERT INTO attempts (stage, attempt, outcome, reason, started, seconds,
                    peak_memory, build, worker, owner)
                SELECT claims.stage, attempt, 'lost', 'the process ended', 0,
                    COALESCE(progress.seconds, 0), 0, '', worker, ?
                FROM claims LEFT JOIN progress ON progress.stage = claims.stage
                WHERE owner = ? ORDER BY claims.stage
                """, arguments: [owner, owner])
        try database.execute(
            sql: """
                DELETE FROM progress WHERE stage IN (SELECT stage FROM claims WHERE owner = ?)
                """, arguments: [owner])
        try database.execute(sql: "DELETE FROM claims WHERE owner = ?", arguments: [owner])
        let freed = database.changesCount
        try database.execute(sql: "DELETE FROM owners WHERE id = ?", arguments: [owner])
        return freed
    }
}
