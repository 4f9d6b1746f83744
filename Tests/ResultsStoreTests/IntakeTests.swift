import Digests
import ResultsStore
import TestSupport
import Testing

@Suite("Taking in results that came as files")
struct IntakeTests {
    private func dump(_ store: ResultsStore) throws -> String {
        var text = ""
        try store.dump(to: &text)
        return text
    }

    private func result(
        _ stage: Stage, _ value: Double, outcome: AttemptOutcome = .finished
    ) -> ForeignResult {
        ForeignResult(
            stage: stage.id,
            attempt: StageAttempt(
                outcome: outcome, reason: outcome == .failed ? "no" : nil,
                result: StageResult(
                    metrics: ["\(stage.kind)_value": value],
                    curves: ["loss": [CurvePoint(step: 1, value: value)]],
                    details: ["note": "x"]),
                started: 1, seconds: 2, build: "b"), log: "said\n")
    }

    @Test("is as if they had been computed here, and changes nothing the second time")
    func twice() throws {
        let sweep = sampleSweep()
        let store = try ResultsStore()
        try store.register(sweep)
        let results = sweep.stages.map { result($0, $0.work) }
        let first = try store.takeIn(results)
        #expect(first.new == sweep.stages.count && first.known == 0)
        #expect(try store.statusCounts(of: "sample")[.finished] == sweep.trials.count)
        #expect(try store.curves(of: sweep.stages[0].id)["loss"]?.count == 1)
        #expect(try store.log(of: sweep.stages[0].id) == "said\n")
        let before = try dump(store)
        let again = try store.takeIn(results)
        #expect(again.new == 0 && again.known == sweep.stages.count && again.differing == 0)
        #expect(try dump(store) == before)
        #expect(try store.finishedAttempts().values.allSatisfy { $0 == 1 })
    }

    @Test("names results that differ from those here, which stay")
    func differing() throws {
        let sweep = sampleSweep()
        let store = try ResultsStore()
        try store.register(sweep)
        let stage = sweep.stages[0]
        _ = try store.takeIn([result(stage, 1)])
        let summary = try store.takeIn([result(stage, 2)])
        #expect(summary.differing == 1)
        #expect(
            summary.firstDifference
                == "\(stage.title): \(stage.kind)_value is 1.0 here and 2.0 there")
        #expect(try store.stage(stage.id).metrics == ["\(stage.kind)_value": 1])
    }

    @Test("prefers a result to a failure; leaves what is unknown, and what a run is at work on")
    func others() throws {
        let sweep = sampleSweep()
        let store = try ResultsStore()
        try store.register(sweep)
        let stage = sweep.stages[0]
        _ = try store.takeIn([result(stage, 1, outcome: .failed)])
        #expect(try store.statuses(of: [stage.id]) == [stage.id: .failed])
        #expect(try store.takeIn([result(stage, 1)]).new == 1)
        #expect(try store.takeIn([result(stage, 1, outcome: .failed)]).known == 1)
        #expect(try store.statuses(of: [stage.id]) == [stage.id: .finished])
        let unknown = Stage(id: Digest(of: "unknown"), kind: "a", title: "unknown")
        #expect(try store.takeIn([result(unknown, 1)]).unnamed == 1)
        #expect(try store.statuses(of: [unknown.id]) == [:])
        let owner = try store.registerOwner()
        let row = try store.lookUp(sweep.stages).rows[1]
        _ = try store.transact {
            try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        let busy = try store.takeIn([result(sweep.stages[1], 1)])
        #expect(busy.busy == 1 && busy.new == 0)
        #expect(try store.statuses(of: [sweep.stages[1].id]) == [sweep.stages[1].id: .pending])
    }
}
