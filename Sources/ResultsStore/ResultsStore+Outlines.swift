public import Digests
import GRDB

/// What is known of a stage without what it has left.
public struct StageOutline: Sendable, Hashable {
    public var digest: Digest
    public var kind: String
    public var status: StageStatus
    /// Of the attempt that finished it. Units: seconds since 1970; nil where it is not finished, or was
    /// finished before the store kept attempts.
    public var started: Double?
    /// Units: seconds.
    public var seconds: Double?
}

extension ResultsStore {
    /// The stages of each trial of a sweep in the order of the work, by the trial's digest: all of them at
    /// one moment.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func stageOutlines(of sweep: String) throws -> [Digest: [StageOutline]] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT trials.digest, stages.digest, stages.kind, \(Self.presentStatus), stages.seconds,
                        last.started
                    FROM trials
                    JOIN trial_stages ON trial_stages.trial = trials.id
                    JOIN stages ON stages.id = trial_stages.stage
                    LEFT JOIN (
                        SELECT stage, MAX(id) AS id FROM attempts WHERE outcome = 'finished'
                        GROUP BY stage
                    ) AS tries ON tries.stage = stages.id AND stages.status = 1
                    LEFT JOIN attempts AS last ON last.id = tries.id
                    WHERE trials.sweep = ? ORDER BY trials.position, trial_stages.position
                    """, arguments: [try sweepNumber(sweep, database)])
            var outlines: [Digest: [StageOutline]] = [:]
            while let row = try rows.next() {
                guard let trial = Digest(try row.strict(0, as: String.self)),
                    let stage = Digest(try row.strict(1, as: String.self))
                else { continue }
                outlines[trial, default: []].append(
                    try StageOutline(
                        digest: stage, kind: row.strict(2),
                        status: StageStatus(rawValue: row.strict(3)) ?? .pending,
                        started: row.strictIfAny(5), seconds: row.strictIfAny(4)))
            }
            return outlines
        }
    }
}
