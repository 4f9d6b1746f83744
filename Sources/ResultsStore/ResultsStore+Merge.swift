public import Digests
import GRDB

/// A plan that came from another store, to a name that has other plans here.
public struct MergedRevision: Sendable, Hashable {
    /// As it is asked for in the other store.
    public var there: String
    /// As it is asked for in this one.
    public var here: String

    package init(there: String, here: String) {
        self.there = there
        self.here = here
    }
}

/// What ``ResultsStore/merge(_:)`` took over.
public struct MergeSummary: Sendable, Hashable {
    /// Stages whose results, or whose failure, this store did not have.
    public var newStages = 0
    /// Stages that were finished or had failed in the other store, and are so in this one.
    public var knownStages = 0
    /// Stages that both stores have finished, with other values: this store keeps its own.
    public var differingStages = 0
    /// The first of them, in words.
    public var firstDifference: String?
    /// Stages that a run of this store is working on at this moment: left to it.
    public var busyStages = 0
    /// Stages that count as finished in the other store although their figures are gone: not taken over.
    public var stagesWithoutFigures = 0
    /// Sweeps that this store did not know.
    public var newSweeps: [String] = []
    /// Plans of sweeps that this store knew with other plans: the view here stays as it was.
    public var newRevisions: [MergedRevision] = []

    public init() {}
}

extension ResultsStore {
    /// Takes over what another store has and this one lacks: results by the digest of their stage,
    /// and whole sweeps. All of it or nothing; merging again changes nothing.
    ///
    /// So the parts of a sweep that several machines ran, each with a database of its own, become
    /// one. Equal digests are equal computations: where both have a result, this store keeps its own.
    ///
    /// Throws: ``StoreError``.
    ///
    /// - Parameter fault: why a metric of a stage cannot have a value, in words; nil where it can. It must not read `other`.
    public func merge(
        _ other: ResultsStore,
        fault: (_ stage: Digest, _ metric: String, _ value: Double) -> String? = { _, _, _ in nil }
    ) throws -> MergeSummary {
        // No name that is no name: reports would be written under it.
        _ = try other.sweepNames()
        _ = try giveUpStagesWithoutFigures()
        let summary = try write { database in
            try other.read { source in
                var merger = Merger(database: database, source: source)
                try Self.checkMetrics(other, source, fault)
                // Before results come: what has none here was not looked at here.
                try merger.rememberLooks()
                try merger.mergeStages()
                try merger.mergeSweeps()
                try addColumns(
                    for: String.fetchAll(source, sql: "SELECT name FROM metric_names"), database)
                try Self.rebuildView(database)
                return merger.summary
            }
        }
        return summary
    }

    /// Throws: ``StoreError/damaged(path:detail:)`` for a value that no evaluation gives.
    private static func checkMetrics(
        _ other: ResultsStore, _ source: Database, _ fault: (Digest, String, Double) -> String?
    ) throws {
        let rows = try Row.fetchCursor(
            source,
            sql: """
                SELECT metrics.name, metrics.value, stages.title, stages.digest FROM metrics
                JOIN stages ON stages.id = metrics.stage
                """)
        while let row = try rows.next() {
            let name = try row.decode(String.self, atIndex: 0)
            let value = try row.checkedNumber(1, of: "metric \(name) of the other store")
            guard let stage = Digest(try row.decode(String.self, atIndex: 3)),
                let fault = fault(stage, name, value)
            else { continue }
            throw StoreError.damaged(
                path: other.path,
                detail:
                    "\(name) of stage \(try row.decode(String.self, atIndex: 2)) is \(value), \(fault)"
            )
        }
    }
}

private struct Merger {
    let database: Database
    let source: Database
    var summary = MergeSummary()
    /// Rows of `stages`: the source's number to ours.
    private var numbers: [Int64: Int64] = [:]
    /// By the names of sweeps that both stores have: what rows were looked at with here, and there.
    private var looks: [String: (here: LooksInheritance, there: LooksInheritance)] = [:]

    init(database: Database, source: Database) {
        self.database = database
        self.source = source
    }

    // MARK: Stages

