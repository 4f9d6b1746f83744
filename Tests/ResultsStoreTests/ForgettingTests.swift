import Digests
import ResultsStore
import Testing

@Suite("Forgetting results")
struct ForgettingTests {
    private func attempt(_ value: Double, steps: [Int], details: [String: String]) -> StageAttempt {
        StageAttempt(
            outcome: .finished,
            result: StageResult(
                metrics: ["probe.value": value],
                curves: ["loss": steps.map { CurvePoint(step: $0, value: value) }],
                details: details),
            seconds: value, peakMemoryBytes: 7, build: "b")
    }

    @Test("a stage that is forgotten has no metrics, curves or details left, and its attempts stay")
    func nothingLeft() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let (scenes, probe, other) = (sweep.stages[0], sweep.stages[2], sweep.stages[4])
        try store.finish(scenes)
        for stage in [probe, other] {
            try store.record(
                attempt(1, steps: [10, 20, 30], details: ["a": "x", "b": "y"]), stage)
        }
        let kept = try store.stage(other.id)
        try store.forget([store.lookUp([probe]).rows[0]])
        let stage = try store.stage(probe.id)
        #expect(stage.status == .pending && stage.reason == nil)
        #expect(stage.seconds == nil && stage.peakMemoryBytes == nil && stage.build == nil)
        #expect(stage.metrics.isEmpty && stage.details.isEmpty)
        #expect(try store.curves(of: probe.id).isEmpty)
        #expect(try store.attempts(of: probe.id).map(\.outcome) == [.finished])
        #expect(try store.trials(of: "sample")[0].metrics.isEmpty)
        // Another stage's results are not touched.
        #expect(try store.stage(other.id) == kept)
        #expect(try store.curves(of: other.id)["loss"]?.count == 3)

        // What comes instead is all there is, also where it is less than before.
        try store.record(attempt(2, steps: [10], details: ["a": "z"]), probe)
        #expect(try store.stage(probe.id).details == ["a": "z"])
        #expect(try store.stage(probe.id).seconds == 2)
        #expect(try store.curves(of: probe.id) == ["loss": [CurvePoint(step: 10, value: 2)]])
    }

    @Test("a failure that is forgotten has no reason left and may run again")
    func failure() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let stage = sweep.stages[0]
        try store.record(StageAttempt(outcome: .failed, reason: "loss is nan"), stage)
        #expect(try store.statusCounts(of: "sample")[.failed] == 4)
        let row = try store.lookUp([stage]).rows[0]
        try store.forget([row])
        #expect(try store.failures(of: "sample").isEmpty)
        #expect(try store.statusCounts(of: "sample")[.pending] == 4)
        let owner = try store.registerOwner()
        let answer = try store.transact {
            try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        #expect(answer == .granted)
    }
}
