import Digests
import ResultsStore
import Testing

@Suite("Registering sweeps")
struct RegistrationTests {
    @Test("the same sweep again changes nothing")
    func sameAgain() throws {
        let store = try ResultsStore()
        let first = try store.register(sampleSweep())
        #expect(first.isChanged && first.isNewPlan && first.newStages == 9)
        let second = try store.register(sampleSweep())
        #expect(!second.isChanged && !second.isNewPlan && second.newStages == 0)
        #expect(second.sweep == first.sweep && second.earlier == nil)
        #expect(try store.sweepNames() == ["sample"])
    }

    @Test("a changed sweep is seen with its own trials, and every result is kept")
    func changed() throws {
        let store = try ResultsStore()
        let small = sampleSweep()
        try store.register(small)
        for stage in small.stages { try store.finish(stage, ["\(stage.kind).value": 1]) }
        let summary = try store.register(sampleSweep(rows: 3))
        #expect(summary.isChanged && summary.newStages == 4)
        let trials = try store.trials(of: "sample")
        #expect(
            trials.map(\.status) == [
                .finished, .finished, .finished, .finished, .pending, .pending,
            ])
        #expect(trials[4].metrics == ["scenes.value": 1])
        try store.register(sampleSweep(rows: 1))
        #expect(try store.trials(of: "sample").count == 2)
        try store.register(sampleSweep(rows: 2))
        #expect(try store.statusCounts(of: "sample")[.finished] == 4)
    }

    @Test("two sweeps share the results of equal stages")
    func shared() throws {
        let store = try ResultsStore()
        let first = sampleSweep("first")
        try store.register(first)
        for stage in first.stages { try store.finish(stage) }
        #expect(try store.register(sampleSweep("second")).newStages == 0)
        #expect(try store.statusCounts(of: "second") == StatusCounts(counts: [.finished: 4]))
    }

    @Test("digests are written as they are described")
    func digestTexts() {
        let digests = [
            Digest(high: 0, low: 0), Digest(high: .max, low: 0x0123_4567_89AB_CDEF),
            Digest(of: "a"),
        ]
        for digest in digests { #expect(digest.text == digest.description) }
    }

    @Test("a plan that names what it does not list is refused and leaves nothing")
    func refused() throws {
        let store = try ResultsStore()
        var sweep = sampleSweep()
        let stranger = Digest(of: "stranger")
        sweep.trials[0].stages.append(stranger)
        #expect(
            throws: StoreError.unregistered(
                "stage \(stranger)", namedBy: "trial \(sweep.trials[0].id)")
        ) { try store.register(sweep) }
        sweep = sampleSweep()
        sweep.stages.append(sweep.stages[0])
        #expect(throws: StoreError.duplicate("stage", value: "\(sweep.stages[0].id)")) {
            try store.register(sweep)
        }
        #expect(try store.sweepNames().isEmpty)
    }
}
