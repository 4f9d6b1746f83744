public import Digests
import GRDB

/// The stages of one kind that a sweep has, each counted once, however many trials need it.
public struct StagesOfKind: Sendable, Hashable {
    public var kind: String
    public var finished: Int
    public var running: Int
    public var failed: Int
    /// Those that cannot run since one that they need has failed.
    public var blocked: Int
    /// Those that wait for their turn.
    public var waiting: Int
    /// Of those that run or wait, in the unit of ``Stage/work``.
    public var workLeft: Double
    /// The most that one of these has.
    public var largestWorkLeft: Double

    public var total: Int { finished + running + failed + blocked + waiting }
}

extension ResultsStore {
    /// How many stages of each kind a sweep has, and where they stand, in the order of the work.
    ///
    /// Stages that dead processes hold wait for the next run.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func stageCounts(of sweep: String) throws -> [StagesOfKind] {
        let alive = try Set(runningStages().filter { $0.process != nil }.map(\.stage.description))
        return try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    WITH own AS (
                        SELECT DISTINCT trial_stages.stage AS stage FROM trials
                        JOIN trial_stages ON trial_stages.trial = trials.id
                        WHERE trials.sweep = ?
                    )
                    SELECT kind, \(Self.presentStatus), blocked_stages.cause IS NOT NULL,
                        CASE WHEN claims.stage IS NULL THEN NULL ELSE stages.digest END AS held,
                        COUNT(*), SUM(work), MAX(work), MIN(stages.id)
                    FROM own JOIN stages ON stages.id = own.stage
                    LEFT JOIN claims ON claims.stage = stages.id
                    LEFT JOIN blocked_stages ON blocked_stages.stage = stages.id
                    GROUP BY 1, 2, 3, 4 ORDER BY 8
                    """, arguments: [try sweepNumber(sweep, database)])
            var kinds: [StagesOfKind] = []
            for row in rows {
                let name = try row.strict(0, as: String.self)
                let status = StageStatus(rawValue: try row.strict(1)) ?? .pending
                let isBlocked = try row.strict(2, as: Int.self) == 1
                let holder = try row.strictIfAny(3, as: String.self)
                let count = try row.strict(4, as: Int.self)
                let (work, largest): (Double, Double) = try (row.strict(5), row.strict(6))
                let index: Int
                if let known = kinds.firstIndex(where: { $0.kind == name }) {
                    index = known
                } else {
                    index = kinds.count
                    kinds.append(
                        StagesOfKind(
                            kind: name, finished: 0, running: 0, failed: 0, blocked: 0, waiting: 0,
                            workLeft: 0, largestWorkLeft: 0))
                }
                switch status {
                case .finished: kinds[index].finished += count
                case .failed: kinds[index].failed += count
                case .pending where isBlocked: kinds[index].blocked += count
                case .pending:
                    let runs = holder.map(alive.contains) ?? false
                    if runs { kinds[index].running += count } else { kinds[index].waiting += count }
                    kinds[index].workLeft += work
                    kinds[index].largestWorkLeft = max(kinds[index].largestWorkLeft, largest)
                }
            }
            return kinds
        }
    }

    /// Which of these stages are a sweep's.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func stages(_ digests: [Digest], of sweep: String) throws -> Set<Digest> {
        if digests.isEmpty { return [] }
        let list = digests.map { "'\($0)'" }.joined(separator: ", ")
        return try read { database in
            let found = try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT stages.digest FROM trials
                    JOIN trial_stages ON trial_stages.trial = trials.id
                    JOIN stages ON stages.id = trial_stages.stage
                    WHERE trials.sweep = ? AND trial_stages.stage IN (
                        SELECT id FROM stages WHERE digest IN (\(list)))
                    """, arguments: [try sweepNumber(sweep, database)])
            return Set(found.compactMap { Digest($0) })
        }
    }
}

extension ResultsStore {
    /// How many trials of each sweep's plan in view stand where. Stages that dead processes hold count as
    /// running; ``statusCounts(of:)`` looks.
    public func statusCounts() throws -> [String: StatusCounts] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sweep_names.name, trial_states.status, COUNT(*)
                    FROM sweep_names JOIN trials ON trials.sweep = sweep_names.in_view
                    JOIN trial_states ON trial_states.trial = trials.id
                    GROUP BY 1, 2
                    """)
            var counts: [String: StatusCounts] = [:]
            while let row = try rows.next() {
                guard let status = TrialStatus(rawValue: try row.strict(1)) else { continue }
                counts[try row.strict(0), default: StatusCounts()].counts[status] = try row.strict(
                    2)
            }
            return counts
        }
    }
}
