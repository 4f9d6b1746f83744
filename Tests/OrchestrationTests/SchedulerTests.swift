import Digests
import Orchestration
import ResultsStore
import Testing

@Suite("The scheduler")
struct SchedulerTests {
    @Test(
        "100,000 random graphs and histories: once each, dependencies first, failures fence only what depends on them, cancellation drains"
    )
    func randomGraphs() throws {
        var starts = 0
        for seed in 1...100_000 as ClosedRange<UInt64> {
            var scenario = try RandomScenario(seed: seed)
            scenario.play()
            starts += scenario.starts
            if let fault = scenario.faults.first {
                Issue.record("scenario \(seed): \(fault)")
                return
            }
        }
        #expect(starts > 300_000)
    }

    private func stage(
        _ name: String, _ dependencies: [String] = [], work: Double = 1, memory: Int = 0,
        threads: Int = 1
    ) -> Stage {
        Stage(
            id: Digest(of: name), kind: "k", title: name,
            dependencies: dependencies.map { Digest(of: $0) }, memoryBytes: memory, work: work,
            threads: threads)
    }

    private func starts(_ actions: [Scheduler.Action], _ graph: StageGraph) -> [String] {
        actions.compactMap {
            if case .start(let stage, let worker, _, _, _) = $0 {
                "\(graph.stages[stage].title)@\(worker)"
            } else {
                nil
            }
        }
    }

    @Test("the longest chain of work starts first, not the longest stage")
    func longestFirst() throws {
        let graph = try StageGraph([
            stage("long", work: 5), stage("first", work: 1), stage("next", ["first"], work: 9),
            stage("short", work: 2),
        ])
        var scheduler = Scheduler(
            graph: graph, intents: Array(repeating: .run, count: 4), limits: .init(workers: 2))
        #expect(starts(scheduler.handle(.begin), graph) == ["first@0", "long@1"])
        #expect(starts(scheduler.handle(.finished(stage: 1, worker: 0)), graph) == ["next@0"])
    }

    @Test("a worker goes on with what depends on its last stage")
    func affinity() throws {
        let graph = try StageGraph([
            stage("a"), stage("b"), stage("a2", ["a"]), stage("b2", ["b"]),
        ])
        var scheduler = Scheduler(
            graph: graph, intents: Array(repeating: .run, count: 4), limits: .init(workers: 2))
        #expect(starts(scheduler.handle(.begin), graph) == ["a@0", "b@1"])
        #expect(starts(scheduler.handle(.finished(stage: 1, worker: 1)), graph) == ["b2@1"])
    }

    @Test("a stage of several threads gets what is free, and others wait for it")
    func threads() throws {
        let graph = try StageGraph([stage("wide", work: 9, threads: 8), stage("narrow")])
        var scheduler = Scheduler(
            graph: graph, intents: [.run, .run], limits: .init(workers: 3))
        #expect(
            scheduler.handle(.begin)
                == [.start(stage: 0, worker: 0, attempt: 1, threads: 3, isRebuild: false)])
        #expect(starts(scheduler.handle(.finished(stage: 0, worker: 0)), graph).count == 1)
    }

    @Test("a smaller stage takes the room that a larger one does not fit in")
    func memory() throws {
        let graph = try StageGraph([
            stage("huge", work: 9, memory: 80), stage("large", work: 8, memory: 60),
            stage("small", work: 1, memory: 20),
        ])
        var scheduler = Scheduler(
            graph: graph, intents: [.run, .run, .run], limits: .init(workers: 3, memory: 100))
        #expect(starts(scheduler.handle(.begin), graph) == ["huge@0", "small@1"])
    }

    @Test("faulty plans are refused with the stages' names")
    func faultyPlans() {
        #expect(
            throws: OrchestrationError.cycle(titles: ["a", "c", "b", "a"])
        ) { try StageGraph([stage("a", ["c"]), stage("b", ["a"]), stage("c", ["b"])]) }
        #expect(throws: OrchestrationError.duplicate(title: "a")) {
            try StageGraph([stage("a"), stage("a")])
        }
        #expect(
            throws: OrchestrationError.unlisted(
                digest: "\(Digest(of: "x"))", namedBy: "stage 'a'")
        ) { try StageGraph([stage("a", ["x"])]) }
    }

    @Test("every error says what, which and what to do")
    func wording() {
        #expect(
            "\(OrchestrationError.cycle(titles: ["a", "b", "a"]))"
                == "stages depend on one another in a circle ('a' -> 'b' -> 'a'): remove one dependency"
        )
        #expect(
            "\(OrchestrationError.duplicate(title: "a"))"
                == "stage 'a' is in the plan twice: list it once")
        #expect(
            "\(OrchestrationError.unlisted(digest: "0a", namedBy: "trial 0b"))"
                == "stage 0a, named by trial 0b, is not in the plan: add it")
        #expect(
            "\(OrchestrationError.unregistered(title: "a"))"
                == "stage 'a' is not in the results database: register the sweep before running it")
        #expect(
            "\(OrchestrationError.usedTwice)"
                == "this run was started before: make a new SweepRun for another go")
    }
}
