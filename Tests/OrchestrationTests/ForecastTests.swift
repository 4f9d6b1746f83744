import Digests
import Foundation
import Orchestration
import ResultsStore
import Testing

@Suite("Forecasts and budgets")
struct ForecastTests {
    private let rates = [
        "scenes": MeasuredRate(secondsPerWork: 0.1, spread: 0, count: 9),
        "pretrain": MeasuredRate(secondsPerWork: 2, spread: 0.1, count: 4),
        "probe": MeasuredRate(secondsPerWork: 1, spread: 0, count: 4),
    ]

    private func plan(_ sweep: SweepRegistration, _ store: ResultsStore) throws -> RunPlan {
        try store.register(sweep)
        return try RunPlan(
            stages: sweep.stages, trials: sweep.trials, store: store, hasArtifact: { _ in true })
    }

    @Test("the predicted time is that of the schedule, for any number of workers")
    func schedule() throws {
        // Scenes take 1 s; four pretrainings 10 s each, each followed by a probe of 1 s.
        let plan = try plan(sampleSweep(), ResultsStore())
        let alone = PlanForecast(plan, rates: rates, workers: 1)
        #expect(abs(alone.seconds - 45) < 1e-9 && abs(alone.workSeconds - 45) < 1e-9)
        #expect(alone.peakMemoryBytes == 100 && alone.unmeasured.isEmpty)
        let pair = PlanForecast(plan, rates: rates, workers: 2)
        #expect(abs(pair.seconds - 23) < 1e-9 && pair.peakMemoryBytes == 200)
        let many = PlanForecast(plan, rates: rates, workers: 9)
        #expect(abs(many.seconds - 12) < 1e-9)
        let narrow = PlanForecast(plan, rates: rates, workers: 9, memoryLimit: 100)
        #expect(narrow.seconds > 40 && narrow.peakMemoryBytes <= 100)
        // 15 % of all 45 s, and 1 s of each of four pretrainings by itself.
        #expect(abs(alone.deviation - (6.75 * 6.75 + 4).squareRoot()) < 1e-9)
        // Of a calibration it is not known how far stages lie from it: one error, whatever is run.
        let calibrated = PlanForecast(
            plan,
            rates: rates.mapValues { _ in MeasuredRate(secondsPerWork: 1, spread: 0.2, count: 1) },
            workers: 1)
        #expect(abs(calibrated.deviation - 0.2 * calibrated.seconds) < 1e-9)
    }

    @Test("kinds that were never measured are named")
    func unmeasured() throws {
        let plan = try plan(sampleSweep(), ResultsStore())
        let forecast = PlanForecast(plan, rates: ["scenes": rates["scenes"]!], workers: 2)
        #expect(forecast.unmeasured == ["pretrain", "probe"])
        #expect(abs(forecast.seconds - 1) < 1e-9)
    }

