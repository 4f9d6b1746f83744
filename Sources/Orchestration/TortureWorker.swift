import Foundation
import ResultsStore

/// A process that runs a sweep of trivial stages, and can be told to die at a given moment: the
/// victim of the torture tests.
public struct TortureWorker: Sendable {
    public var database: String
    public var trials: Int
    public var workers: Int
    /// Stages in layers with artifacts, instead of one stage a trial.
    public var isLayered: Bool
    /// SIGKILL at this transaction boundary, counted from 1; nil to live.
    public var killAt: Int?

    public init(
        database: String, trials: Int, workers: Int, isLayered: Bool = false, killAt: Int? = nil
    ) {
        self.database = database
        self.trials = trials
        self.workers = workers
        self.isLayered = isLayered
        self.killAt = killAt
    }

    /// Reads `DATABASE TRIALS WORKERS trivial|layered [KILL-AT]`; nil for anything else.
    public init?(arguments: [String]) {
        guard (4...5).contains(arguments.count), let trials = Int(arguments[1]),
            let workers = Int(arguments[2]), ["trivial", "layered"].contains(arguments[3])
        else { return nil }
        let killAt = arguments.count == 5 ? Int(arguments[4]) : nil
        if arguments.count == 5, killAt == nil { return nil }
        self.init(
            database: arguments[0], trials: trials, workers: workers,
            isLayered: arguments[3] == "layered", killAt: killAt)
    }

    /// What the other initialiser reads.
    public var arguments: [String] {
        [database, "\(trials)", "\(workers)", isLayered ? "layered" : "trivial"]
            + (killAt.map { ["\($0)"] } ?? [])
    }

    /// The hidden command `torture-worker`: 0 when every trial is finished, 1 when not, 2 for
    /// arguments that it does not understand.
    public static func run(_ arguments: [String]) -> Int32 {
        guard let worker = TortureWorker(arguments: arguments) else {
            print("usage: torture-worker DATABASE TRIALS WORKERS trivial|layered [KILL-AT]")
            return 2
        }
        do {
            return try worker.run().summary.trialsFinished == worker.trials ? 0 : 1
        } catch {
            print("\(error)")
            return 1
        }
    }

    /// Registers the sweep and runs it, and counts the transaction boundaries that it passed.
    public func run() throws -> (summary: RunSummary, boundaries: Int) {
        let counter = KillSwitch(killAt: killAt)
        let store = try ResultsStore(
            path: database, options: .init(faultPoint: { _ in counter.pass() }))
        let sweep =
            isLayered
            ? TrivialSweep.layered(trials: trials) : TrivialSweep.registration(trials: trials)
        try store.register(sweep)
        let summary = try SweepRun(
            stages: sweep.stages, trials: sweep.trials, store: store, executor: TrivialExecutor(),
            settings: RunSettings(workers: workers)
        ).run()
        return (summary, counter.count)
    }
}
