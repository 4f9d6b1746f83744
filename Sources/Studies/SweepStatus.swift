import Digests
public import Platform
package import ResultsStore

/// Where a sweep stands, for programs: what `status --format json` says and the page shows.
public struct SweepStatus: Sendable, Encodable {
    public struct Kind: Sendable, Encodable {
        public var kind: String
        public var finished: Int
        public var running: Int
        public var failed: Int
        public var blocked: Int
        public var waiting: Int
    }

    public struct Failure: Sendable, Encodable {
        public var stage: String
        public var title: String
        public var reason: String
        public var trials: Int
        public var attempts: Int
    }

    /// How long the rest is thought to take. Units: seconds, with one standard deviation.
    public struct Left: Sendable, Encodable {
        public var seconds: Double
        public var deviation: Double

        /// nil for what is not known.
        public init?(_ estimate: (seconds: Double, deviation: Double)?) {
            guard let estimate, estimate.seconds.isFinite, estimate.deviation.isFinite else {
                return nil
            }
            (seconds, deviation) = estimate
        }
    }

    public struct Running: Sendable, Encodable {
        public var stage: String
        public var kind: String
        public var title: String
        public var step: Int
        public var steps: Int
        public var detail: String
        /// Units: examples per second.
        public var rate: Double?
        /// Units: seconds.
        public var seconds: Double
        public var worker: Int
        /// Nil where it has died.
        public var process: Int?
        public var stopped: Bool
    }

    public struct Process: Sendable, Encodable {
        public var process: Int
        public var memory: ProcessMemory.Resident
    }

    public var name: String
    /// How many stand where, by the names of `TrialStatus`.
    public var trials: [String: Int]
    public var stages: [Kind]
    public var left: Left?
    public var running: [Running]
    /// Those of this machine that compute.
    public var processes: [Process]
    public var failed: [Failure]
    /// Faults of the machine: the next run tries them again.
    public var postponed: [Failure]

    /// Throws: `StoreError` for an unknown sweep.
    public init(_ sweep: String, from store: StudyStore) throws {
        self.init(try SweepProgress(sweep, from: store))
    }

    package init(_ progress: SweepProgress) {
        name = progress.name
        trials = Dictionary(
            uniqueKeysWithValues: TrialStatus.allCases.map { ($0.rawValue, progress.counts[$0]) })
        stages = progress.kinds.map {
            Kind(
                kind: $0.kind, finished: $0.finished, running: $0.running, failed: $0.failed,
                blocked: $0.blocked, waiting: $0.waiting)
        }
        left = Left(progress.timeLeft)
        running = progress.running.map {
            Running(
                stage: $0.stage.description, kind: $0.kind, title: $0.title, step: $0.step,
                steps: $0.steps, detail: $0.detail, rate: $0.rate, seconds: $0.seconds,
                worker: $0.worker, process: $0.process?.pid,
                stopped: $0.process?.isStopped ?? false)
        }
        processes = Self.processes(of: progress.running)
        failed = progress.failures.map(Failure.init)
        postponed = progress.postponements.map(Failure.init)
    }
}

extension SweepStatus {
    /// In order of their numbers.
    package static func processes(of running: [RunningStage]) -> [Process] {
        Set(running.compactMap { $0.process?.pid }).sorted().compactMap { process in
            ProcessMemory.resident(of: process).map { Process(process: process, memory: $0) }
        }
    }
}

extension SweepStatus.Failure {
    fileprivate init(_ failure: FailureRecord) {
        stage = failure.stage.description
        title = failure.title
        reason = failure.reason
        trials = failure.trials
        attempts = failure.attempts
    }
}
