import Digests
import ResultsStore
import Testing

@Suite("Deleting sweeps and artifacts")
struct DeletionTests {
    @Test("deleting a sweep keeps what another one needs")
    func deletion() throws {
        let store = try ResultsStore()
        let large = sampleSweep("large", rows: 3)
        try store.register(large)
        for stage in large.stages { try store.finish(stage, ["\(stage.title)": 1]) }
        try store.register(sampleSweep("small", rows: 1))
        #expect(try store.deleteSweep("large") == .init(trials: 6, stages: 8))
        #expect(try store.sweepNames() == ["small"])
        #expect(try store.statusCounts(of: "small") == StatusCounts(counts: [.finished: 2]))
        #expect(
            try store.flatResults(of: "small").columns.suffix(7) == [
                "batch_size", "pretrain row 0 seed 0", "pretrain row 0 seed 1",
                "probe row 0 seed 0", "probe row 0 seed 1", "scenes", "model_file",
            ])
        #expect(try store.deleteSweep("small") == .init(trials: 2, stages: 5))
        #expect(throws: StoreError.unknownSweep(name: "small", known: [])) {
            try store.deleteSweep("small")
        }
    }

    @Test("a sweep that a living process works on is not deleted, one that a dead process left is")
    func inUse() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let row = try store.lookUp([sweep.stages[0]]).rows[0]
        let owner = try store.registerOwner()
        try store.transact {
            _ = try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        #expect(
            throws: StoreError.inUse(sweep: "sample", pid: ProcessIdentity.current.pid)
        ) { try store.deleteSweep("sample") }
        try store.removeOwner(owner)
        var dead = ProcessIdentity.current
        dead.processStart = "1"
        let other = try store.registerOwner(dead)
        try store.transact {
            _ = try $0.claim(row, owner: other, worker: 0, attempt: 1, isRebuild: false)
        }
        #expect(try store.deleteSweep("sample").trials == 4)
    }

    @Test("artifacts that no kept sweep needs are not in the list of those to keep")
    func artifacts() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        try store.register(sampleSweep("small", rows: 1))
        let makers = sweep.stages.filter(\.producesArtifact).map(\.id)
        #expect(try store.neededArtifacts() == Set(makers))
        #expect(try store.neededArtifacts(of: ["small"]) == Set(makers.prefix(3)))
        for stage in sweep.stages where stage.title != "probe row 1 seed 1" {
            try store.finish(stage)
        }
        let last = sweep.stages.first { $0.title == "pretrain row 1 seed 1" }
        #expect(try store.neededArtifacts(onlyUnfinished: true) == [try #require(last).id])
    }
}
