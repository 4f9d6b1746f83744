import Digests
import ResultsStore
import Testing

@Suite("Where trials stand")
struct TrialStatusTests {
    private let sweep = sampleSweep()

    private func store() throws -> ResultsStore {
        let store = try ResultsStore()
        try store.register(sweep)
        return store
    }

    @Test("a trial is finished when all its stages are")
    func finished() throws {
        let store = try store()
        try store.finish(sweep.stages[0])
        try store.finish(sweep.stages[1], ["pretrain.loss": 3.5], seconds: 7, build: "x")
        #expect(try store.trials(of: "sample")[0].status == .pending)
        try store.finish(sweep.stages[2], ["probe.accuracy": 0.25, "probe.error": .nan])
        let trial = try store.trials(of: "sample")[0]
        #expect(trial.status == .finished)
        #expect(trial.metrics["pretrain.loss"] == 3.5)
        #expect(trial.metrics["probe.accuracy"] == 0.25)
        #expect(trial.metrics["probe.error"]?.isNaN == true)
        #expect(trial.seconds == 9)
        #expect(trial.builds == ["b", "x"])
        #expect(trial.label == "batch_size 64" && trial.isBaseline && trial.seed == 0)
    }

    @Test("a failed stage fails its trial with its reason, and no other")
    func failed() throws {
        let store = try store()
        try store.record(
            StageAttempt(outcome: .failed, reason: "loss is nan at step 3"), sweep.stages[1])
        let trials = try store.trials(of: "sample")
        #expect(trials.map(\.status) == [.failed, .pending, .pending, .pending])
        #expect(trials[0].reason == "loss is nan at step 3")
        #expect(
            try store.failures(of: "sample") == [
                FailureRecord(
                    stage: sweep.stages[1].id, kind: "pretrain", title: "pretrain row 0 seed 0",
                    reason: "loss is nan at step 3", attempts: 1, trials: 1)
            ])
    }

    @Test("a trial that lists only its last stage is blocked by a failure further up")
    func blocked() throws {
        var sweep = sampleSweep()
        for index in sweep.trials.indices { sweep.trials[index].stages.removeFirst(2) }
        let store = try ResultsStore()
        try store.register(sweep)
        try store.record(StageAttempt(outcome: .failed, reason: "no clips"), sweep.stages[0])
        let trials = try store.trials(of: "sample")
        #expect(trials.allSatisfy { $0.status == .blocked && $0.reason == "no clips" })
        #expect(try store.failures(of: "sample").map(\.trials) == [4])
    }

    @Test("a claimed stage makes its trials running until it is recorded")
    func running() throws {
        let store = try store()
        let row = try store.lookUp([sweep.stages[1]]).rows[0]
        let owner = try store.registerOwner()
        let answer = try store.transact {
            try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        #expect(answer == .granted)
        #expect(try store.trials(of: "sample")[0].status == .running)
        #expect(try store.runningStages().map(\.title) == ["pretrain row 0 seed 0"])
        try store.record(StageAttempt(outcome: .cancelled), sweep.stages[1])
        #expect(try store.trials(of: "sample")[0].status == .pending)
        #expect(try store.attempts(of: sweep.stages[1].id).map(\.outcome) == [.cancelled])
    }

    @Test("a claim is refused while another run holds the stage, and after it is finished")
    func claims() throws {
        let store = try store()
        let row = try store.lookUp([sweep.stages[0]]).rows[0]
        func claim(_ owner: OwnerNumber, isRebuild: Bool = false) throws -> ClaimAnswer {
            try store.transact {
                try $0.claim(row, owner: owner, worker: 0, attempt: 1, isRebuild: isRebuild)
            }
        }
        #expect(try claim(1) == .granted)
        #expect(try claim(2) == .held)
        try store.finish(sweep.stages[0])
        #expect(try claim(2) == .finished)
        #expect(try claim(2, isRebuild: true) == .granted)
    }

    @Test("trials and stages are found by the first digits of their digests")
    func find() throws {
        let store = try store()
        let id = sweep.trials[2].id
        #expect(
            try store.find(id.short) == [
                FoundDigest(
                    kind: .trial, digest: id, title: "batch_size 128, seed 0", sweep: "sample")
            ])
        let stage = sweep.stages[1]
        #expect(
            try store.find(stage.id.description.uppercased()) == [
                FoundDigest(kind: .stage, digest: stage.id, title: stage.title)
            ])
        #expect(try store.find("").isEmpty && store.find("'; --").isEmpty)
        try store.record(StageAttempt(outcome: .failed, reason: "nan"), stage)
        let snapshot = try store.snapshot(of: "sample")
        #expect(snapshot.counts[.failed] == 1 && snapshot.failures.count == 1)
        #expect(snapshot.running.isEmpty)
    }

    @Test("curves, details, attempts and logs are read back as they were written")
    func parts() throws {
        let store = try store()
        let stage = sweep.stages[1]
        let curve = [CurvePoint(step: 0, value: 4.5), CurvePoint(step: 10, value: 3.25)]
        let result = StageResult(
            metrics: ["loss": 3.25], curves: ["loss": curve], details: ["note": "ok"])
        try store.record(StageAttempt(outcome: .faulted, reason: "disk"), stage)
        try store.record(
            StageAttempt(
                outcome: .finished, attempt: 2, worker: 1, result: result, started: 5, seconds: 2,
                peakMemoryBytes: 99, build: "b"), stage)
        let row = try store.lookUp([stage]).rows[0]
        try store.transact { try $0.appendLog("one\n", stage: row, attempt: 1) }
        try store.transact { try $0.appendLog("two\n", stage: row, attempt: 2) }
        #expect(try store.curves(of: stage.id) == ["loss": curve])
        let record = try store.stage(stage.id)
        #expect(record.details == ["note": "ok"])
        #expect(record.status == .finished && record.peakMemoryBytes == 99 && record.seconds == 2)
        #expect(try store.attempts(of: stage.id).map(\.reason) == ["disk", nil])
        #expect(try store.log(of: stage.id) == "two\n")
        #expect(try store.log(of: stage.id, attempt: 1) == "one\n")
        #expect(try store.stages(ofTrial: sweep.trials[0].id) == sweep.trials[0].stages)
        #expect(throws: StoreError.unknownStage("\(Digest(of: "?"))")) {
            try store.stage(Digest(of: "?"))
        }
        #expect(throws: StoreError.unknownSweep(name: "x", known: ["sample"])) {
            try store.trials(of: "x")
        }
    }
}
