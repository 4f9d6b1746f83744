public import Digests
import GRDB

/// A trial in a list that is turned page by page.
public struct ListedTrial: Sendable, Hashable {
    /// ``TrialRecord/row``.
    public var row: Int
    public var label: String
    public var seed: Int
    public var digest: Digest
    public var status: TrialStatus
    /// Why it failed or is blocked.
    public var reason: String?
}

/// One page of a sweep's trials.
public struct TrialPage: Sendable, Hashable {
    public var trials: [ListedTrial]
    /// How many there are on all pages.
    public var total: Int
}

/// What trials are sorted by.
public enum TrialOrder: Sendable, Hashable {
    case plan
    case label
    case seed
    /// By this metric's value; trials without it come last.
    case metric(String)
}

extension ResultsStore {
    /// Some of the trials of a sweep, sorted by the database; equal ones stay in the order of the plan.
    ///
    /// - Parameters:
    ///   - isDescending: the largest first.
    ///   - first: how many to pass over.
    ///   - count: how many to return at most.
    /// - Throws: ``StoreError/unknownSweep(name:known:)``.
    public func sortedTrials(
        of sweep: String, by order: TrialOrder, isDescending: Bool = false, from first: Int = 0,
        count: Int
    ) throws -> [Digest] {
        let (key, metric): (String, String?) =
            switch order {
            case .plan: ("trials.position", nil)
            case .label: ("rows.label", nil)
            case .seed: ("trials.seed", nil)
            case .metric(let name):
                (
                    """
                    (SELECT metrics.value FROM trial_stages
                        JOIN metrics ON metrics.stage = trial_stages.stage AND metrics.name = :metric
                        WHERE trial_stages.trial = trials.id)
                    """, name
                )
            }
        return try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT digest FROM (
                        SELECT trials.digest, trials.position, \(key) AS value
                        FROM trials
                        JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                        WHERE trials.sweep = :sweep AND :metric IS :metric)
                    ORDER BY value IS NULL, value \(isDescending ? "DESC" : "ASC"), position
                    LIMIT \(max(0, count)) OFFSET \(max(0, first))
                    """, arguments: ["sweep": sweepNumber(sweep, database), "metric": metric]
            ).compactMap { Digest($0) }
        }
    }

    /// Some of the trials of a sweep, in the order of the plan: what a page shows, whatever their number.
    ///
    /// - Parameters:
    ///   - row: of these alone; nil for all rows.
    ///   - statuses: of those that stand so; nil for all, which is far quicker.
    ///   - first: how many to pass over.
    ///   - count: how many to return at most.
    /// - Throws: ``StoreError/unknownSweep(name:known:)``.
    public func trialPage(
        of sweep: String, row: Int? = nil, statuses: Set<TrialStatus>? = nil, from first: Int = 0,
        count: Int = 100
    ) throws -> TrialPage {
        try read { database in
            let number = try sweepNumber(sweep, database)
            var conditions = "trials.sweep = :sweep AND (:row IS NULL OR trials.row = :row)"
            var source = "trials"
            if let statuses {
                source += " JOIN trial_states ON trial_states.trial = trials.id"
                let names = statuses.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
                conditions += " AND trial_states.status IN (\(names))"
            }
            let arguments: StatementArguments = ["sweep": number, "row": row]
            let total =
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM \(source) WHERE \(conditions)",
                    arguments: arguments) ?? 0
            let numbers = try Int64.fetchAll(
                database,
                sql: """
                    SELECT trials.id FROM \(source) WHERE \(conditions)
                    ORDER BY trials.position LIMIT \(max(0, count)) OFFSET \(max(0, first))
                    """, arguments: arguments)
            return TrialPage(trials: try Self.listed(numbers, database), total: total)
        }
    }

    private static func listed(_ numbers: [Int64], _ database: Database) throws -> [ListedTrial] {
        let list = numbers.map(String.init).joined(separator: ", ")
        return try Row.fetchAll(
            database,
            sql: """
                SELECT trials.row, rows.label, trials.seed, trials.digest, states.status,
                    COALESCE(failed.reason, cause.reason)
                FROM trials
                JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                JOIN (SELECT * FROM trial_states WHERE trial IN (\(list))) AS states
                    ON states.trial = trials.id
                LEFT JOIN trial_stages AS failing ON failing.trial = trials.id
                    AND failing.position = states.failed_position
                LEFT JOIN stages AS failed ON failed.id = failing.stage
                LEFT JOIN stages AS cause ON cause.id = states.cause
                WHERE trials.id IN (\(list)) ORDER BY trials.position
                """
        ).map { row in
            try ListedTrial(
                row: row.strict(0), label: row.strict(1), seed: row.strict(2),
                digest: Digest(row.strict(3, as: String.self)) ?? Digest(high: 0, low: 0),
                status: TrialStatus(rawValue: row.strict(4)) ?? .pending,
                reason: row.strictIfAny(5))
        }
    }

    /// Changes whenever any run records an attempt, or a plan is registered, deleted or comes into view:
    /// while it stays, tables do too.
    public func resultsMark() throws -> String {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT (SELECT COALESCE(MAX(id), 0) FROM attempts) || ' '
                        || (SELECT COUNT(*) || ' ' || COALESCE(MAX(id), 0) FROM sweeps) || ' '
                        || (SELECT COALESCE(SUM(in_view), 0) FROM sweep_names) || ' '
                        || (SELECT COALESCE(SUM(status), 0) FROM stages WHERE status = 2)
                    """) ?? ""
        }
    }
}

extension ResultsStore {
    /// How many rows a sweep has.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func rowCount(of sweep: String) throws -> Int {
        try read { database in
            try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM rows WHERE sweep = ?",
                arguments: [sweepNumber(sweep, database)]) ?? 0
        }
    }

    /// The trial of a row that the plan has first; nil for a label that is none.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func firstTrial(ofRow label: String, in sweep: String) throws -> Digest? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT digest FROM trials
                    JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                    WHERE trials.sweep = ? AND rows.label = ? ORDER BY trials.position LIMIT 1
                    """, arguments: [sweepNumber(sweep, database), label]
            ).flatMap { Digest($0) }
        }
    }

    /// A sweep that has this trial, as it is asked for: one in view if there is one; nil for none.
    public func sweep(ofTrial digest: Digest) throws -> String? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT named_sweeps.name FROM trials
                    JOIN named_sweeps ON named_sweeps.sweep = trials.sweep
                    WHERE trials.digest = ? ORDER BY NOT in_view, trials.sweep LIMIT 1
                    """, arguments: [digest.description])
        }
    }
}