    @Test("rates come from what finished, of this build where it has been measured")
    func measured() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let rows = try store.lookUp(sweep.stages).rows
        func record(_ place: Int, _ outcome: AttemptOutcome, _ seconds: Double, _ build: String)
            throws
        {
            let attempt = StageAttempt(outcome: outcome, seconds: seconds, build: build)
            try store.transact { try $0.record(attempt, stage: rows[place], owner: 1) }
        }
        try record(0, .finished, 2, "old")
        try record(1, .faulted, 100, "old")
        try record(1, .finished, 10, "old")
        try record(3, .finished, 20, "new")
        let all = try store.measuredRates()
        #expect(
            all["scenes"]
                == MeasuredRate(secondsPerWork: 0.2, spread: 0, count: 1, largestWork: 10))
        #expect(all["pretrain"]?.secondsPerWork == 3 && all["pretrain"]?.count == 2)
        let new = try store.measuredRates(build: "new")
        #expect(new["pretrain"]?.secondsPerWork == 4 && new["scenes"]?.secondsPerWork == 0.2)
    }

    @Test("a budget takes whole configurations first, then single trials, and says what is left")
    func budget() throws {
        let plan = try plan(sampleSweep(rows: 4, seeds: 2), ResultsStore())
        // A configuration takes 22 s of work, a trial 11, the scenes 1; one worker.
        func choose(_ budget: Double) -> BudgetChoice {
            BudgetChoice(plan, rates: rates, workers: 1, budget: budget)
        }
        #expect(choose(5).trials.isEmpty && choose(5).left.count == 8)
        #expect(choose(24).trials.map(\.row) == [0, 0])
        let half = choose(57)
        #expect(half.trials.map(\.row) == [0, 0, 1, 1, 2] && half.incompleteRows == [2, 3])
        #expect(abs(half.seconds - 56) < 1e-9)
        #expect(choose(1000).left.isEmpty && choose(1000).incompleteRows.isEmpty)
        let sweep = sampleSweep(rows: 4, seeds: 2)
        let store = try ResultsStore()
        try store.register(sweep)
        let summary = try SweepRun(
            stages: sweep.stages, trials: half.trials, store: store, executor: RecordingExecutor()
        ).run()
        #expect(summary.trials == 5 && summary.stagesRun == 11)
        #expect(try store.statusCounts(of: "sample")[.finished] == 5)
    }

    @Test("the time left follows what the run's own stages took")
    func timeLeft() throws {
        let plan = try plan(sampleSweep(), ResultsStore())
        let stages = plan.graph.stages
        var left = TimeLeft(plan, rates: rates, workers: 1)
        #expect(abs(try #require(left.estimate).seconds - 45) < 1e-9)
        left.take(.finished(stages[0], worker: 0, seconds: 1, StageResult()))
        // The first pretraining takes half of what was expected: so will the other three.
        left.take(.finished(stages[1], worker: 0, seconds: 5, StageResult()))
        let estimate = try #require(left.estimate)
        #expect(abs(estimate.seconds - 19) < 1e-9 && estimate.deviation > 1)
        for stage in stages.dropFirst(2) {
            left.take(.finished(stage, worker: 0, seconds: 1, StageResult()))
        }
        #expect(try #require(left.estimate).seconds == 0)
        #expect(TimeLeft(plan, rates: [:], workers: 1).estimate == nil)
    }

    @Test("a stage under way that is slower than foretold is believed before it ends")
    func underway() throws {
        let plan = try plan(sampleSweep(), ResultsStore())
        let stages = plan.graph.stages
        let pretraining = stages[1]
        func estimate(_ shares: [(step: Int, seconds: Double)]) throws -> Double {
            var left = TimeLeft(plan, rates: rates, workers: 1)
            left.take(.finished(stages[0], worker: 0, seconds: 1, StageResult()))
            for (step, seconds) in shares {
                left.take(
                    .progress(
                        pretraining, worker: 0, StageProgress(step: step, steps: 100),
                        threadSeconds: seconds))
            }
            return try #require(left.estimate).seconds
        }
        // As foretold, ten seconds a pretraining, after two of loading: only what is done is gone.
        let begin = try estimate([])
        #expect(abs(try estimate([(0, 2), (50, 7)]) - (begin - 5)) < 1e-9)
        // At a fifth of that pace: believed wholly from a quarter of the stage on, and half of it after an eighth.
        let others = begin - 40
        #expect(abs(try estimate([(0, 2), (50, 27)]) - (others + 3.5 * 50)) < 1e-9)
        let eighth = try estimate([(0, 2), (12, 2 + 6), (13, 2 + 6.5)])
        #expect(eighth > others + 3.87 * 30 && eighth < others + 3.87 * 32)
        // What an attempt before had done took no time of this one.
        #expect(abs(try estimate([(50, 2), (75, 4.5)]) - (begin - 7.5)) < 1e-9)
    }

    @Test("a run has a record of its prediction and its time, one that did nothing has none")
    func history() throws {
        let store = try ResultsStore()
        func record() throws -> RunRecord? {
            let settings = RunSettings(workers: 2)
            return try SweepRun(sampleSweep(), store, RecordingExecutor(), settings).run()
                .record(
                    started: Date(timeIntervalSince1970: 100), workers: 2, predictedSeconds: 12)
        }
        let first = try #require(try record())
        #expect(first.predictedSeconds == 12 && first.stagesRun == 9 && first.started == 100)
        #expect(first.outcome == "finished" && first.workers == 2 && first.seconds > 0)
        #expect(try record() == nil)
        try store.record(first, of: "sample")
        #expect(try store.runs(of: "sample").map(\.predictedSeconds) == [12])
    }
}
