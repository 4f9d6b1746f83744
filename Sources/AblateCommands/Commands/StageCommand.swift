import ArgumentParser
import Cluster
import Foundation
import Orchestration
import Platform
import Studies

/// `ablate stage`
struct StageCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Compute a task of a submission: what the jobs of a cluster run.",
        discussion: """
            A plain program over a folder: under another batch system, or none, start as many as there \
            are processors, on any machine that sees the folder; without --task each takes up one task \
            after another. SIGTERM and SIGUSR1 save what runs; the same command goes on from there.

            EXAMPLE
              \(ProgramName.current) stage results/exchange/submissions/table1-1
              \(ProgramName.current) stage results/exchange/submissions/table1-1 --task 3
            """)

    @Argument(help: "The folder of a submission.", completion: .directory)
    var submission: String

    @Option(name: .long, help: "The number of one task, from 0.")
    var task: Int?

    @Option(
        name: [.customShort("j"), .long],
        help: "Stages that run at once (default: the processors that Slurm gave, else 1).")
    var workers: Int?

    func validate() throws {
        try OptionRange.check("-j", workers, 1...1024)
    }

    func run() throws {
        let folder = SubmissionFolder(URL(filePath: submission).standardizedFileURL)
        let submission = try Submission(reading: folder)
        guard FileManager.default.changeCurrentDirectoryPath(submission.folder) else {
            throw StudiesError.cannotWrite(
                path: submission.folder,
                reason: "the folder in which the sweep was submitted is gone")
        }
        let session = try SweepSession(
            path: submission.path, copy: folder.sweep(submission.copy).path,
            overrides: submission.overrides, catalogue: Ablate.catalogue,
            name: submission.givenName, results: URL(filePath: submission.results),
            notice: { Console.error($0) })
        let settings = settings(session)
        let current = RunningTask()
        try Interruption.watch(additional: [SIGUSR1]) { current.cancel() }
        if let task {
            let running = try StageTask(
                submission, folder, task: task, session: session, settings: settings,
                tell: Self.tell)
            try finish(try current.run(running), task, submission)
            return
        }
        try takeUpAll(submission, folder, session, settings, current)
    }

    private static let tell: @Sendable (String) -> Void = { Console.write($0 + "\n") }

    /// One task after another, those that nobody is at work on; what then still has no result, another
    /// process has.
    private func takeUpAll(
        _ submission: Submission, _ folder: SubmissionFolder, _ session: SweepSession,
        _ settings: StageTask.Settings, _ current: RunningTask
    ) throws {
        var code = ExitStatus.success
        for task in submission.tasks.indices {
            if StageTask.isOver(submission, task: task, of: session.study) { continue }
            guard let claim = try TaskClaim(submission, task: task) else { continue }
            defer { claim.release() }
            let running = try StageTask(
                submission, folder, task: task, session: session, settings: settings,
                claim: claim, tell: Self.tell)
            do {
                try finish(try current.run(running), task, submission)
            } catch let status as ExitStatus where status == .trialsFailed {
                code = status
            }
        }
        if code != .success { throw code }
    }

    private func settings(_ session: SweepSession) -> StageTask.Settings {
        let environment = ProcessInfo.processInfo.environment
        let given = environment["SLURM_CPUS_PER_TASK"].flatMap { Int($0) } ?? 1
        // A program's own threads are within what the task was given.
        let perStage = session.prepared.taskDemand.cpus
        var settings = StageTask.Settings()
        settings.workers = workers ?? max(1, given / max(1, perStage))
        settings.threads = workers ?? given
        settings.build = BuildName.current(session.study)
        settings.job = Self.job(environment) ?? ""
        settings.program = BuildName.commit
        return settings
    }

    /// As Slurm's commands take it; nil outside of Slurm.
    private static func job(_ environment: [String: String]) -> String? {
        guard let array = environment["SLURM_ARRAY_JOB_ID"],
            let index = environment["SLURM_ARRAY_TASK_ID"]
        else { return environment["SLURM_JOB_ID"] }
        return "\(array)_\(index)"
    }

    /// What the exit code says of a task; one whose time is up goes back into the queue.
    private func finish(
        _ outcome: StageTask.Outcome, _ task: Int, _ submission: Submission
    ) throws {
        let state = outcome.state
        Console.write(
            "task \(task): \(state.stagesFinished) of \(Count.text(state.stages, "stage")) done, \(outcome.taken) of them by "
                + "other tasks\n")
        for difference in outcome.differences {
            Console.error("warning: computed twice with other values: \(difference)")
        }
        if outcome.summary.isCancelled { try stop(outcome) }
        if outcome.summary.trialsFailed + outcome.summary.trialsPostponed > 0 {
            throw ExitStatus.trialsFailed
        }
    }

    private func stop(_ outcome: StageTask.Outcome) throws {
        let status = ExitStatus(signal: Interruption.signal)
        guard let job = Self.job(ProcessInfo.processInfo.environment) else { throw status }
        // Slurm requeues what it preempts at once, and what a person cancels stays away; told to end and
        // running still, the task is preempted with a time of grace.
        let isToGoOn =
            Interruption.signal == SIGUSR1
            || Interruption.signal == SIGTERM && (try? Slurm().isRunning(job)) == true
        guard isToGoOn else { throw status }
        guard outcome.hasProgressed else {
            Console.error(
                "it came no further than the time before: its time limit is too short for what it saves; "
                    + "raise --time, and submit again")
            throw ExitStatus.trialsFailed
        }
        do {
            try Slurm().requeue(job)
            Console.write("saved; job \(job) is in the queue again\n")
        } catch {
            Console.error(
                "saved, but not put back into the queue: \(error); submit the sweep again")
        }
        throw status
    }
}

/// The task that a signal stops.
private final class RunningTask: Sendable {
    private let task = Monitor<(task: StageTask?, isCancelled: Bool)>((nil, false))

    func run(_ task: StageTask) throws -> StageTask.Outcome {
        let isCancelled = self.task.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
        return try task.execute()
    }

    func cancel() {
        let task = task.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}
