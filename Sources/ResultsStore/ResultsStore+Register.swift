import Digests
public import Foundation
import GRDB

extension ResultsStore {
    /// What ``ResultsStore/register(_:takesView:at:)`` found and did.
    public struct RegistrationSummary: Sendable, Hashable {
        /// The plan's name and number, whatever is in view.
        public var sweep: SweepReference
        /// False when the store had exactly this already, and in view.
        public var isChanged: Bool
        /// False when this plan had been registered before, with whatever description.
        public var isNewPlan: Bool
        /// The plan that was in view until now; nil where that is this one, or there was none.
        public var earlier: SweepReference?
        /// Stages that no sweep had named before.
        public var newStages: Int
    }

    /// Writes a sweep, its rows, trials and stages, and puts it in view: from now on the name alone
    /// stands for this plan. Another plan of that name stays as it is, as a revision with a number.
    ///
    /// The same plan again keeps its number, also where its description, labels or order of rows have
    /// changed: those are written anew. Results are kept in any case, and a trial whose stages are all
    /// finished counts as finished at once.
    ///
    /// - Parameters:
    ///   - takesView: false writes the plan's description anew, and leaves the view as it is.
    ///   - time: kept with a new plan.
    /// - Throws: ``StoreError`` for a stage that is named but not listed, or listed twice.
    @discardableResult
    public func register(
        _ sweep: SweepRegistration, takesView: Bool = true, at time: Date = Date()
    ) throws -> RegistrationSummary {
        let plan = sweep.planDigest()
        let fingerprint = sweep.fingerprint().description
        let known = try read { try Self.known(sweep.name, plan, $0) }
        if let known, known.fingerprint == fingerprint, known.isInView || !takesView,
            !sweep.isOpen || known.isOpen
        {
            return RegistrationSummary(
                sweep: known.reference, isChanged: false, isNewPlan: false, newStages: 0)
        }
        try checkName(sweep.name)
        try sweep.validate()
        return try write { database in
            // Another process may have registered it, or another plan, since.
            let rows = try Self.sweepRows(ofName: sweep.name, database)
            let inView = rows.first { $0.revision.isInView }?.revision.reference
            let known = try Self.known(sweep.name, plan, database)
            let next = SweepReference(
                sweep.name, revision: try Self.nextRevision(sweep.name, database))
            var summary = RegistrationSummary(
                sweep: known?.reference ?? next, isChanged: true,
                isNewPlan: known == nil, newStages: 0)
            var number = known?.number
            if known?.fingerprint != fingerprint || sweep.isOpen && known?.isOpen == false {
                let looks = try Self.looks(of: sweep, known: number, database)
                let identifiers = try Self.insertStages(sweep.stages, database)
                summary.newStages = identifiers.new
                number = try Self.write(
                    sweep, plan, fingerprint, over: number, as: summary.sweep, at: time, database)
                try Self.insertTrials(sweep, number, identifiers.all, looks, database)
                try Self.count(summary.sweep, database)
                try Self.rebuildView(database)
            }
            if let number, takesView || inView == nil {
                try Self.show(number, name: sweep.name, database)
                if inView != summary.sweep { summary.earlier = inView }
            }
            return summary
        }
    }

    private struct KnownPlan {
        var number: Int64
        var reference: SweepReference
        var fingerprint: String
        var isInView: Bool
        var isOpen: Bool
    }

