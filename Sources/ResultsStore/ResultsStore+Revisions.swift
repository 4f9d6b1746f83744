import Digests
import GRDB
import Sweeps

extension ResultsStore {
    /// A sweep's row in the database.
    struct SweepRow {
        var number: Int64
        var revision: SweepRevision

        /// Whether it was registered before another plan: by the clocks of the machines where they were, since
        /// numbers are of the order in which stores were merged.
        func precedes(_ other: SweepRow) -> Bool {
            if let own = revision.registered, let others = other.revision.registered, own != others
            {
                return own < others
            }
            return number < other.number
        }
    }

    /// The plans that were registered under a name, the first one first.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func revisions(of name: String) throws -> [SweepRevision] {
        try read { database in
            _ = try sweepRow(name, database)
            return try Self.sweepRows(ofName: name, database).map(\.revision)
        }
    }

    /// Every revision of every sweep, as it can be asked for, the plans in view first.
    public func allSweeps() throws -> [String] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT name, base FROM named_sweeps ORDER BY NOT in_view, sweep"
            ).map { row in
                try checkName(row[1])
                return row[0]
            }
        }
    }

    /// How many trials of one plan are trials of another as well: the same seed and the same stages,
    /// so that whatever either has computed counts for both.
    public func commonTrials(of first: String, _ second: String) throws -> Int {
        try read { database in
            func trials(_ text: String) throws -> [String] {
                try String.fetchAll(
                    database,
                    sql: """
                        SELECT seed || ' ' || COALESCE((
                            SELECT group_concat(stage) FROM (
                                SELECT stage FROM trial_stages WHERE trial = trials.id
                                ORDER BY stage
                            )
                        ), '') FROM trials WHERE sweep = ?
                        """, arguments: [sweepNumber(text, database)])
            }
            let others = Set(try trials(second))
            return try trials(first).count { others.contains($0) }
        }
    }

    // MARK: Parts

    /// What a reference stands for.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``, ``StoreError/unknownRevision(_:sweep:known:)``,
    /// and ``StoreError/unusableName(_:path:)`` for a name that nothing may be written under.
    func sweepRow(_ text: String, _ database: Database) throws -> SweepRow {
        let reference = SweepReference(parsing: text)
        let rows = try Self.sweepRows(ofName: reference.name, database)
        let found = rows.first { row in
            reference.revision.map { $0 == row.revision.reference.revision }
                ?? row.revision.isInView
        }
        if let found {
            try checkName(reference.name)
            return found
        }
        // 'quickstart@two' is a wrong revision rather than a wrong name.
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let known = try Self.sweepRows(ofName: String(parts[0]), database)
        if parts.count == 2, !known.isEmpty {
            throw StoreError.unknownRevision(
                String(parts[1]), sweep: String(parts[0]),
                known: known.compactMap(\.revision.reference.revision))
        }
        throw StoreError.unknownSweep(
            name: text,
            known: try String.fetchAll(
                database,
                sql: "SELECT name FROM sweeps GROUP BY name ORDER BY MIN(id)"))
    }

    func sweepNumber(_ text: String, _ database: Database) throws -> Int64 {
        try sweepRow(text, database).number
    }

    static func sweepRows(ofName name: String, _ database: Database) throws -> [SweepRow] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT sweep, base, revision, in_view, plan, registered FROM named_sweeps
                WHERE base = ? ORDER BY revision
                """, arguments: [name]
        ).map { row in
            SweepRow(
                number: row[0],
                revision: SweepRevision(
                    reference: SweepReference(row[1], revision: row[2]), isInView: row[3],
                    plan: Digest(row[4] as String) ?? Digest(high: 0, low: 0), registered: row[5]))
        }
    }

    /// Throws: ``StoreError/unusableName(_:path:)``.
    func checkName(_ name: String) throws {
        guard SweepNameRule.isHarmless(name) else {
            throw StoreError.unusableName(name, path: path)
        }
    }

    /// Keeps a revision's number from being given again; the first one of a name is in view.
    static func count(_ reference: SweepReference, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO sweep_names (name, in_view, revisions)
                SELECT name, id, revision FROM sweeps WHERE name = ?1 AND revision = ?2
                ON CONFLICT (name) DO UPDATE SET revisions = MAX(revisions, excluded.revisions)
                """, arguments: [reference.name, reference.revision])
    }

    /// Puts a plan in view; its name stands for it from now on.
    static func show(_ number: Int64, name: String, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE sweep_names SET in_view = ? WHERE name = ?", arguments: [number, name])
    }
}
