import Digests
import Foundation
import ResultsStore
import TestSupport
import Testing

/// Stages that a database calls finished, whose figures somebody has removed from it.
@Suite("Figures that are gone")
struct RemovedFiguresTests {
    private let store: ResultsStore
    private let sweep = sampleSweep()
    private static let removal = "DELETE FROM metrics WHERE name = 'probe' AND value = 2"

    /// All is finished; stages that leave a file have no figures, the probes have theirs, counted from 0.
    init() throws {
        store = try ResultsStore(inMemory: .init())
        try store.register(sweep)
        for (number, stage) in sweep.stages.enumerated() {
            try store.finish(stage, stage.kind == "probe" ? ["probe": Double(number / 2)] : [:])
        }
        #expect(try store.stagesWithoutFigures().isEmpty)
        #expect(try store.statusCounts(of: "sample")[.finished] == 4)
    }

    @Test(
        "the trial is not finished, for whoever asks, with and without the digest of what was there",
        arguments: [removal, removal + "; UPDATE stages SET metrics_digest = NULL"])
    func pending(sql: String) throws {
        try store.execute(sql: sql)
        #expect(try store.stagesWithoutFigures().map(\.title) == ["probe row 0 seed 1"])
        #expect(
            try store.trials(of: "sample").map(\.status) == [
                .finished, .pending, .finished, .finished,
            ])
        #expect(try store.statusCounts(of: "sample").counts == [.finished: 3, .pending: 1])
        #expect(try store.statusCounts()["sample"]?.counts == [.finished: 3, .pending: 1])
        let place = try #require(sweep.stages.firstIndex { $0.title == "probe row 0 seed 1" })
        let stage = sweep.stages[place]
        #expect(try store.lookUp(sweep.stages).statuses[place] == .pending)
        #expect(try store.statuses(of: [stage.id]) == [stage.id: .pending])
        #expect(
            try store.stageCounts(of: "sample").first { $0.kind == "probe" }.map {
                [$0.finished, $0.waiting]
            } == [3, 1])
        let flat = try store.flatResults(of: "sample")
        let status = try #require(flat.columns.firstIndex(of: "status"))
        #expect(flat.rows.map { $0[status] } == ["finished", "pending", "finished", "finished"])
    }

    @Test("they are given up, computed again, and then there")
    func givenUp() throws {
        try store.execute(sql: Self.removal)
        #expect(try store.giveUpStagesWithoutFigures() == ["probe row 0 seed 1"])
        #expect(try store.giveUpStagesWithoutFigures() == [])
        let stage = try #require(sweep.stages.first { $0.title == "probe row 0 seed 1" })
        #expect(try store.stage(stage.id).status == .pending)
        #expect(try store.attempts(of: stage.id).count == 1)
        try store.finish(stage, ["probe": 2])
        #expect(try store.statusCounts(of: "sample")[.finished] == 4)
        #expect(try store.trials(of: "sample").map(\.metrics)[1] == ["probe": 2])
    }

    @Test(
        "a merge takes over what is there, says how many are not, and mends the store that it is for"
    )
    func merge() throws {
        let other = try ResultsStore(inMemory: .init())
        try store.execute(sql: Self.removal)
        let summary = try other.merge(store)
        #expect(summary.newStages == sweep.stages.count - 1 && summary.stagesWithoutFigures == 1)
        #expect(try other.statusCounts(of: "sample").counts == [.finished: 3, .pending: 1])
        let stage = try #require(sweep.stages.first { $0.title == "probe row 0 seed 1" })
        try other.finish(stage, ["probe": 2])
        let back = try store.merge(other)
        #expect(back.newStages == 1 && back.differingStages == 0)
        #expect(try store.statusCounts(of: "sample")[.finished] == 4)
    }
}
