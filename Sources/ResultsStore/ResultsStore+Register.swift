import Digests
import GRDB

extension ResultsStore {
    /// What ``ResultsStore/register(_:)`` found and did.
    public struct RegistrationSummary: Sendable, Hashable {
        /// False when the store had exactly this sweep already.
        public var isChanged: Bool
        /// Stages that no sweep had named before.
        public var newStages: Int

        package init(isChanged: Bool, newStages: Int) {
            self.isChanged = isChanged
            self.newStages = newStages
        }
    }

    /// Writes a sweep, its rows, trials and stages. The same sweep again changes nothing; a changed
    /// one replaces which trials belong to it. Results are kept in either case, and a trial whose
    /// stages are all finished counts as finished at once.
    ///
    /// Throws: ``StoreError`` for a stage that is named but not listed, or listed twice.
    @discardableResult
    public func register(_ sweep: SweepRegistration) throws -> RegistrationSummary {
        let fingerprint = sweep.fingerprint().description
        let known = try read {
            try String.fetchOne(
                $0, sql: "SELECT fingerprint FROM sweeps WHERE name = ?", arguments: [sweep.name])
        }
        if known == fingerprint { return RegistrationSummary(isChanged: false, newStages: 0) }
        try sweep.validate()
        return try write { database in
            let identifiers = try Self.insertStages(sweep.stages, database)
            try Self.replaceSweep(sweep, fingerprint: fingerprint, identifiers.all, database)
            try Self.rebuildView(database)
            return RegistrationSummary(isChanged: true, newStages: identifiers.new)
        }
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

    private static func replaceSweep(
        _ sweep: SweepRegistration, fingerprint: String, _ identifiers: [Digest: Int64],
        _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO sweeps (name, source, fingerprint, facts, parameters)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET source = excluded.source,
                    fingerprint = excluded.fingerprint, facts = excluded.facts,
                    parameters = excluded.parameters
                """,
            arguments: [
                sweep.name, sweep.sourceText, fingerprint, encodeJSON(sweep.facts),
                encodeJSON(sweep.parameters),
            ])
        let number = try Int64.fetchOne(
            database, sql: "SELECT id FROM sweeps WHERE name = ?", arguments: [sweep.name])
        try deleteTrials(ofSweep: number, database)
        var rows = BulkInsertion(
            "rows (sweep, position, label, settings, varied, is_baseline, baseline)", columns: 7,
            database)
        for row in sweep.rows {
            try rows.append(
                number, row.index, row.label, row.settings, row.varied, row.isBaseline,
                row.baseline)
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
