public import Digests
import GRDB

/// A trial or stage found by the first digits of its digest.
public struct FoundDigest: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case trial
        case stage
    }

    public var kind: Kind
    public var digest: Digest
    /// For people: a trial's label and seed, or a stage's title.
    public var title: String
    /// The sweep of a trial, as it is asked for.
    public var sweep: String?

    public init(kind: Kind, digest: Digest, title: String, sweep: String? = nil) {
        self.kind = kind
        self.digest = digest
        self.title = title
        self.sweep = sweep
    }
}

/// A sweep at one moment, for `ablate status --watch`.
public struct SweepSnapshot: Sendable, Hashable {
    public var counts: StatusCounts
    /// Of every sweep: what the machine is busy with.
    public var running: [RunningStage]
    public var failures: [FailureRecord]

    public init(
        counts: StatusCounts, running: [RunningStage] = [], failures: [FailureRecord] = []
    ) {
        self.counts = counts
        self.running = running
        self.failures = failures
    }
}

extension ResultsStore {
    /// Trials (of each sweep in the order of its plan, plans in view first), then stages, whose digest begins with
    /// `prefix`; none for an empty prefix.
    public func find(_ prefix: String) throws -> [FoundDigest] {
        guard !prefix.isEmpty, prefix.utf8.allSatisfy(\.isHexadecimal) else { return [] }
        let first = prefix.lowercased()
        return try read { database in
            let trials = try Row.fetchAll(
                database,
                sql: """
                    SELECT trials.digest, rows.label, trials.seed, named_sweeps.name FROM trials
                    JOIN named_sweeps ON named_sweeps.sweep = trials.sweep
                    JOIN rows ON rows.sweep = trials.sweep AND rows.position = trials.row
                    WHERE substr(trials.digest, 1, ?) = ?
                    ORDER BY NOT in_view, trials.sweep, trials.position
                    """, arguments: [first.count, first])
            let stages = try Row.fetchAll(
                database,
                sql:
                    "SELECT digest, title FROM stages WHERE digest >= ? AND digest < ? ORDER BY id",
                arguments: [first, first + "g"])
            let foundTrials = try trials.compactMap { row in
                try Digest(row.decode(String.self, atIndex: 0)).map {
                    let (label, seed): (String, Int) = try (
                        row.decode(atIndex: 1), row.decode(atIndex: 2)
                    )
                    return FoundDigest(
                        kind: .trial, digest: $0, title: "\(label), seed \(seed)",
                        sweep: try row.decode(atIndex: 3))
                }
            }
            let foundStages = try stages.compactMap { row in
                try Digest(row.decode(String.self, atIndex: 0)).map {
                    FoundDigest(kind: .stage, digest: $0, title: try row.decode(atIndex: 1))
                }
            }
            return foundTrials + foundStages
        }
    }

    /// Where a sweep stands now.
    ///
    /// Throws: ``StoreError/unknownSweep(name:known:)``.
    public func snapshot(of sweep: String) throws -> SweepSnapshot {
        SweepSnapshot(
            counts: try statusCounts(of: sweep), running: try runningStages(),
            failures: try failures(of: sweep))
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        (0x30...0x39).contains(self) || (0x61...0x66).contains(self) || (0x41...0x46).contains(self)
    }
}
