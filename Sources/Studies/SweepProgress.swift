import Digests
import Foundation
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
    public init(_ name: String, from studies: StudyStore) throws {
        self.name = name
        let store = studies.store
        let snapshot = try store.snapshot(of: name)
        counts = snapshot.counts
        addsSeeds = SweepFacts(try store.sweep(name).facts).addsSeeds
        failures = snapshot.failures
        postponements = try store.postponements(of: name)
        kinds = try store.stageCounts(of: name)
        let own = try store.stages(snapshot.running.map(\.stage), of: name)
        running = snapshot.running.filter { own.contains($0.stage) }
        if let told = try Self.told(name, running, store) {
            timeLeft = told
        } else {
            // A study that this program does not have shares nothing that it knows of.
            let study = try? studies.catalogue.study(of: store.sweep(name))
            timeLeft = try Self.timeLeft(name, kinds, running, study, store)
        }
    }

    /// What the run says itself, where there is one alone that runs all of the sweep.
    private static func told(
        _ name: String, _ running: [RunningStage], _ store: ResultsStore
    ) throws -> (seconds: Double, deviation: Double)? {
        let processes = Set(running.compactMap(\.process))
        guard processes.count == 1, let run = try store.wholeRuns(of: name).first,
            processes == [run.process], let left = run.timeLeft
        else { return nil }
        let since = Date().timeIntervalSince1970 - left.saved
        // Who has not said anything for long has been stopped, or has no room to say it.
        guard (-1...5).contains(since) else { return nil }
        return (max(0, left.seconds - max(0, since)), left.deviation)
    }

    /// Whether a live process works on it.
    public var isRunning: Bool { running.contains { $0.process != nil } }

    private static func timeLeft(
        _ name: String, _ kinds: [StagesOfKind], _ running: [RunningStage],
        _ study: (any Study)?, _ store: ResultsStore
    ) throws -> (seconds: Double, deviation: Double)? {
        let workers = running.count { $0.process != nil }
        guard workers > 0, kinds.contains(where: { $0.workLeft > 0 }) else { return nil }
        // Of each process once.
        let threads = Dictionary(
            running.compactMap { stage in
                stage.process.map { ($0, stage.threads ?? 1) }
            }, uniquingKeysWith: max
        ).values.reduce(0, +)
        var done: [String: Double] = [:]
        for stage in running where stage.process != nil && stage.steps > 0 {
            guard let kind = kinds.first(where: { $0.kind == stage.kind }) else { continue }
            // The stages of a kind are about as large as one another.
            let work = kind.workLeft / Double(max(1, kind.running + kind.waiting))
            done[stage.kind, default: 0] += work * Double(stage.step) / Double(stage.steps)
        }
        let stages = study?.stages ?? []
        // What a machine gives now is what those who run have found; of stages that hold several threads the clock does not
        // say what one would take.
        let held = Set(stages.filter { $0.sharesItsTime && !$0.borrowsThreads }.map(\.name))
        let found = try store.rates(ofRuns: Set(store.wholeRuns(of: name).map(\.owner)))
        let byProcessor = study?.kindsTimedByProcessor ?? []
        // Calibrations are of the study that no file defines.
        let known =
            study?.definition == nil
            ? try store.expectedRates(builds: study?.isTimed, timedByProcessor: byProcessor)
            : try store.measuredRates(builds: study?.isTimed, timedByProcessor: byProcessor)
        let rates = known.merging(found.filter { !held.contains($0.key) }) { $1 }
        return TimeLeft(
            left: kinds, done: done, rates: rates, workers: workers,
            threads: threads,
            serialShares: Dictionary(
                stages.filter(\.sharesItsTime).map { ($0.name, $0.serialShare) },
                uniquingKeysWith: { first, _ in first })
        ).estimate
    }
}
