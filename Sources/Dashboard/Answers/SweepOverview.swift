import Digests
import Foundation
import Reports
import ResultsStore
import Studies

/// A sweep at a glance: where it stands, what runs, what failed, what it is.
struct SweepOverview: Encodable {
    struct Kind: Encodable {
        var name: String
        var finished: Int
        var running: Int
        var failed: Int
        var waiting: Int
    }

    struct Worker: Encodable {
        var stage: String
        var title: String
        var kind: String
        var step: Int
        var steps: Int
        var detail: String
        /// Units: examples per second.
        var rate: Double?
        /// Units: seconds since it started.
        var seconds: Double
        /// Nil for one that has died.
        var process: Int?
        var isStopped: Bool
    }

    struct Failure: Encodable {
        var stage: String
        var title: String
        var reason: String
        var trials: Int
        var attempts: Int
        /// A fault of the machine: the next run tries it again.
        var isPutOff: Bool
    }

    struct Plan: Encodable {
        var name: String
        var number: Int
        var isInView: Bool
        var counts: TrialCounts
        /// Units: seconds since 1970.
        var registered: Double?
    }

    struct Run: Encodable {
        var started: Double
        var seconds: Double
        var predicted: Double?
        var workers: Int
        var outcome: String
    }

    var name: String
    var description: String
    var study: String
    var counts: TrialCounts
    var left: TimeEstimate?
    var kinds: [Kind]
    var workers: [Worker]
    var failures: [Failure]
    var plans: [Plan]
    var runs: [Run]
    var facts: [NamedText]

    init(_ name: String, _ store: StudyStore) throws {
        let results = store.store
        let sweep = try results.sweep(name)
        let study = try store.catalogue.study(of: sweep)
        let progress = try SweepProgress(name, from: results)
        self.name = sweep.name
        description = sweep.facts["description"] ?? ""
        self.study = study.name
        counts = TrialCounts(progress.counts)
        left = TimeEstimate(progress.timeLeft)
        kinds = progress.kinds.map {
            Kind(
                name: $0.kind, finished: $0.finished, running: $0.running,
                failed: $0.failed + $0.blocked, waiting: $0.waiting)
        }
        workers = progress.running.map(Worker.init)
        failures =
            progress.failures.map { Failure($0, isPutOff: false) }
            + progress.postponements.map { Failure($0, isPutOff: true) }
        plans = try results.revisions(of: sweep.revision.reference.name).map { plan in
            Plan(
                name: plan.name, number: plan.reference.revision ?? 1, isInView: plan.isInView,
                counts: TrialCounts(try results.statusCounts(of: plan.name)),
                registered: plan.registered)
        }
        runs = try results.runs(of: sweep.revision.reference.name).suffix(5).map {
            Run(
                started: $0.started, seconds: $0.seconds, predicted: $0.predictedSeconds,
                workers: $0.workers, outcome: $0.outcome)
        }
        facts = Self.facts(sweep)
    }

    /// What is to be known of it, a sentence each: of its data, and of rows that failed in known ways.
    static func notes(_ name: String, _ store: StudyStore) throws -> [String] {
        try SweepTable.dataNotes(of: name, from: store.store)
            + SweepFindings.make(name, from: store).map { "\($0.row): \($0.signature.sentence)" }
    }

    private static func facts(_ sweep: SweepRecord) -> [NamedText] {
        let known = [
            ("command", "command"), ("data", "data"), ("clips", "clips"), ("classes", "classes"),
            ("evaluation", "evaluation"), ("seeds", "seeds"), ("scale", "scale"),
        ]
        return known.compactMap { key, name in
            guard let value = sweep.facts[key], !value.isEmpty else { return nil }
            return NamedText(name, value)
        } + [NamedText("varied", sweep.parameters.joined(separator: ", "))]
    }
}

extension SweepOverview.Worker {
    init(_ stage: RunningStage) {
        self.stage = stage.stage.description
        title = stage.title
        kind = stage.kind
        step = stage.step
        steps = stage.steps
        detail = stage.detail
        rate = stage.rate
        seconds = stage.seconds
        process = stage.process?.pid
        isStopped = stage.process?.isStopped ?? false
    }
}

extension SweepOverview.Failure {
    init(_ failure: FailureRecord, isPutOff: Bool) {
        stage = failure.stage.description
        title = failure.title
        reason = failure.reason
        trials = failure.trials
        attempts = failure.attempts
        self.isPutOff = isPutOff
    }
}
