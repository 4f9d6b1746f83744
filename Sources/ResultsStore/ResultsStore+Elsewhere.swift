import GRDB

extension ResultsStore {
    /// The finished trials of a plan that sweeps of other names have as well: for each of these sweeps the
    /// seeds of each row, by the row's position in this plan.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func finishedElsewhere(_ sweep: String) throws -> [String: [Int: Set<Int>]] {
        try read { database in
            let own = try sweepRow(sweep, database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT sweeps.name, own.row, own.seed
                    FROM trials AS own
                    JOIN trials AS other ON other.digest = own.digest AND other.sweep <> own.sweep
                    JOIN sweeps ON sweeps.id = other.sweep AND sweeps.name <> ?
                    WHERE own.sweep = ? AND NOT EXISTS (
                        SELECT 1 FROM trial_stages
                        JOIN stages ON stages.id = trial_stages.stage
                        WHERE trial_stages.trial = own.id AND \(Self.presentStatus) <> 1)
                    """, arguments: [own.revision.reference.name, own.number])
            var found: [String: [Int: Set<Int>]] = [:]
            for row in rows {
                let (name, position, seed) = try (
                    row.strict(0, as: String.self), row.strict(1, as: Int.self),
                    row.strict(2, as: Int.self)
                )
                found[name, default: [:]][position, default: []].insert(seed)
            }
            return found
        }
    }
}
