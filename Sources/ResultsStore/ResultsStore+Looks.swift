import Foundation
import GRDB

/// What a later plan of a sweep has added to rows that were looked at before.
public struct PlanExtension: Sendable, Hashable {
    public let plan: SweepReference
    public let seeds: [Int]
}

extension ResultsStore {
    /// Schema 5: when rows may be looked at, as JSON; NULL for rows of before, which have fixed plans.
    static func addLooks(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE rows ADD COLUMN looks TEXT")
    }

    /// What the rows of earlier plans of a sweep that have finished trials were looked at with.
    static func inheritance(
        _ name: String, _ database: Database
    ) throws -> LooksInheritance {
        var inheritance = LooksInheritance()
        for row in try sweepRows(ofName: name, database) {
            try add(row.number, to: &inheritance, database)
        }
        return inheritance
    }

    /// Adds a plan that has finished trials.
    ///
    /// - Returns: whether it has any.
    @discardableResult
    private static func add(
        _ number: Int64, to inheritance: inout LooksInheritance, _ database: Database
    ) throws -> Bool {
        let counts = try counts(number, database)
        guard counts[.finished] ?? 0 > 0 else { return false }
        let hasFailures = counts[.failed] ?? 0 > 0 || counts[.blocked] ?? 0 > 0
        let failed = hasFailures ? try trials(ofSweep: number, [.failed, .blocked], database) : []
        let rows = try planRows(ofSweep: number, database)
        let places = Dictionary(
            rows.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
        for row in rows {
            var earlier = LooksInheritance.Earlier(seeds: Set(row.seeds), looks: row.looks)
            let baseline = row.baseline.flatMap { places[$0] }
            for side in [row, baseline].compactMap({ $0 }) {
                for (trial, seed) in zip(side.trials, side.seeds) where failed.contains(trial) {
                    earlier.failed.insert(seed)
                }
            }
            if let baseline, baseline.position != row.position {
                earlier.baseline = Set(baseline.trials)
            }
            inheritance.add(earlier, trials: row.trials)
        }
        return true
    }

    /// The digests of a plan's trials of some statuses.
    private static func trials(
        ofSweep number: Int64, _ statuses: [TrialStatus], _ database: Database
    ) throws -> Set<String> {
        let names = statuses.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try Set(
            String.fetchAll(
                database,
                sql: """
                    SELECT trials.digest FROM trials
                    JOIN trial_states ON trial_states.trial = trials.id
                    WHERE trials.sweep = ? AND trial_states.status IN (\(names))
                    """, arguments: [number]))
    }

    /// A row of a plan.
    struct PlanRow {
        var position: Int
        /// Where the row is that it is compared with.
        var baseline: Int?
        var looks: RowLooks
        /// As JSON.
        var settings = ""
        /// Digests, and the seeds in the same order.
        var trials: [String] = []
        var seeds: [Int] = []
    }

    /// The rows of a plan that have trials, in their order.
    static func planRows(
        ofSweep number: Int64, _ database: Database
    ) throws -> [PlanRow] {
        // Earlier versions kept no baseline of each row.
        let first = try Int.fetchOne(
            database,
            sql: """
                SELECT MIN(position) FROM rows WHERE sweep = ?1 AND is_baseline AND NOT EXISTS
                    (SELECT 1 FROM rows WHERE sweep = ?1 AND baseline IS NOT NULL)
                """, arguments: [number])
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.digest, trials.seed, trials.row, rows.looks, rows.baseline, rows.settings
                FROM trials
                JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                WHERE trials.sweep = ? ORDER BY trials.row
                """, arguments: [number])
        var found: [PlanRow] = []
        while let row = try rows.next() {
            let (digest, seed, position) = try (
                row.strict(0, as: String.self), row.strict(1, as: Int.self),
                row.strict(2, as: Int.self)
            )
            if found.last?.position != position {
                found.append(
                    PlanRow(
                        position: position, baseline: try row.strictIfAny(4) ?? first,
                        looks: try rowLooks(row.strictIfAny(3)) ?? RowLooks(),
                        settings: try row.strict(5)))
            }
            found[found.count - 1].trials.append(digest)
            found[found.count - 1].seeds.append(seed)
        }
        return found
    }

    /// Of each row of a plan, by its position: the seeds that had figures in an earlier plan, and that this plan leaves
    /// out while it keeps others of them.
    ///
    /// A row is the same with the same settings, whatever its programs and data were: figures of seeds resemble each
    /// other from version to version. What was seen of its baseline counts as well. A plan of the first of these seeds
    /// alone has chosen none, but ends earlier; one without any of them was not looked at.
    static func leftOutSeeds(
        _ own: SweepRow, _ database: Database
    ) throws -> [Int: [Int]] {
        let others = try sweepRows(ofName: own.revision.reference.name, database)
            .filter { $0.precedes(own) }
        let rows = try others.isEmpty ? [] : planRows(ofSweep: own.number, database)
        let places = Dictionary(
            rows.map { ($0.settings, $0.position) }, uniquingKeysWith: { first, _ in first })
        // Rows that nothing tells apart cannot be found again.
        guard places.count == rows.count else { return [:] }
        let seeds = Dictionary(
            rows.map { ($0.position, Set($0.seeds)) }, uniquingKeysWith: { first, _ in first })
        // Those of plans that were deleted since too, as far as they were a first look.
        var seen = Dictionary(
            rows.map { ($0.position, Set($0.looks.firstSeeds)) },
            uniquingKeysWith: { first, _ in first })
        for other in others {
            let finished = try trials(ofSweep: other.number, [.finished], database)
            for row in try planRows(ofSweep: other.number, database) {
                guard let position = places[row.settings] else { continue }
                for (trial, seed) in zip(row.trials, row.seeds) where finished.contains(trial) {
                    seen[position, default: []].insert(seed)
                }
            }
        }
        var leftOut: [Int: Set<Int>] = [:]
        for (position, own) in seeds {
            let seen = seen[position] ?? []
            let (kept, left) = (own.intersection(seen), seen.subtracting(own))
            guard let last = kept.max(), let next = left.min() else { continue }
            if own.isSubset(of: seen), last < next { continue }
            leftOut[position] = left
        }
        for row in rows {
            if let baseline = row.baseline, let seeds = leftOut[baseline] {
                leftOut[row.position, default: []].formUnion(seeds)
            }
        }
        return leftOut.mapValues { $0.sorted() }
    }

    /// The later plans of the same sweep in which rows of this one, looked at once, have got further seeds that
    /// have figures by now.
    ///
    /// Throws: ``StoreError``.
    public func extensions(of text: String) throws -> [PlanExtension] {
        try read { database in
            let own = try sweepRow(text, database)
            let others = try Self.sweepRows(ofName: own.revision.reference.name, database)
                .filter { own.precedes($0) }
            guard !others.isEmpty else { return [] }
            let fixed = try Self.planRows(ofSweep: own.number, database)
                .filter { !$0.looks.isOpen }
            var seeds: [String: Set<Int>] = [:]
            for row in fixed {
                for trial in row.trials { seeds[trial] = Set(row.seeds) }
            }
            return try others.compactMap { other in
                let finished = try Self.trials(ofSweep: other.number, [.finished], database)
                var added: Set<Int> = []
                for row in try Self.planRows(ofSweep: other.number, database) {
                    // A plan that lacks some of these seeds goes on from no look at them.
                    guard let known = row.trials.lazy.compactMap({ seeds[$0] }).first,
                        known.isSubset(of: row.seeds)
                    else { continue }
                    for (trial, seed) in zip(row.trials, row.seeds)
                    where finished.contains(trial) && !known.contains(seed) {
                        added.insert(seed)
                    }
                }
                return added.isEmpty
                    ? nil : PlanExtension(plan: other.revision.reference, seeds: added.sorted())
            }
        }
    }

    static func rowLooks(_ text: String?) throws -> RowLooks? {
        try text.map { try decodeJSON(RowLooks.self, $0) }
    }

    /// What the rows of a plan are looked at with: as they were where trials of this very plan have
    /// finished, else as earlier plans of the sweep leave them.
    static func looks(
        of sweep: SweepRegistration, known number: Int64?, _ database: Database
    ) throws -> [Int: RowLooks] {
        var own = LooksInheritance()
        if let number, try add(number, to: &own, database) {
            return own.looks(of: sweep, isOpen: sweep.isOpen)
        }
        return try inheritance(sweep.name, database).looks(of: sweep, isOpen: sweep.isOpen)
    }

    /// Whether all rows of a plan are open.
    static func isOpen(_ number: Int64, _ database: Database) throws -> Bool {
        try String.fetchAll(
            database, sql: "SELECT DISTINCT COALESCE(looks, '') FROM rows WHERE sweep = ?",
            arguments: [number]
        ).allSatisfy { text in try text.isEmpty ? false : rowLooks(text)?.isOpen ?? false }
    }
}
