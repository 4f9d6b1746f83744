import Foundation
import GRDB

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
            guard try counts(row.number, database)[.finished] ?? 0 > 0 else { continue }
            for (trials, earlier) in try looks(ofSweep: row.number, database) {
                for trial in trials { inheritance.earlier[trial] = earlier }
            }
        }
        return inheritance
    }

    /// The rows of a plan: the digests of their trials, their seeds and looks.
    private static func looks(
        ofSweep number: Int64, _ database: Database
    ) throws -> [(trials: [String], earlier: LooksInheritance.Earlier)] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT trials.digest, trials.seed, trials.row, rows.looks FROM trials
                JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                WHERE trials.sweep = ? ORDER BY trials.row
                """, arguments: [number])
        var found: [(trials: [String], earlier: LooksInheritance.Earlier)] = []
        var last: Int?
        while let row = try rows.next() {
            let (digest, seed, position) = try (
                row.strict(0, as: String.self), row.strict(1, as: Int.self),
                row.strict(2, as: Int.self)
            )
            if last != position {
                let looks = try rowLooks(row.strictIfAny(3)) ?? RowLooks()
                found.append(([], .init(seeds: [], looks: looks)))
                last = position
            }
            found[found.count - 1].trials.append(digest)
            found[found.count - 1].earlier.seeds.insert(seed)
        }
        return found
    }

    static func rowLooks(_ text: String?) throws -> RowLooks? {
        try text.map { try decodeJSON(RowLooks.self, $0) }
    }

    /// What the rows of a plan are looked at with: as they were where trials of this very plan have
    /// finished, else as earlier plans of the sweep leave them.
    static func looks(
        of sweep: SweepRegistration, known number: Int64?, _ database: Database
    ) throws -> [Int: RowLooks] {
        if let number, try counts(number, database)[.finished] ?? 0 > 0 {
            var own = LooksInheritance()
            for (trials, earlier) in try looks(ofSweep: number, database) {
                for trial in trials { own.earlier[trial] = earlier }
            }
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
