import Digests
import Orchestration
public import ResultsStore

/// Where a sweep stands, for `status` and for the page.
public struct SweepProgress: Sendable {
    public var name: String
    public var counts: StatusCounts
    /// In the order of the work.
    public var kinds: [StagesOfKind]
    /// The stages of this sweep that run, in the order of the plan; those of dead processes too.
    public var running: [RunningStage]
    public var failures: [FailureRecord]
    /// Stages that a fault of the machine has put off.
    public var postponements: [FailureRecord]
    /// Whether rows get as many seeds as their verdicts take: what is pending may never be wanted.
    public var addsSeeds: Bool
    /// How long the rest takes with as many workers as there are now; nil where nothing is left or runs,
    /// or a kind that is left was never measured. Units: seconds, with one standard deviation.
    public var timeLeft: (seconds: Double, deviation: Double)?

    /// Throws: `StoreError` for an unknown sweep.
    public init(_ name: String, from store: ResultsStore) throws {
        self.name = name
        let snapshot = try store.snapshot(of: name)
        counts = snapshot.counts
        addsSeeds = SweepFacts(try store.sweep(name).facts).addsSeeds
        failures = snapshot.failures
        postponements = try store.postponements(of: name)
        kinds = try store.stageCounts(of: name)
        let own = try store.stages(snapshot.running.map(\.stage), of: name)
        running = snapshot.running.filter { own.contains($0.stage) }
        timeLeft = try Self.timeLeft(kinds, running, store)
    }

    /// Whether a live process works on it.
    public var isRunning: Bool { running.contains { $0.process != nil } }

    private static func timeLeft(
        _ kinds: [StagesOfKind], _ running: [RunningStage], _ store: ResultsStore
    ) throws -> (seconds: Double, deviation: Double)? {
        let workers = running.count { $0.process != nil }
        guard workers > 0, kinds.contains(where: { $0.workLeft > 0 }) else { return nil }
        var done: [String: Double] = [:]
        for stage in running where stage.process != nil && stage.steps > 0 {
            guard let kind = kinds.first(where: { $0.kind == stage.kind }) else { continue }
            // The stages of a kind are about as large as one another.
            let work = kind.workLeft / Double(max(1, kind.running + kind.waiting))
            done[stage.kind, default: 0] += work * Double(stage.step) / Double(stage.steps)
        }
        return TimeLeft(
            left: kinds, done: done, rates: try store.measuredRates(), workers: workers
        ).estimate
    }
}
