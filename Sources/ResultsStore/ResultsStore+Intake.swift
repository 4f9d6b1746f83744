public import Digests
import GRDB

/// What another program than this store's own runs has made of a stage: a task of a cluster, whose result came
/// as a file.
public struct ForeignResult: Sendable, Hashable {
    public var stage: Digest
    /// Finished, or failed for good.
    public var attempt: StageAttempt
    public var log: String

    public init(stage: Digest, attempt: StageAttempt, log: String = "") {
        self.stage = stage
        self.attempt = attempt
        self.log = log
    }
}

/// What ``ResultsStore/takeIn(_:)`` took over.
public struct IntakeSummary: Sendable, Hashable {
    /// Stages whose result, or whose failure, this store did not have.
    public var new = 0
    /// Stages that were finished or had failed here already.
    public var known = 0
    /// Results of stages that no sweep of this store names.
    public var unnamed = 0
    /// Stages that a run of this store is working on at this moment: left to it.
    public var busy = 0
    /// Stages that are finished here with other values: this store keeps its own.
    public var differing = 0
    /// The first of them, in words.
    public var firstDifference: String?

    public init() {}

    /// Adds what another part of the results came to.
    public mutating func add(_ other: IntakeSummary) {
        new += other.new
        known += other.known
        unnamed += other.unnamed
        busy += other.busy
        differing += other.differing
        firstDifference = firstDifference ?? other.firstDifference
    }
}

extension ResultsStore {
    /// The plans, earlier ones too, that each stage belongs to.
    public func plansByStage() throws -> [Digest: [String]] {
        try read { database in
            var plans: [Digest: [String]] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT DISTINCT stages.digest, named_sweeps.name FROM stages
                    JOIN trial_stages ON trial_stages.stage = stages.id
                    JOIN trials ON trials.id = trial_stages.trial
                    JOIN named_sweeps ON named_sweeps.sweep = trials.sweep
                    """)
            while let row = try rows.next() {
                let digest = try row.withUnsafeData(atIndex: 0) { $0.flatMap(Digest.init(utf8:)) }
                guard let digest else { continue }
                plans[digest, default: []].append(try row.decode(String.self, atIndex: 1))
            }
            return plans
        }
    }

    /// How the stages of those digests stand; those that no sweep names are left out.
    public func statuses(of stages: [Digest]) throws -> [Digest: StageStatus] {
        let wanted = Set(stages)
        return try read { database in
            var statuses: [Digest: StageStatus] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT digest, \(Self.presentStatus) FROM stages")
            while let row = try rows.next() {
                let digest = try row.withUnsafeData(atIndex: 0) { $0.flatMap(Digest.init(utf8:)) }
                guard let digest, wanted.contains(digest) else { continue }
                statuses[digest] = StageStatus(rawValue: row[1]) ?? .pending
            }
            return statuses
        }
    }

    /// Takes over results that tasks on other machines have left. All of them or none; taking them in
    /// again changes nothing.
    ///
    /// A result is worth more than a failure; otherwise what is here stays. Throws: ``StoreError``.
    public func takeIn(_ results: [ForeignResult]) throws -> IntakeSummary {
        guard !results.isEmpty else { return IntakeSummary() }
        return try transact(isCostly: true) { transaction in
            var summary = IntakeSummary()
            let statement = try transaction.database.cachedStatement(
                sql: "SELECT id FROM stages WHERE digest = ?")
            let finished = try results.filter { $0.attempt.outcome == .finished }.compactMap {
                try Int64.fetchOne(statement, arguments: [$0.stage.description])
            }
            try Self.openPlans(beforeRetrying: finished, transaction.database)
            for result in results { try take(result, transaction, &summary) }
            return summary
        }
    }

    private func take(
        _ result: ForeignResult, _ transaction: StoreTransaction, _ summary: inout IntakeSummary
    ) throws {
        let statement = try transaction.database.cachedStatement(
            sql: """
                SELECT stages.id, status, title, claims.owner
                FROM stages LEFT JOIN claims ON claims.stage = stages.id WHERE digest = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [result.stage.description]) else {
            summary.unnamed += 1
            return
        }
        let number: StageRow = row[0]
        let status = StageStatus(rawValue: row[1]) ?? .pending
        let isBetter =
            status == .pending || status == .failed && result.attempt.outcome == .finished
        guard isBetter else {
            summary.known += 1
            if status == .finished, result.attempt.outcome == .finished {
                try compare(result, with: number, title: row[2], transaction, &summary)
            }
            return
        }
        if let _: OwnerNumber = row[3] {
            summary.busy += 1
            return
        }
        if !result.log.isEmpty {
            try transaction.appendLog(result.log, stage: number, attempt: result.attempt.attempt)
        }
        try transaction.record(result.attempt, stage: number, owner: 0)
        summary.new += 1
    }

    /// Equal digests are equal computations, and must have equal results.
    private func compare(
        _ result: ForeignResult, with number: StageRow, title: String,
        _ transaction: StoreTransaction, _ summary: inout IntakeSummary
    ) throws {
        let here = try Self.metrics(of: number, transaction.database)
        guard let difference = MetricDifference(here: here, there: result.attempt.result.metrics)
        else { return }
        summary.differing += 1
        summary.firstDifference = summary.firstDifference ?? "\(title): \(difference)"
    }
}

/// The first metric in which two computations of one stage differ, as words.
public struct MetricDifference: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// nil where they are equal to the last bit.
    public init?(here: [String: Double], there: [String: Double]) {
        func bits(_ value: Double?) -> UInt64? { value.map { $0 == 0 ? 0 : $0.bitPattern } }
        func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "nothing" }
        let names = Set(here.keys).union(there.keys).sorted()
        guard let name = names.first(where: { bits(here[$0]) != bits(there[$0]) }) else {
            return nil
        }
        description = "\(name) is \(text(here[name])) here and \(text(there[name])) there"
    }
}