    private static func known(
        _ name: String, _ plan: Digest, _ database: Database
    ) throws -> KnownPlan? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT sweep, named_sweeps.revision, fingerprint, in_view FROM named_sweeps
                JOIN sweeps ON sweeps.id = named_sweeps.sweep
                WHERE base = ? AND named_sweeps.plan = ?
                """, arguments: [name, plan.description]
        ).map { row in
            KnownPlan(
                number: row[0], reference: SweepReference(name, revision: row[1]),
                fingerprint: row[2], isInView: row[3], isOpen: try isOpen(row[0], database))
        }
    }

    /// Numbers of revisions that were deleted are not given again.
    static func nextRevision(_ name: String, _ database: Database) throws -> Int {
        1
            + (try Int.fetchOne(
                database, sql: "SELECT revisions FROM sweep_names WHERE name = ?",
                arguments: [name]) ?? 0)
    }

    private static func insertStages(
        _ stages: [Stage], _ database: Database
    ) throws -> (all: [Digest: Int64], new: Int) {
        var identifiers = try self.identifiers(of: stages, database)
        var next = try Int64.fetchOne(database, sql: "SELECT COALESCE(MAX(id), 0) FROM stages") ?? 0
        var new: [Int] = []
        for (index, stage) in stages.enumerated() where identifiers[stage.id] == nil {
            next += 1
            identifiers[stage.id] = next
            new.append(index)
        }
        var insertion = BulkInsertion(
            "stages (id, digest, kind, title, payload, work, memory, produces_artifact)",
            columns: 8, database)
        var edges = BulkInsertion("stage_dependencies (stage, dependency)", columns: 2, database)
        for index in new {
            let stage = stages[index]
            let number = identifiers[stage.id]
            try insertion.append(
                number, stage.id.text, stage.kind, stage.title, stage.payload, stage.work,
                stage.memoryBytes, stage.producesArtifact)
            for dependency in Set(stage.dependencies).sorted() {
                try edges.append(number, identifiers[dependency])
            }
        }
        try insertion.flush()
        try edges.flush()
        return (identifiers, new.count)
    }

    /// A sweep's row of its own, new or in place of an earlier description of the same plan.
    private static func write(
        _ sweep: SweepRegistration, _ plan: Digest, _ fingerprint: String, over known: Int64?,
        as reference: SweepReference, at time: Date, _ database: Database
    ) throws -> Int64 {
        let texts: [(any DatabaseValueConvertible)?] = [
            sweep.sourceText, fingerprint, try encodeJSON(sweep.facts),
            try encodeJSON(sweep.parameters),
            sweep.modelFiles.isEmpty ? nil : try encodeJSON(sweep.modelFiles),
        ]
        if let known {
            try database.execute(
                sql: """
                    UPDATE sweeps SET source = ?, fingerprint = ?, facts = ?, parameters = ?,
                        model_files = ?
                    WHERE id = ?
                    """, arguments: StatementArguments(texts + [known]))
            try deleteTrials(ofSweep: known, database)
            return known
        }
        try database.execute(
            sql: """
                INSERT INTO sweeps (source, fingerprint, facts, parameters, model_files, name,
                    revision, plan, registered)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: StatementArguments(
                texts + [
                    sweep.name, reference.revision, plan.description, time.timeIntervalSince1970,
                ]))
        return database.lastInsertedRowID
    }

    private static func insertTrials(
        _ sweep: SweepRegistration, _ number: Int64?, _ identifiers: [Digest: Int64],
        _ looks: [Int: RowLooks], _ database: Database
    ) throws {
        var rows = BulkInsertion(
            "rows (sweep, position, label, settings, varied, is_baseline, baseline, looks)",
            columns: 8, database)
        // Most rows of a plan have the same.
        var texts: [RowLooks: String] = [:]
        for row in sweep.rows {
            let own = looks[row.index] ?? RowLooks()
            let text = try texts[own] ?? encodeJSON(own)
            texts[own] = text
            try rows.append(
                number, row.index, row.label, row.settings, row.varied, row.isBaseline,
                row.baseline, text)
        }
        try rows.flush()
        var trials = BulkInsertion(
            "trials (id, sweep, position, row, seed, digest)", columns: 6, database)
        var links = BulkInsertion("trial_stages", columns: 3, database)
        var next = try Int64.fetchOne(database, sql: "SELECT COALESCE(MAX(id), 0) FROM trials") ?? 0
        for (position, trial) in sweep.trials.enumerated() {
            next += 1
            try trials.append(
                next, number, position, trial.row, trial.seed, trial.id.text)
            for (place, stage) in trial.stages.enumerated() {
                try links.append(next, place, identifiers[stage])
            }
        }
        try trials.flush()
        try links.flush()
    }

    static func deleteTrials(ofSweep number: Int64?, _ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM trial_stages
                WHERE trial IN (SELECT id FROM trials WHERE sweep = ?)
                """, arguments: [number])
        try database.execute(sql: "DELETE FROM trials WHERE sweep = ?", arguments: [number])
        try database.execute(sql: "DELETE FROM rows WHERE sweep = ?", arguments: [number])
    }
}

extension SweepRegistration {
    /// Throws: ``StoreError`` for a stage or row that is named but not listed, or listed twice.
    func validate() throws {
        var known: Set<Digest> = []
        known.reserveCapacity(stages.count)
        for stage in stages where !known.insert(stage.id).inserted {
            throw StoreError.duplicate("stage", value: stage.id.description)
        }
        var positions: Set<Int> = []
        for row in rows where !positions.insert(row.index).inserted {
            throw StoreError.duplicate("row", value: "\(row.index)")
        }
        for row in rows {
            if let baseline = row.baseline, !positions.contains(baseline) {
                throw StoreError.unregistered("row \(baseline)", namedBy: "row '\(row.label)'")
            }
        }
        for stage in stages {
            for dependency in stage.dependencies where !known.contains(dependency) {
                throw StoreError.unregistered(
                    "stage \(dependency)", namedBy: "stage '\(stage.title)'")
            }
        }
        for trial in trials {
            for stage in trial.stages where !known.contains(stage) {
                throw StoreError.unregistered("stage \(stage)", namedBy: "trial \(trial.id)")
            }
            if !positions.contains(trial.row) {
                throw StoreError.unregistered("row \(trial.row)", namedBy: "trial \(trial.id)")
            }
        }
    }
}
