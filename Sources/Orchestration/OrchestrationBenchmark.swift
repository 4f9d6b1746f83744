import Digests
public import Foundation
public import ResultsStore

/// What the orchestrator itself costs, measured with stages that do nothing.
public struct OrchestrationBenchmark: Sendable {
    /// Where databases are made; they are removed afterwards.
    public var folder: URL
    public var durability: ResultsStore.Durability

    public init(folder: URL, durability: ResultsStore.Durability = .byCost) {
        self.folder = folder
        self.durability = durability
    }

    /// `overhead_ms`. Units: milliseconds a trial, from the start of the run until the last of
    /// `trials` one-stage trials is committed, each in a transaction before its worker goes on.
    public func overhead(trials: Int = 10_000, workers: Int = 2) throws -> Double {
        try withDatabase { path in
            let store = try ResultsStore(path: path, options: .init(durability: durability))
            let sweep = TrivialSweep.registration(trials: trials)
            try store.register(sweep)
            let run = try SweepRun(
                stages: sweep.stages, trials: sweep.trials, store: store,
                executor: TrivialExecutor(), settings: RunSettings(workers: workers))
            let seconds = try measure { _ = try run.run() }
            return seconds * 1000 / Double(trials)
        }
    }

    /// `plan_100k_s` and `resume_100k_s`. Units: seconds, each from opening the database.
    ///
    /// `register`: to write `trials` new trials with their stages and plan their run; `plan`: to
    /// plan it again from the database, reading alone; `resume`: to run the sweep with all of them
    /// done, which finds that out and ends.
    public func large(trials: Int = 100_000) throws -> (
        register: Double, plan: Double, resume: Double
    ) {
        try withDatabase { path in
            let options = ResultsStore.Options(durability: durability)
            let executor = TrivialExecutor()
            let sweep = TrivialSweep.registration(trials: trials)
            let register = try measure {
                let store = try ResultsStore(path: path, options: options)
                try store.register(sweep)
                _ = try plan(sweep, store, executor)
            }
            let planned = try measure {
                _ = try plan(sweep, ResultsStore(readingFrom: path, options: options), executor)
            }
            try SweepRun(
                stages: sweep.stages, trials: sweep.trials,
                store: ResultsStore(path: path, options: options), executor: executor,
                settings: RunSettings(workers: 2)
            ).run()
            let resume = try measure {
                let store = try ResultsStore(path: path, options: options)
                try store.register(sweep)
                let summary = try SweepRun(
                    stages: sweep.stages, trials: sweep.trials, store: store, executor: executor
                ).run()
                precondition(summary.trialsFinished == trials && summary.stagesRun == 0)
            }
            return (register, planned, resume)
        }
    }

    private func plan(
        _ sweep: SweepRegistration, _ store: ResultsStore, _ executor: TrivialExecutor
    ) throws -> RunPlan {
        try RunPlan(
            stages: sweep.stages, trials: sweep.trials, store: store,
            hasArtifact: executor.hasArtifact)
    }

    private func measure(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start).seconds
    }

    private func withDatabase<Value>(_ body: (String) throws -> Value) throws -> Value {
        let place = folder.appending(path: "ablate-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        return try body(place.appending(path: "results.sqlite").path)
    }
}
