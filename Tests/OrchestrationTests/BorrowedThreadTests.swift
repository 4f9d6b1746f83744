import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Synchronization
import Testing

@Suite("Threads that stages borrow")
struct BorrowedThreadTests {
    private func stage(
        _ name: String, work: Double = 1, threads: Int = 64, borrows: Bool = true
    ) -> Stage {
        Stage(
            id: Digest(of: name), kind: "k", title: name, work: work, threads: threads,
            borrowsThreads: borrows)
    }

    private func sweep(_ stages: [Stage]) -> SweepRegistration {
        SweepRegistration(
            name: "borrowing", parameters: ["x"],
            rows: [PlannedRow(index: 0, label: "row", settings: "{}", varied: "{}")],
            trials: stages.enumerated().map {
                PlannedTrial(id: Digest(of: "t\($0)"), row: 0, seed: $0, stages: [$1.id])
            }, stages: stages)
    }

    @Test("a stage that borrows holds one thread, and one that does not gets what nobody holds")
    func scheduler() throws {
        let graph = try StageGraph([
            stage("borrows", work: 9), stage("wide", work: 5, threads: 8, borrows: false),
        ])
        var scheduler = Scheduler(
            graph: graph, intents: [.run, .run], limits: .init(workers: 2, threads: 4))
        #expect(
            scheduler.handle(.begin) == [
                .start(stage: 0, worker: 0, attempt: 1, threads: 1, isRebuild: false),
                .start(stage: 1, worker: 1, attempt: 1, threads: 3, isRebuild: false),
            ])
    }

    @Test("the last stages of a run use all threads, and together they never use more")
    func lastStages() throws {
        let busy = Mutex((now: 0, most: 0))
        let atEnd = Mutex<[String: Int]>([:])
        // Loops of eight items of a millisecond; the first is over long before the last.
        let lengths = ["short": 2, "middle": 12, "long": 60]
        let executor = RecordingExecutor { stage, context in
            for _ in 0..<(lengths[stage.title] ?? 1) {
                context.team.perform(8) { _, _ in
                    busy.withLock {
                        $0.now += 1
                        $0.most = max($0.most, $0.now)
                    }
                    Thread.sleep(forTimeInterval: 0.001)
                    busy.withLock { $0.now -= 1 }
                }
            }
            atEnd.withLock { $0[stage.title] = context.team.likelyThreads }
            return StageResult()
        }
        let store = try ResultsStore()
        let stages = lengths.map { stage($0.key, work: Double($0.value)) }
        let taken = Mutex<[String: (wall: Double, threads: Double)]>([:])
        let observer = RecordingObserver { event in
            if case .finished(let stage, _, let seconds, _, let threadSeconds) = event {
                taken.withLock { $0[stage.title] = (seconds, threadSeconds ?? seconds) }
            }
        }
        var settings = RunSettings(workers: 3, threads: 4)
        settings.heedsLoad = false
        let summary = try SweepRun(
            sweep(stages), store, executor, settings, observer: observer
        ).run()
        #expect(summary.trialsFinished == 3)
        #expect(busy.withLock { $0.most } <= 4)
        #expect(atEnd.withLock { $0["long"] } == 4)
        // What is kept is what one thread would have taken.
        let long = try #require(taken.withLock { $0["long"] })
        #expect(long.threads > 1.5 * long.wall)
        #expect(long.threads > 0.4)
    }

    @Test("a stage that does not borrow has one thread, however many are idle")
    func alone() throws {
        let executor = RecordingExecutor { _, context in
            StageResult(metrics: ["threads": Double(context.team.likelyThreads)])
        }
        let found = Mutex<[String: Double]>([:])
        let observer = RecordingObserver { event in
            if case .finished(let stage, _, _, let result, _) = event {
                found.withLock { $0[stage.title] = result.metrics["threads"] }
            }
        }
        _ = try SweepRun(
            sweep([stage("alone", borrows: false), stage("few", threads: 2)]), ResultsStore(),
            executor, RunSettings(workers: 1, threads: 4), observer: observer
        ).run()
        #expect(found.withLock { $0 } == ["alone": 1, "few": 2])
    }

    @Test("a forecast shares idle threads: three equal stages on two cores end together, nearly")
    func forecast() throws {
        let stages = (0..<3).map { stage("\($0)", work: 10) }
        let store = try ResultsStore()
        let sweep = sweep(stages)
        try store.register(sweep)
        let plan = try RunPlan(
            stages: stages, trials: sweep.trials, store: store, hasArtifact: { _ in true })
        let rates = ["k": MeasuredRate(secondsPerWork: 1, spread: 0, count: 4)]
        let speed = ThreadSpeed.factor(threads: 2, serialShare: Stage.usualSerialShare)
        #expect(speed > 1.8 && speed < 2)
        let pair = PlanForecast(plan, rates: rates, workers: 2)
        #expect(abs(pair.seconds - (10 + 10 / speed)) < 1e-9)
        #expect(pair.seconds < 1.1 * 30 / 2)
        let narrow = PlanForecast(plan, rates: rates, workers: 1, threads: 2)
        #expect(abs(narrow.seconds - 30 / speed) < 1e-9)
        var left = TimeLeft(plan, rates: rates, workers: 2)
        left.take(.finished(stages[0], worker: 0, seconds: 5, StageResult(), threadSeconds: 10))
        left.take(.finished(stages[1], worker: 0, seconds: 10, StageResult()))
        #expect(abs(try #require(left.estimate).seconds - 10 / speed) < 1e-9)
    }

    @Test(
        "a budget reckons with the threads that stages borrow, and with what one thread does alone")
    func budget() throws {
        func stage(_ name: String, _ share: Double) -> Stage {
            Stage(
                id: Digest(of: name), kind: "k", title: name, work: 10, threads: 64,
                borrowsThreads: true, serialShare: share)
        }
        func fitting(_ share: Double, workers: Int, threads: Int) throws -> BudgetChoice {
            let stages = (0..<4).map { stage("\($0) \(share)", share) }
            let sweep = sweep(stages)
            let store = try ResultsStore()
            try store.register(sweep)
            let plan = try RunPlan(
                stages: stages, trials: sweep.trials, store: store, hasArtifact: { _ in true })
            return BudgetChoice(
                plan, rates: ["k": MeasuredRate(secondsPerWork: 1, spread: 0, count: 4)],
                workers: workers, threads: threads, budget: 20.01)
        }
        #expect(try fitting(0, workers: 1, threads: 1).trials.count == 2)
        #expect(try fitting(0, workers: 1, threads: 2).trials.count == 4)
        // Half of each stage is one thread's: 7.5 s.
        #expect(try fitting(0.5, workers: 1, threads: 2).trials.count == 2)
        // Two workers leave nothing to borrow but at the end.
        let pair = try fitting(0, workers: 2, threads: 2)
        #expect(pair.trials.count == 3 && abs(pair.seconds - (15 + 2.5)) < 1e-9)
    }
}
