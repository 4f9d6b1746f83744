import Digests
import ResultsStore
import Testing

@Suite("What results cost, and where they come from")
struct ProvenanceTests {
    private let store: ResultsStore
    private let sweep = sampleSweep()

    init() throws {
        store = try ResultsStore(inMemory: .init())
        try store.register(sweep)
    }

    private func attempt(
        _ outcome: AttemptOutcome, seconds: Double, processor: Double?
    ) -> StageAttempt {
        StageAttempt(outcome: outcome, seconds: seconds, processorSeconds: processor)
    }

    @Test(
        "processor time counts each stage once, in each row that has it, and what was in vain apart"
    )
    func costs() throws {
        // Scenes; two stages of row 0, seed 0; one of row 1, seed 0.
        try store.record(attempt(.finished, seconds: 2, processor: 3), sweep.stages[0])
        try store.record(attempt(.faulted, seconds: 50, processor: 60), sweep.stages[1])
        try store.record(attempt(.finished, seconds: 9, processor: 10), sweep.stages[1])
        try store.record(attempt(.finished, seconds: 1, processor: 0.5), sweep.stages[2])
        try store.record(attempt(.finished, seconds: 20, processor: 30), sweep.stages[5])
        try store.record(attempt(.failed, seconds: 7, processor: 7), sweep.stages[7])
        let costs = try store.processorCosts(of: "sample")
        #expect(costs.results == 43.5 && costs.spent == 110.5 && costs.isMeasured)
        #expect(costs.rows == ["batch_size 64": 13.5, "batch_size 128": 33])
        #expect(try store.attempts(of: sweep.stages[1].id).map(\.processorSeconds) == [60, 10])
    }

    @Test("an attempt without processor time counts with its time by the clock, and that is said")
    func unmeasured() throws {
        try store.record(attempt(.finished, seconds: 2, processor: nil), sweep.stages[0])
        let costs = try store.processorCosts(of: "sample")
        #expect(costs.results == 2 && costs.spent == 2 && !costs.isMeasured)
    }

    @Test("what a run says of itself comes back")
    func runs() throws {
        let run = RunRecord(
            started: 1, workers: 2, seconds: 3, predictedSeconds: nil, stagesRun: 4,
            outcome: "finished", facts: ["plan": "p", "program": "abc"])
        try store.record(run, of: "sample")
        #expect(try store.runs(of: "sample") == [run])
    }

    @Test("a calibrated rate holds until the kind is measured")
    func calibrated() throws {
        let rates = [
            "pretrain": MeasuredRate(secondsPerWork: 7, spread: 0.2, count: 1),
            "probe": MeasuredRate(secondsPerWork: 8, spread: 0.2, count: 1),
        ]
        try store.keep(calibrated: rates)
        #expect(try store.expectedRates() == rates)
        #expect(try store.measuredRates().isEmpty)
        try store.finish(sweep.stages[1], seconds: 10)
        #expect(try store.expectedRates()["pretrain"]?.secondsPerWork == 2)
        #expect(try store.expectedRates()["probe"]?.secondsPerWork == 8)
    }

    @Test("what other programs call by the same name is no measure of a stage")
    func ratesOfOtherPrograms() throws {
        for (place, build) in [(1, "ablate 1, cpu"), (3, "ablate 1, train.py")] {
            try store.finish(sweep.stages[place], seconds: Double(10 * place), build: build)
        }
        func rate(_ build: String?, _ isAlike: @escaping (String) -> Bool) throws -> Double? {
            try store.measuredRates(build: build, builds: isAlike)["pretrain"]?.secondsPerWork
        }
        #expect(try rate(nil) { $0.hasSuffix(", cpu") } == 2)
        #expect(try rate("ablate 2, train.py") { $0.hasSuffix(", train.py") } == 6)
        #expect(try rate("ablate 2, other.py") { $0.hasSuffix(", other.py") } == nil)
        #expect(try rate(nil) { _ in true } == 4)
        try store.keep(calibrated: [
            "pretrain": MeasuredRate(secondsPerWork: 7, spread: 0, count: 1)
        ])
        #expect(try store.expectedRates { $0 == "none" }["pretrain"]?.secondsPerWork == 7)
    }

    @Test("a rate of processor time leaves out what others had of the machine")
    func ratesByProcessor() throws {
        try store.record(attempt(.finished, seconds: 60, processor: 20), sweep.stages[1])
        try store.record(attempt(.finished, seconds: 30, processor: nil), sweep.stages[3])
        #expect(try store.measuredRates()["pretrain"]?.secondsPerWork == 9)
        let ofProcessor = try store.measuredRates(timedByProcessor: ["pretrain"])
        // Before this was measured there is the clock alone.
        #expect(ofProcessor["pretrain"]?.secondsPerWork == 5)
    }

    @Test("a stage that was stopped and gone on with says nothing of how long such stages take")
    func ratesOfTheWhole() throws {
        try store.record(attempt(.finished, seconds: 10, processor: 10), sweep.stages[1])
        try store.record(attempt(.cancelled, seconds: 9, processor: 9), sweep.stages[3])
        try store.record(attempt(.finished, seconds: 1, processor: 1), sweep.stages[3])
        #expect(try store.measuredRates()["pretrain"]?.secondsPerWork == 2)
        #expect(try store.measuredRates()["pretrain"]?.count == 1)
    }

    @Test("what a run foretells is there for others while it lives, and for its own sweep alone")
    func timeLeft() throws {
        var other = sampleSweep(rows: 3)
        other.name = "other"
        try store.register(other)
        let owner = try store.registerOwner(threads: 2, sweep: "sample")
        _ = try store.registerOwner(threads: 2)
        #expect(try store.wholeRuns(of: "sample").map(\.timeLeft) == [nil])
        let left = RunTimeLeft(seconds: 90, deviation: 5, saved: 1_000)
        try store.save(left, owner: owner)
        #expect(try store.wholeRuns(of: "sample").map(\.timeLeft) == [left])
        #expect(try store.wholeRuns(of: "other").isEmpty)
        let dead = ProcessIdentity(pid: 1, boot: "-", processStart: "", namespace: "")
        _ = try store.registerOwner(dead, sweep: "sample")
        #expect(try store.wholeRuns(of: "sample").count == 1)
        try store.removeOwner(owner)
        #expect(try store.wholeRuns(of: "sample").isEmpty)
    }

    @Test("the flat view names the file of a trial's model once it is there")
    func modelFile() throws {
        var other = sweep
        other.modelFiles = ["pretrain": "cache/encoders/*.safetensors"]
        try store.register(other)
        for stage in sweep.stages.prefix(2) { try store.finish(stage) }
        let results = try store.flatResults(of: "sample")
        let column = try #require(results.columns.firstIndex(of: "model_file"))
        #expect(
            results.rows.map { $0[column] } == [
                "cache/encoders/\(sweep.stages[1].id).safetensors", nil, nil, nil,
            ])
    }
}
