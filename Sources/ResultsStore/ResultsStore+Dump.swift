import GRDB

/// `trial_results` as texts, in the order of the plan.
public struct FlatResults: Sendable, Hashable {
    public var columns: [String]
    /// nil where a trial has no value.
    public var rows: [[String?]]
}

extension ResultsStore {
    /// The flat view of a sweep: a row a trial, a column for every varied parameter and metric. The
    /// costs are left out, since they differ from run to run.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func flatResults(of sweep: String) throws -> FlatResults {
        try read { database in
            let sweep = try sweepRow(sweep, database).revision.name
            let statement = try database.makeStatement(
                sql: "SELECT * FROM trial_results WHERE sweep = ? ORDER BY trial")
            let rows = try Row.fetchAll(statement, arguments: [sweep])
            let kept = statement.columnNames.indices.filter {
                !Self.costColumns.contains(statement.columnNames[$0])
            }
            return FlatResults(
                columns: kept.map { statement.columnNames[$0] },
                rows: rows.map { row in
                    let values = Array(row.databaseValues)
                    return kept.map { Self.text(values[$0]) }
                })
        }
    }

    /// Everything that is determined by what was computed, as text in one order: two databases
    /// with the same sweeps and results have the same dump, whatever was killed and resumed on the
    /// way. Left out are times, attempts, claims, progress and logs.
    public func dump(to output: inout some TextOutputStream) throws {
        try read { database in
            for (title, sql) in Self.dumpQueries {
                output.write("# \(title)\n")
                let rows = try Row.fetchCursor(database, sql: sql)
                while let row = try rows.next() {
                    let cells = row.databaseValues.map { Self.text($0) ?? "-" }
                    output.write(cells.joined(separator: "\t") + "\n")
                }
            }
        }
    }

    private static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .null: nil
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob(let data): data.map { String($0, radix: 16) }.joined(separator: " ")
        }
    }

    private static let dumpQueries = [
        (
            "sweeps",
            """
            SELECT base, sweeps.revision, in_view, source, facts, parameters, fingerprint,
                sweeps.plan
            FROM sweeps JOIN named_sweeps ON named_sweeps.sweep = sweeps.id
            ORDER BY base, sweeps.revision
            """
        ),
        (
            "rows",
            """
            SELECT name, revision, position, label, settings, varied, is_baseline, rows.baseline,
                looks
            FROM rows JOIN sweeps ON sweeps.id = rows.sweep ORDER BY name, revision, position
            """
        ),
        (
            "trials",
            """
            SELECT name, revision, trials.position, row, seed, digest, status
            FROM trials JOIN sweeps ON sweeps.id = trials.sweep
            JOIN trial_states ON trial_states.trial = trials.id
            ORDER BY name, revision, trials.position
            """
        ),
        (
            "stages of trials",
            """
            SELECT name, revision, trials.position, trial_stages.position, stages.digest
            FROM trials JOIN sweeps ON sweeps.id = trials.sweep
            JOIN trial_stages ON trial_stages.trial = trials.id
            JOIN stages ON stages.id = trial_stages.stage
            ORDER BY name, revision, trials.position, trial_stages.position
            """
        ),
        (
            "stages",
            """
            SELECT digest, kind, title, payload, work, memory, produces_artifact, status, reason,
                build
            FROM stages ORDER BY digest
            """
        ),
        (
            "dependencies",
            """
            SELECT stages.digest, needed.digest FROM stage_dependencies
            JOIN stages ON stages.id = stage_dependencies.stage
            JOIN stages AS needed ON needed.id = stage_dependencies.dependency
            ORDER BY stages.digest, needed.digest
            """
        ),
        (
            "metrics",
            """
            SELECT digest, name, value FROM metrics JOIN stages ON stages.id = metrics.stage
            ORDER BY digest, name
            """
        ),
        (
            "curves",
            """
            SELECT digest, name, step, value FROM curves JOIN stages ON stages.id = curves.stage
            WHERE stages.status = 1 ORDER BY digest, name, step
            """
        ),
        (
            "details",
            """
            SELECT digest, name, text FROM details JOIN stages ON stages.id = details.stage
            ORDER BY digest, name
            """
        ),
    ]
}