    mutating func mergeStages() throws {
        let stages = try Row.fetchAll(source, sql: "SELECT * FROM stages ORDER BY id")
        var new: Set<Int64> = []
        for stage in stages {
            let number: Int64 = stage["id"]
            let digest: String = stage["digest"]
            if let known = try Int64.fetchOne(
                database, sql: "SELECT id FROM stages WHERE digest = ?", arguments: [digest])
            {
                numbers[number] = known
            } else {
                try insert(
                    stage, into: "stages",
                    replacing: [
                        "id": nil, "status": StageStatus.pending.rawValue, "reason": nil,
                        "seconds": nil, "peak_memory": nil, "build": nil, "metrics_digest": nil,
                        "details_digest": nil, "curves_digest": nil,
                    ])
                numbers[number] = database.lastInsertedRowID
                new.insert(number)
            }
        }
        for edge in try Row.fetchAll(source, sql: "SELECT * FROM stage_dependencies")
        where new.contains(edge["stage"]) {
            try insert(
                edge, into: "stage_dependencies",
                replacing: [
                    "stage": numbers[edge["stage"]], "dependency": numbers[edge["dependency"]],
                ])
        }
        let empty = try ResultsStore.rowsWithoutFigures(source)
        summary.stagesWithoutFigures = empty.count
        let done = try stages.filter {
            try $0.decode(Int.self, forColumn: "status") != StageStatus.pending.rawValue
                && !empty.contains($0["id"] as Int64)
        }
        try ResultsStore.openPlans(
            beforeRetrying: done.filter { $0["status"] == StageStatus.finished.rawValue }
                .compactMap { numbers[$0["id"]] }, database)
        for stage in done {
            try mergeResult(of: stage)
        }
    }

    private mutating func mergeResult(of stage: Row) throws {
        let number: Int64 = stage["id"]
        guard let ours = numbers[number] else { return }
        let status =
            try Int.fetchOne(
                database, sql: "SELECT status FROM stages WHERE id = ?", arguments: [ours])
        let theirs = try stage.decode(Int.self, forColumn: "status")
        // A result is worth more than a failure; otherwise what is here stays.
        let isBetter =
            status == StageStatus.pending.rawValue
            || status == StageStatus.failed.rawValue
                && theirs == StageStatus.finished.rawValue
        guard isBetter else {
            summary.knownStages += 1
            if status == StageStatus.finished.rawValue,
                theirs == StageStatus.finished.rawValue
            {
                try compare(stage, with: ours)
            }
            return
        }
        let isClaimed =
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM claims WHERE stage = ?", arguments: [ours]) != nil
        guard !isClaimed else {
            summary.busyStages += 1
            return
        }
        try database.execute(
            sql: """
                UPDATE stages SET status = ?, reason = ?, seconds = ?, peak_memory = ?, build = ?,
                    metrics_digest = ?, details_digest = ?, curves_digest = ?
                WHERE id = ?
                """,
            arguments: [
                theirs, stage["reason"], stage["seconds"], stage["peak_memory"],
                stage["build"], stage["metrics_digest"], stage["details_digest"],
                stage["curves_digest"], ours,
            ])
        for table in ["metrics", "curves", "details"] {
            let rows = try Row.fetchCursor(
                source, sql: "SELECT * FROM \(table) WHERE stage = ?", arguments: [number])
            var found = ContentDigest()
            while let row = try rows.next() {
                try Self.add(row, of: table, to: &found)
                try insert(row, into: table, replacing: ["stage": ours])
            }
            // What has changed there is not taken over.
            try ContentDigests.check(
                found, stage["\(table)_digest"],
                "the \(table) of stage \(stage.decode(String.self, forColumn: "title"))")
        }
        // No process of this store made them; runs that go on read what changed from these rows.
        for attempt in try Row.fetchAll(
            source, sql: "SELECT * FROM attempts WHERE stage = ? ORDER BY id", arguments: [number])
        {
            try insert(
                attempt, into: "attempts", replacing: ["id": nil, "stage": ours, "owner": 0])
        }
        summary.newStages += 1
    }

    /// Throws: an error of SQLite's kind "corrupt" for what no table could print.
    private static func add(
        _ row: Row, of table: String, to digest: inout ContentDigest
    ) throws {
        let name = try row.strict(1, as: String.self)
        switch table {
        case "metrics":
            digest.add(name, try row.checkedNumber(2, of: "metric \(name)"))
        case "curves":
            let value = try row.checkedNumber(3, of: "curve \(name)", mayBeInfinite: true)
            digest.add(name, CurvePoint(step: try row.strict(2), value: value))
        default: digest.add(name, try row.strict(2, as: String.self))
        }
    }

    /// Equal digests are equal computations, and must have equal results.
    private mutating func compare(_ stage: Row, with ours: Int64) throws {
        let here = try ResultsStore.metrics(of: ours, database)
        let there = try ResultsStore.metrics(of: stage["id"], source)
        guard let difference = MetricDifference(here: here, there: there) else { return }
        summary.differingStages += 1
        guard summary.firstDifference == nil else { return }
        summary.firstDifference =
            "\(try stage.decode(String.self, forColumn: "title")): \(difference)"
    }

