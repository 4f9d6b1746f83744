import Digests
import Foundation
import ResultsStore
import Synchronization
import TestSupport
import Testing

@Suite("What a page shows")
struct PageTests {
    private let store: ResultsStore
    private let sweep = sampleSweep(rows: 3, seeds: [0, 1, 2])

    /// Row 0, seed 0 is finished; row 1, seed 0 has failed.
    init() throws {
        store = try ResultsStore(inMemory: .init())
        try store.register(sweep)
        for stage in sweep.stages.prefix(3) { try store.finish(stage, ["\(stage.kind).value": 1]) }
        try store.record(
            StageAttempt(outcome: .failed, reason: "loss is nan"), sweep.stages[7])
    }

    @Test("trials come page by page, of one row, or of one state")
    func pages() throws {
        let page = try store.trialPage(of: "sample", from: 2, count: 3)
        #expect(page.total == 9 && page.trials.map(\.row) == [0, 1, 1])
        #expect(page.trials.map(\.seed) == [2, 0, 1])
        #expect(page.trials.map(\.status) == [.pending, .failed, .pending])
        #expect(page.trials[1].reason == "loss is nan")
        let row = try store.trialPage(of: "sample", row: 2)
        #expect(row.total == 3 && row.trials.allSatisfy { $0.row == 2 })
        let failed = try store.trialPage(of: "sample", statuses: [.failed, .blocked])
        #expect(failed.total == 1 && failed.trials.map(\.row) == [1])
        #expect(try store.trialPage(of: "sample", from: 100).trials.isEmpty)
    }

    @Test("the database sorts trials by label, seed or a metric; those without a value come last")
    func sorting() throws {
        try store.finish(sweep.stages[5], ["pretrain.value": 3])
        try store.finish(sweep.stages[9], ["pretrain.value": 2])
        let all = try store.trials(of: "sample")
        func sorted(
            _ order: TrialOrder, _ isDescending: Bool = false, from: Int = 0, count: Int = 9
        )
            throws -> [TrialRecord]
        {
            let digests = try store.sortedTrials(
                of: "sample", by: order, isDescending: isDescending, from: from, count: count)
            return digests.compactMap { digest in all.first { $0.digest == digest } }
        }
        #expect(try sorted(.plan) == all)
        #expect(try sorted(.plan, from: 2, count: 3) == Array(all[2..<5]))
        #expect(try sorted(.seed).map(\.seed) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
        let labels = all.map(\.label)
        #expect(try sorted(.label).map(\.label) == labels.sorted())
        #expect(try sorted(.label, true).map(\.label) == labels.sorted(by: >))
        #expect(Set(labels).count == 3)
        let values = all.compactMap { $0.metrics["pretrain.value"] }
        #expect(values.count == 3)
        func measured(_ trials: [TrialRecord]) -> [Double?] {
            trials.prefix(4).map { $0.metrics["pretrain.value"] }
        }
        #expect(try measured(sorted(.metric("pretrain.value"))) == [1, 2, 3, nil])
        #expect(try measured(sorted(.metric("pretrain.value"), true)) == [3, 2, 1, nil])
    }

    @Test("some trials and their stages are what they are among all")
    func some() throws {
        let all = try store.trials(of: "sample")
        let chosen = [all[4], all[1]]
        #expect(try store.trials(of: "sample", among: chosen.map(\.digest)) == [all[1], all[4]])
        let stages = try store.stagesByTrial(of: "sample")
        #expect(stages.count == 9)
        for trial in all {
            #expect(try stages[trial.digest] == store.stages(ofTrial: trial.digest))
        }
        let own = try store.stagesByTrial(of: "sample", among: chosen.map(\.digest))
        #expect(own == stages.filter { $0.key == all[4].digest || $0.key == all[1].digest })
    }

    @Test("a read that nobody waits for any more throws")
    func withdrawn() throws {
        let isWithdrawn = Mutex(false)
        let store = try ResultsStore(
            inMemory: .init(isWithdrawn: { isWithdrawn.withLock { $0 } }))
        try store.register(sweep)
        #expect(try store.trials(of: "sample").count == 9)
        isWithdrawn.withLock { $0 = true }
        #expect(throws: CancellationError.self) { try store.trials(of: "sample") }
        isWithdrawn.withLock { $0 = false }
        #expect(try store.trials(of: "sample").count == 9)
    }

    @Test("a single trial is what it is among all")
    func single() throws {
        let all = try store.trials(of: "sample")
        for trial in all {
            #expect(try store.trials(of: "sample", only: trial.digest) == [trial])
        }
        #expect(try store.trials(of: "sample", only: Digest(of: "none")).isEmpty)
    }

    @Test("stages are counted by kind, each once, with the work that is left")
    func kinds() throws {
        let kinds = try store.stageCounts(of: "sample")
        #expect(kinds.map(\.kind) == ["scenes", "pretrain", "probe"])
        #expect(kinds.map(\.total) == [1, 9, 9])
        #expect(kinds.map(\.finished) == [1, 1, 1])
        #expect(kinds.map(\.failed) == [0, 1, 0])
        #expect(kinds.map(\.blocked) == [0, 0, 1])
        #expect(kinds.map(\.workLeft) == [0, 35, 7])
        #expect(try store.stages(sweep.stages.map(\.id), of: "sample").count == 19)
    }

    @Test("the counts of all sweeps are those of each")
    func counts() throws {
        try store.register(sampleSweep("other", rows: 1))
        let counts = try store.statusCounts()
        #expect(Set(counts.keys) == ["sample", "other"])
        for name in counts.keys {
            let own = try store.statusCounts(of: name)
            for status in TrialStatus.allCases { #expect(counts[name]?[status] == own[status]) }
        }
    }

    @Test("the mark of results changes with results and plans, and with nothing else")
    func mark() throws {
        let before = try store.resultsMark()
        #expect(try store.resultsMark() == before)
        try store.finish(sweep.stages[3])
        let after = try store.resultsMark()
        #expect(after != before)
        try store.register(sampleSweep("other", rows: 1))
        #expect(try store.resultsMark() != after)
    }
}
