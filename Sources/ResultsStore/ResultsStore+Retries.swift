import GRDB

extension ResultsStore {
    /// Opens the fixed plans that have been looked at already, before failed stages of theirs get another chance.
    ///
    /// A fixed plan is looked at when each of its trials has finished or failed. Trials that finish after
    /// that are seen in a second look, as added seeds are: the first one had the pairs that there are now.
    /// Stages that did not fail, and plans whose other trials are still to come, change nothing.
    static func openPlans(beforeRetrying stages: [StageRow], _ database: Database) throws {
        let failed = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM stages
                WHERE status = 2 AND id IN (SELECT value FROM json_each(?))
                """, arguments: [encodeJSON(stages)])
        if failed.isEmpty { return }
        var touched: [Int64: Set<PlannedSeed>] = [:]
        let rows = try Row.fetchCursor(
            database, sql: trialsNeeding, arguments: [encodeJSON(failed)])
        while let row = try rows.next() {
            touched[row[0], default: []].insert(PlannedSeed(row: row[1], seed: row[2]))
        }
        for (sweep, seeds) in touched { try openRows(of: sweep, retrying: seeds, database) }
    }

    private struct PlannedSeed: Hashable {
        var row: Int
        var seed: Int
    }

    /// The trials that cannot finish because of stages that have failed. Of all these at once: each time, all
    /// trials are looked through.
    private static let trialsNeeding = """
        WITH RECURSIVE needing (stage) AS (
            SELECT value FROM json_each(?)
            UNION
            SELECT edge.stage FROM needing
            JOIN stage_dependencies AS edge ON edge.dependency = needing.stage
        )
        SELECT DISTINCT trials.sweep, trials.row, trials.seed FROM needing
        JOIN trial_stages ON trial_stages.stage = needing.stage
        JOIN trials ON trials.id = trial_stages.trial
        """

    private static func openRows(
        of sweep: Int64, retrying seeds: Set<PlannedSeed>, _ database: Database
    ) throws {
        let (finished, left) = try plannedSeeds(of: sweep, database)
        for row in try planRows(ofSweep: sweep, database) where !row.looks.isOpen {
            let sides = Set([row.position, row.baseline ?? row.position])
            guard seeds.contains(where: { sides.contains($0.row) }),
                !left.contains(where: { sides.contains($0.row) })
            else { continue }
            let pairs = sides.reduce(Set(row.seeds)) { $0.intersection(finished[$1] ?? []) }
            guard !pairs.isEmpty else { continue }
            var looks = row.looks
            looks.isOpen = true
            looks.firstSeeds = pairs.sorted()
            try setLooks(looks, ofRow: row.position, sweep, database)
        }
    }

    /// The seeds that each row of a plan has finished, and the trials that are still to come.
    private static func plannedSeeds(
        of sweep: Int64, _ database: Database
    ) throws -> (finished: [Int: Set<Int>], left: Set<PlannedSeed>) {
        var finished: [Int: Set<Int>] = [:]
        var left: Set<PlannedSeed> = []
        let states = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.row, trials.seed, trial_states.status FROM trials
                JOIN trial_states ON trial_states.trial = trials.id WHERE trials.sweep = ?
                """, arguments: [sweep])
        while let state = try states.next() {
            let seed = PlannedSeed(row: state[0], seed: state[1])
            switch TrialStatus(rawValue: state[2]) {
            case .finished: finished[seed.row, default: []].insert(seed.seed)
            case .pending, .running: left.insert(seed)
            default: break
            }
        }
        return (finished, left)
    }

    // MARK: Results that are given up

    /// Remembers which rows have been looked at, before finished stages of theirs are computed again.
    ///
    /// Where the same comes out, as it should, that is no second look. Where something else does, the first figures
    /// were seen and these will be: whoever may choose between them errs more often (``countRedone(_:_:)``).
    static func noteLooks(beforeGivingUp stages: [StageRow], _ database: Database) throws {
        for (sweep, rows) in try rows(having: stages, database) {
            let (finished, left) = try plannedSeeds(of: sweep, database)
            for row in try planRows(ofSweep: sweep, database) where !row.looks.isGivenUp {
                func isLookedAt(_ sides: Set<Int>) -> Bool {
                    let pairs = sides.reduce(Set(row.seeds)) { $0.intersection(finished[$1] ?? []) }
                    let isComplete = !left.contains { sides.contains($0.row) }
                    return !sides.isDisjoint(with: rows) && (row.looks.isOpen || isComplete)
                        && !pairs.isEmpty
                }
                let baseline = row.baseline.flatMap { $0 == row.position ? nil : $0 }
                guard
                    baseline.map({ isLookedAt([row.position, $0]) }) ?? false
                        // A claim may be about evaluations of one row.
                        || row.looks.hasClaims && isLookedAt([row.position])
                else { continue }
                var looks = row.looks
                looks.isGivenUp = true
                try setLooks(looks, ofRow: row.position, sweep, database)
            }
        }
    }

    /// Something else came out of a stage than what had been given up: for the rows that had been looked at with it
    /// that is one look more, however many of their stages differ.
    static func countRedone(_ stage: StageRow, _ database: Database) throws {
        for (sweep, rows) in try rows(having: [stage], database) {
            for row in try planRows(ofSweep: sweep, database) where row.looks.isGivenUp {
                guard rows.contains(row.position) || row.baseline.map(rows.contains) ?? false
                else { continue }
                var looks = row.looks
                looks.isGivenUp = false
                looks.redone += 1
                try setLooks(looks, ofRow: row.position, sweep, database)
            }
        }
    }

    /// The rows of all plans that have one of these stages, which has been or is finished: by plan, their positions.
    private static func rows(
        having stages: [StageRow], _ database: Database
    ) throws -> [Int64: Set<Int>] {
        var found: [Int64: Set<Int>] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT DISTINCT trials.sweep, trials.row FROM stages
                JOIN trial_stages ON trial_stages.stage = stages.id
                JOIN trials ON trials.id = trial_stages.trial
                WHERE stages.status = 1 AND stages.id IN (SELECT value FROM json_each(?))
                """, arguments: [encodeJSON(stages)])
        while let row = try rows.next() { found[row[0], default: []].insert(row[1]) }
        return found
    }

    static func setLooks(
        _ looks: RowLooks, ofRow position: Int, _ sweep: Int64, _ database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE rows SET looks = ? WHERE sweep = ? AND position = ?",
            arguments: [encodeJSON(looks), sweep, position])
    }
}
