import Digests
import Foundation
public import Orchestration
import Platform
import ResultsStore
public import Studies
import Synchronization

/// One task of a submission: computes its stages, one after another, and hands each in as it ends.
///
/// It opens no database that others see, so that any number run at once; whatever starts it may be a batch
/// system or a shell.
public final class StageTask: Sendable {
    /// How it goes about it.
    public struct Settings: Sendable {
        /// Stages that run at once.
        public var workers = 1
        /// That they share.
        public var threads = 1
        public var build = ""
        /// Of the batch system; empty without one.
        public var job = ""
        /// The commit that the program was built from; nil where its build did not say.
        public var program: String?
        /// Units: seconds without a sign of life until the work of another task is taken over.
        public var patience = 180.0
        /// Units: seconds for which a folder that cannot be written is tried.
        public var writingPatience = 600.0

        public init() {}
    }

    /// What came of it.
    public struct Outcome: Sendable {
        public var summary: RunSummary
        /// Stages that other tasks had computed.
        public var taken: Int
        /// Results that were computed twice and are not the same.
        public var differences: [String]
        /// Whether it got further than when it was last stopped.
        public var hasProgressed: Bool
        public var state: TaskState
    }

    private let run: SweepRun
    private let executor: SharedExecutor
    private let monitor: TaskMonitor
    private let number: Int

    /// - Parameters:
    ///   - session: of the sweep as it was submitted.
    ///   - claim: is kept while the task runs.
    ///   - tell: takes a line for each stage that ends.
    /// - Throws: ``ClusterError`` where the sweep is another one by now, and what planning throws.
    public init(
        _ submission: Submission, _ folder: SubmissionFolder, task number: Int,
        session: SweepSession, settings: Settings, claim: TaskClaim? = nil,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        guard submission.tasks.indices.contains(number) else {
            throw ClusterError.noTask(
                number, count: submission.tasks.count, submission: submission.name)
        }
        self.number = number
        let layout = ResultsLayout(root: submission.results, database: submission.database)
        let study = session.study
        let exchange = Exchange(
            folder: ExchangeFolder(layout), fault: { study.fault(ofMetric: $0, $1) })
        executor = SharedExecutor(
            session.prepared.executor(layout), exchange: exchange, build: settings.build,
            origin: .init(
                job: settings.job, submission: submission.name, program: settings.program),
            patience: settings.patience, writingPatience: settings.writingPatience)
        let wanted = submission.tasks[number].stages
        let stages = try Self.closure(of: wanted, session, submission.name)
        let store = try ResultsStore(inMemory: .init())
        let failures = try Self.register(
            stages, wanted: wanted, finished: Set(submission.finished), exchange: exchange,
            executor: executor, store: store)
        monitor = TaskMonitor(
            folder.state(ofTask: number), executor: executor, count: wanted.count,
            job: settings.job, claim: claim, failure: failures.first, tell: tell)
        run = try SweepRun(
            stages: stages, trials: Self.trials(wanted), store: store, executor: executor,
            settings: RunSettings(
                workers: settings.workers, threads: settings.threads, build: settings.build),
            observer: monitor)
    }

    /// Computes what is left of the task. Blocks the calling thread.
    ///
    /// Throws: what ``SweepRun/run()`` throws.
    public func execute() throws -> Outcome {
        try monitor.start()
        defer { monitor.stop() }
        let summary = try run.run()
        let state = monitor.end(summary)
        return Outcome(
            summary: summary, taken: monitor.taken, differences: executor.differences,
            hasProgressed: monitor.hasProgressed, state: state)
    }

    /// What runs is saved, and ``execute()`` returns; twice: at once.
    public func cancel() { run.cancel() }

    // MARK: Preparation

    /// Whether every stage of a task has a result, so that there is nothing to start it for.
    public static func isOver(
        _ submission: Submission, task number: Int, of study: any Study
    ) -> Bool {
        let layout = ResultsLayout(root: submission.results, database: submission.database)
        let exchange = Exchange(
            folder: ExchangeFolder(layout), fault: { study.fault(ofMetric: $0, $1) })
        return submission.tasks[number].stages.allSatisfy { exchange.record($0) != nil }
    }

    /// The stages with all that they need.
    private static func closure(
        of wanted: [Digest], _ session: SweepSession, _ submission: String
    ) throws -> [Stage] {
        var found: [Stage] = []
        var seen: Set<Digest> = []
        var front = wanted
        // Of a large sweep most stages are no business of this task.
        while let digest = front.popLast() {
            guard seen.insert(digest).inserted else { continue }
            guard let stage = session.stages[digest] else {
                throw ClusterError.otherPlan(stage: digest.short, submission: submission)
            }
            found.append(stage)
            front += stage.dependencies
        }
        return found
    }

    /// A trial for each stage that the task is to compute.
    private static func trials(_ wanted: [Digest]) -> [PlannedTrial] {
        wanted.enumerated().map {
            PlannedTrial(id: $1, row: 0, seed: $0, stages: [$1])
        }
    }

    /// Tells the task's own store, which is gone with it, what others have computed.
    private static func register(
        _ stages: [Stage], wanted: [Digest], finished: Set<Digest>, exchange: Exchange,
        executor: SharedExecutor, store: ResultsStore
    ) throws -> [String] {
        try store.register(
            SweepRegistration(
                name: "task", rows: [PlannedRow(index: 0, label: "task")],
                trials: trials(wanted), stages: stages))
        let wanted = Set(wanted)
        var known: [ForeignResult] = []
        for stage in stages {
            let record = exchange.record(stage.id)
            // A file that is asked for and gone is made again.
            if wanted.contains(stage.id), record?.outcome != .failed, stage.producesArtifact,
                !executor.hasArtifact(stage)
            {
                continue
            }
            if let record {
                known.append(record.foreignResult)
            } else if finished.contains(stage.id) {
                known.append(
                    ForeignResult(stage: stage.id, attempt: StageAttempt(outcome: .finished)))
            }
        }
        _ = try store.takeIn(known)
        return zip(stages, stages.map { exchange.record($0.id) }).compactMap { stage, record in
            guard let record, record.outcome == .failed else { return nil }
            return "\(stage.title): \(record.reason ?? "it failed")"
        }
    }
}

/// A task that this process has taken up, where tasks are not handed out by a batch system.
public final class TaskClaim: Sendable {
    private let lease: Lease

    /// nil where another process is at work on it.
    ///
    /// Throws: `PlatformError` where the folder cannot be written.
    public init?(_ submission: Submission, task number: Int) throws {
        let layout = ResultsLayout(root: submission.results, database: submission.database)
        let url = ExchangeFolder(layout).lease("\(submission.name).task-\(number)")
        var watch = LeaseWatch(url, patience: 180)
        if let lease = try Lease.take(url, job: "") {
            self.lease = lease
        } else if watch.isFree(), let lease = try Lease.take(url, job: "") {
            self.lease = lease
        } else {
            return nil
        }
    }

    func renew() { lease.renew() }

    /// Gives it back.
    public func release() { lease.release() }
}
