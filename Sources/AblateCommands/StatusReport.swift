import Cluster
import Digests
import Foundation
import ResultsStore
import Studies

/// Where sweeps stand, for programs: `status --format json`.
struct StatusReport: Encodable {
    struct Kind: Encodable {
        var kind: String
        var finished: Int
        var running: Int
        var failed: Int
        var blocked: Int
        var waiting: Int
    }

    struct Failure: Encodable {
        var stage: String
        var title: String
        var reason: String
        var trials: Int
        var attempts: Int
    }

    struct Left: Encodable {
        /// Units: seconds, with one standard deviation.
        var seconds: Double
        var deviation: Double
    }

    struct Running: Encodable {
        var stage: String
        var kind: String
        var title: String
        var step: Int
        var steps: Int
        var detail: String
        /// Units: examples per second.
        var rate: Double?
        /// Units: seconds.
        var seconds: Double
        var worker: Int
        /// Nil where it has died.
        var process: Int?
        var stopped: Bool
    }

    struct Sweep: Encodable {
        var name: String
        var trials: [String: Int]
        var stages: [Kind]
        var left: Left?
        var running: [Running]
        var failed: [Failure]
        var postponed: [Failure]
        /// What was handed to a batch system; none for what runs here.
        var submissions: [SubmissionStatus]
        /// Why the queue cannot be asked: what runs there is not known then.
        var queueFault: String?
    }

    var sweeps: [Sweep]

    init(_ names: [String], from store: ResultsStore, _ cluster: ClusterStatus) throws {
        sweeps = try names.map { Sweep(try SweepProgress($0, from: store), cluster) }
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}

extension StatusReport.Sweep {
    init(_ progress: SweepProgress, _ cluster: ClusterStatus) {
        name = progress.name
        submissions = cluster.submissions(of: progress.name)
        queueFault = submissions.isEmpty ? nil : cluster.fault
        trials = Dictionary(
            uniqueKeysWithValues: TrialStatus.allCases.map { ($0.rawValue, progress.counts[$0]) })
        stages = progress.kinds.map {
            .init(
                kind: $0.kind, finished: $0.finished, running: $0.running, failed: $0.failed,
                blocked: $0.blocked, waiting: $0.waiting)
        }
        left = progress.timeLeft.map { .init(seconds: $0.seconds, deviation: $0.deviation) }
        running = progress.running.map {
            .init(
                stage: $0.stage.description, kind: $0.kind, title: $0.title, step: $0.step,
                steps: $0.steps, detail: $0.detail, rate: $0.rate, seconds: $0.seconds,
                worker: $0.worker, process: $0.process?.pid,
                stopped: $0.process?.isStopped ?? false)
        }
        failed = progress.failures.map(StatusReport.Failure.init)
        postponed = progress.postponements.map(StatusReport.Failure.init)
    }
}

extension StatusReport.Failure {
    init(_ failure: FailureRecord) {
        stage = failure.stage.description
        title = failure.title
        reason = failure.reason
        trials = failure.trials
        attempts = failure.attempts
    }
}