    // MARK: Sweeps

    mutating func rememberLooks() throws {
        let ours = try Set(String.fetchAll(database, sql: "SELECT DISTINCT name FROM sweeps"))
        for name in try String.fetchAll(source, sql: "SELECT DISTINCT name FROM sweeps")
        where ours.contains(name) {
            looks[name] = (
                try ResultsStore.inheritance(name, database),
                try ResultsStore.inheritance(name, source)
            )
        }
    }

    /// Plans of one sweep that were looked at in different stores were both looked at: whichever comes first, the
    /// rows of each are as if it had been registered after the other.
    private func shareLooks(
        of sweep: Int64, after other: LooksInheritance
    ) throws {
        for row in try ResultsStore.planRows(ofSweep: sweep, database) {
            let looks = other.looks(
                ofForeign: row.looks, seeds: Set(row.seeds), trials: Set(row.trials))
            guard looks != row.looks else { continue }
            try ResultsStore.setLooks(looks, ofRow: row.position, sweep, database)
        }
    }

    mutating func mergeSweeps() throws {
        let names = try String.fetchAll(
            source, sql: "SELECT name FROM sweeps GROUP BY name ORDER BY MIN(id)")
        for name in names {
            let ours = try ResultsStore.sweepRows(ofName: name, database)
            let theirs = try ResultsStore.sweepRows(ofName: name, source)
            var plans = Set(ours.map(\.revision.plan))
            for row in theirs where plans.insert(row.revision.plan).inserted {
                let revision =
                    ours.isEmpty
                    ? row.revision.reference.revision ?? 1
                    : try ResultsStore.nextRevision(name, database)
                try copy(row, as: revision, isInView: ours.isEmpty && row.revision.isInView)
                if !ours.isEmpty {
                    summary.newRevisions.append(
                        MergedRevision(
                            there: row.revision.name,
                            here: SweepReference(name, revision: revision).description))
                }
            }
            if ours.isEmpty { summary.newSweeps.append(name) }
            guard let looks = looks[name] else { continue }
            for row in try ResultsStore.sweepRows(ofName: name, database) {
                let isOurs = ours.contains { $0.number == row.number }
                try shareLooks(of: row.number, after: isOurs ? looks.there : looks.here)
            }
        }
    }

    private func copy(
        _ row: ResultsStore.SweepRow, as revision: Int, isInView: Bool
    ) throws {
        let sweep = try Row.fetchOne(
            source, sql: "SELECT * FROM sweeps WHERE id = ?", arguments: [row.number])
        guard let sweep else { return }
        try insert(sweep, into: "sweeps", replacing: ["id": nil, "revision": revision])
        let number = database.lastInsertedRowID
        let name = row.revision.reference.name
        try ResultsStore.count(SweepReference(name, revision: revision), database)
        if isInView { try ResultsStore.show(number, name: name, database) }
        try copyRows(of: row.number, to: number)
    }

    private func copyRows(of sweep: Int64, to number: Int64) throws {
        for row in try Row.fetchAll(
            source, sql: "SELECT * FROM rows WHERE sweep = ?", arguments: [sweep])
        {
            try insert(row, into: "rows", replacing: ["sweep": number])
        }
        for trial in try Row.fetchAll(
            source, sql: "SELECT * FROM trials WHERE sweep = ? ORDER BY position",
            arguments: [sweep])
        {
            try insert(trial, into: "trials", replacing: ["id": nil, "sweep": number])
            let copy = database.lastInsertedRowID
            for link in try Row.fetchAll(
                source, sql: "SELECT * FROM trial_stages WHERE trial = ?",
                arguments: [trial["id"] as Int64])
            {
                try insert(
                    link, into: "trial_stages",
                    replacing: ["trial": copy, "stage": numbers[link["stage"]]])
            }
        }
    }

    // MARK: Rows

    /// A copy of a row with some of its columns changed; nil leaves a number to the database.
    private func insert(
        _ row: Row, into table: String, replacing changes: [String: (any DatabaseValueConvertible)?]
    ) throws {
        let names = Array(row.columnNames)
        let values = zip(names, row.databaseValues).map { name, value -> DatabaseValue in
            changes[name].map { $0?.databaseValue ?? .null } ?? value
        }
        let marks = Array(repeating: "?", count: names.count).joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks))")
        statement.setUncheckedArguments(StatementArguments(values))
        try statement.execute()
    }
}
