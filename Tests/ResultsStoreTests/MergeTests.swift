import Digests
import ResultsStore
import TestSupport
import Testing

@Suite("Merging stores")
struct MergeTests {
    private func dump(_ store: ResultsStore) throws -> String {
        var text = ""
        try store.dump(to: &text)
        return text
    }

    private func finish(_ stages: some Sequence<Stage>, in store: ResultsStore) throws {
        for stage in stages { try store.finish(stage, ["\(stage.kind)_value": stage.work]) }
    }

    @Test("two halves merged are the whole, whatever the order")
    func halves() throws {
        let sweep = sampleSweep()
        let whole = try ResultsStore()
        try whole.register(sweep)
        try finish(sweep.stages, in: whole)
        for order in [[0, 1], [1, 0]] {
            let merged = try ResultsStore()
            for half in order {
                let part = try ResultsStore()
                try part.register(sweep)
                // Both halves made the scenes.
                try finish([sweep.stages[0]], in: part)
                try finish(
                    sweep.stages.dropFirst().filter { $0.title.hasSuffix("\(half)") }, in: part)
                _ = try merged.merge(part)
            }
            #expect(try dump(merged) == dump(whole))
            #expect(try merged.finishedAttempts().values.allSatisfy { $0 == 1 })
            #expect(try merged.flatResults(of: "sample") == whole.flatResults(of: "sample"))
        }
    }

    @Test("merging again changes nothing; what is here already stays")
    func again() throws {
        let sweep = sampleSweep()
        let other = try ResultsStore()
        try other.register(sweep)
        try finish(sweep.stages, in: other)
        let store = try ResultsStore()
        try store.register(sweep)
        try store.finish(sweep.stages[0], ["scenes_value": 77], build: "ours")
        let first = try store.merge(other)
        #expect(first.newStages == sweep.stages.count - 1)
        #expect(first.knownStages == 1)
        #expect(first.newSweeps.isEmpty && first.newRevisions.isEmpty)
        let before = try dump(store)
        #expect(before.contains("77"))
        let second = try store.merge(other)
        #expect(second.newStages == 0)
        #expect(try dump(store) == before)
    }

