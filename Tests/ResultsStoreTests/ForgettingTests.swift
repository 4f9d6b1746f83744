import ResultsStore
import Testing

@Suite("Stages that are computed again")
struct ForgettingTests {
    @Test("of a stage that is forgotten no metric, curve or detail is left, of the others all are")
    func nothingLeft() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep(rows: 1, seeds: [0])
        try store.register(sweep)
        let result = StageResult(
            metrics: ["loss": 1], curves: ["loss": [CurvePoint(step: 1, value: 2)]],
            details: ["predictions": "[]"])
        for stage in sweep.stages {
            try store.record(
                StageAttempt(outcome: .finished, result: result, seconds: 1, build: "b"), stage)
        }
        let probe = sweep.stages[2]
        try store.forget(store.lookUp([probe]).rows)
        let forgotten = try store.stage(probe.id)
        #expect(forgotten.status == .pending)
        #expect(forgotten.metrics.isEmpty && forgotten.details.isEmpty)
        #expect(try store.curves(of: probe.id).isEmpty)
        #expect(try store.attempts(of: probe.id).count == 1)
        for stage in sweep.stages.prefix(2) {
            let kept = try store.stage(stage.id)
            #expect(kept.status == .finished)
            #expect(kept.metrics == ["loss": 1] && kept.details == ["predictions": "[]"])
            #expect(try store.curves(of: stage.id)["loss"] == [CurvePoint(step: 1, value: 2)])
        }
    }

    @Test("who does not hold a stage cannot write its progress")
    func progressOfOthers() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let row = try store.lookUp(sweep.stages).rows[0]
        let (holder, other) = (try store.registerOwner(), try store.registerOwner())
        try store.transact {
            _ = try $0.claim(row, owner: holder, worker: 0, attempt: 1, isRebuild: false)
        }
        func note(_ step: Int) -> ProgressNote {
            ProgressNote(
                stage: row, attempt: 1, step: step, steps: 9, detail: "", rate: 1, seconds: 1,
                log: "")
        }
        try store.save([note(7)], owner: holder)
        try store.save([note(3)], owner: other)
        #expect(try store.runningStages().map(\.step) == [7])
    }
}
