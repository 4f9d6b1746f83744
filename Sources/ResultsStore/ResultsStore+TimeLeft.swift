import Foundation
import GRDB

/// When a run thinks that it will be over, as it last said (about every second).
public struct RunTimeLeft: Sendable, Hashable {
    /// Units: seconds from ``saved`` on, with one standard deviation.
    public var seconds: Double
    public var deviation: Double
    /// Units: seconds since 1970.
    public var saved: Double

    public init(seconds: Double, deviation: Double, saved: Double) {
        self.seconds = seconds
        self.deviation = deviation
        self.saved = saved
    }
}

/// A run that works on all trials of a sweep.
public struct WholeRun: Sendable, Hashable {
    package var owner: OwnerNumber
    public var process: ProcessIdentity
    /// nil until it can foretell it.
    public var timeLeft: RunTimeLeft?
}

extension ResultsStore {
    /// Schema 7: which sweep a run works on, where it is all of it, and when the run will be over.
    static func addTimeLeft(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE owners ADD COLUMN sweep INTEGER;
                ALTER TABLE owners ADD COLUMN left_seconds REAL;
                ALTER TABLE owners ADD COLUMN left_deviation REAL;
                ALTER TABLE owners ADD COLUMN left_saved REAL;
                """)
    }

    /// The runs that work on all trials of a sweep, those of dead processes left out.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    package func wholeRuns(of sweep: String) throws -> [WholeRun] {
        let runs = try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM owners WHERE sweep = ? ORDER BY id",
                arguments: [try sweepNumber(sweep, database)]
            ).map { row in
                let seconds = try row.decode(Double?.self, forColumn: "left_seconds")
                return try WholeRun(
                    owner: row.decode(forColumn: "id"),
                    process: ProcessIdentity(
                        pid: row.decode(forColumn: "pid"), boot: row.decode(forColumn: "boot"),
                        processStart: row.decode(forColumn: "process_start"),
                        namespace: row.decode(forColumn: "namespace")),
                    timeLeft: seconds.map {
                        try RunTimeLeft(
                            seconds: $0, deviation: row.decode(forColumn: "left_deviation"),
                            saved: row.decode(forColumn: "left_saved"))
                    })
            }
        }
        return runs.filter(\.process.isAlive)
    }

    /// Keeps what a run foretells.
    package func save(_ left: RunTimeLeft, owner: OwnerNumber) throws {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE owners SET left_seconds = ?, left_deviation = ?, left_saved = ?
                    WHERE id = ?
                    """, arguments: [left.seconds, left.deviation, left.saved, owner])
        }
    }
}