    @Test("other values for a stage that both stores have finished are counted, the first is named")
    func otherValues() throws {
        let sweep = sampleSweep()
        let store = try ResultsStore()
        let other = try ResultsStore()
        for (store, value) in [(store, 61.5), (other, 60.25)] {
            try store.register(sweep)
            try store.finish(sweep.stages[0], ["scenes_value": 1, "zero": value > 61 ? 0.0 : -0.0])
            for stage in sweep.stages.dropFirst() {
                try store.finish(stage, ["\(stage.kind)_value": value])
            }
        }
        let summary = try store.merge(other)
        #expect(summary.newStages == 0 && summary.knownStages == sweep.stages.count)
        #expect(summary.differingStages == sweep.stages.count - 1)
        #expect(
            summary.firstDifference
                == "\(sweep.stages[1].title): pretrain_value is 61.5 here and 60.25 there")
        #expect(try store.stage(sweep.stages[1].id).metrics == ["pretrain_value": 61.5])
        let same = try ResultsStore()
        _ = try same.merge(store)
        #expect(try store.merge(same).differingStages == 0)
    }

    @Test("a value that no evaluation gives is refused, and nothing is taken over")
    func impossible() throws {
        let sweep = sampleSweep()
        let other = try ResultsStore()
        try other.register(sweep)
        try other.finish(sweep.stages[0], ["probe_accuracy": 7.3e5])
        let store = try ResultsStore()
        let error = StoreError.damaged(
            path: ":memory:",
            detail: "probe_accuracy of stage \(sweep.stages[0].title) is 730000.0, too much")
        #expect(throws: error) {
            try store.merge(other) { $2 > 100 ? "too much" : nil }
        }
        #expect(try store.sweepNames().isEmpty)
    }

    @Test("a failure comes along, gives way to a result, and never takes its place")
    func failures() throws {
        let sweep = sampleSweep("sample", rows: 1, seeds: [0])
        let failed = try ResultsStore()
        try failed.register(sweep)
        try failed.record(
            StageAttempt(outcome: .failed, reason: "loss is nan", seconds: 1, build: "b"),
            sweep.stages[1])
        let store = try ResultsStore()
        #expect(try store.merge(failed).newSweeps == ["sample"])
        #expect(try store.trials(of: "sample")[0].reason?.contains("loss is nan") == true)
        let good = try ResultsStore()
        try good.register(sweep)
        try finish(sweep.stages, in: good)
        _ = try store.merge(good)
        #expect(try store.statusCounts(of: "sample") == StatusCounts(counts: [.finished: 1]))
        _ = try store.merge(failed)
        #expect(try store.statusCounts(of: "sample") == StatusCounts(counts: [.finished: 1]))
    }

    @Test("another plan of a sweep that is here becomes a revision, and the view stays")
    func differing() throws {
        let other = try ResultsStore()
        let large = sampleSweep(rows: 3)
        try other.register(large)
        try finish(large.stages, in: other)
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 1))
        let summary = try store.merge(other)
        #expect(summary.newRevisions == [.init(there: "sample", here: "sample@2")])
        #expect(try store.statusCounts(of: "sample") == StatusCounts(counts: [.finished: 2]))
        #expect(try store.statusCounts(of: "sample@2") == StatusCounts(counts: [.finished: 6]))
        // Equal plans are recognised, whichever number they have.
        #expect(try store.merge(other).newRevisions.isEmpty)
        let known = try store.register(large)
        #expect(known.sweep.revision == 2 && !known.isNewPlan)
        #expect(try store.statusCounts(of: "sample") == StatusCounts(counts: [.finished: 6]))
    }

    @Test(
        "all plans of a sweep come along: with their numbers where it is new, behind ours where not"
    )
    func revisions() throws {
        let other = try ResultsStore()
        for rows in 1...3 { try other.register(sampleSweep(rows: rows)) }
        try other.register(sampleSweep(rows: 2))
        let empty = try ResultsStore()
        #expect(try empty.merge(other).newSweeps == ["sample"])
        #expect(try empty.revisions(of: "sample") == other.revisions(of: "sample"))
        #expect(try empty.trials(of: "sample").count == 4)
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 3))
        #expect(
            try store.merge(other).newRevisions == [
                .init(there: "sample@1", here: "sample@2"),
                .init(there: "sample", here: "sample@3"),
            ])
        let counts = try ["sample@1", "sample@2", "sample@3"].map {
            try store.trials(of: $0).count
        }
        #expect(counts == [6, 2, 4])
        #expect(try store.register(sampleSweep(rows: 4)).sweep.revision == 4)
    }

    @Test("a store with a sweep whose name is a path is refused as a whole")
    func hostileName() throws {
        let folder = try TemporaryFolder()
        let other = try ResultsStore(path: folder.database)
        let sweep = sampleSweep()
        try other.register(sweep)
        try finish(sweep.stages, in: other)
        let name = "x/../../../evil"
        try other.execute(
            sql: "UPDATE sweeps SET name = '\(name)'; UPDATE sweep_names SET name = '\(name)'")
        let store = try ResultsStore()
        let error = StoreError.unusableName(name, path: folder.database)
        #expect(throws: error) { try store.merge(other) }
        #expect(try store.sweepNames().isEmpty)
        #expect(throws: error) { try other.sweep(name) }
        #expect(throws: error) { try other.trials(of: name) }
        #expect(throws: error) { try other.sweepNames() }
        #expect(error.description.contains("'\(name)'"))
        // What is refused can be removed.
        #expect(try other.deleteSweep(name).trials == 4)
        #expect(try other.sweepNames().isEmpty)
    }

    @Test("a stage that a run here is working on is left to it")
    func busy() throws {
        let sweep = sampleSweep("sample", rows: 1, seeds: [0])
        let other = try ResultsStore()
        try other.register(sweep)
        try finish(sweep.stages, in: other)
        let store = try ResultsStore()
        try store.register(sweep)
        let owner = try store.registerOwner()
        let row = try store.lookUp([sweep.stages[0]]).rows[0]
        try store.transact {
            _ = try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        let summary = try store.merge(other)
        #expect(summary.busyStages == 1)
        #expect(summary.newStages == 2)
    }
}
