import ArgumentParser
import Cluster
import Digests
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// `ablate submit`
struct SubmitCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Hand what is missing of a sweep to Slurm, and come back for the table.",
        discussion: """
            Stages that need each other's files become one task; what several tasks need is computed \
            first, once; the last job collects. Nothing of ours has to stay alive. Submitting again hands \
            over what is still missing, and nothing that is in the queue. The results folder must be \
            seen by all nodes.

            What never changes goes into the section 'cluster' of the sweep file, or of ~/.ablate.yaml \
            (sweeps/FORMAT.md).

            EXAMPLE
              \(ProgramName.current) submit sweeps/table1.yaml --slurm partition=cpu --time 4h --most 32
              \(ProgramName.current) submit sweeps/table1.yaml --dry-run
              \(ProgramName.current) status table1
              \(ProgramName.current) cancel table1
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "An option of sbatch, such as partition=cpu; may be repeated.",
            valueName: "key=value"))
    var slurm: [SlurmOption] = []

    @Option(name: .long, help: "The time limit of a task, such as 4h.")
    var time: TimeBudget?

    @Option(name: .long, help: "At most so many tasks at once.")
    var most: Int?

    @Option(
        name: .long, help: "Put short chains together until a task takes so long (default: 5m).")
    var taskTime: TimeBudget?

    @Option(
        name: .long,
        help: ArgumentHelp("Submit again what failed.", valueName: "failed"))
    var rerun: Rerun?

    @Flag(name: .long, help: "Print the scripts that would be handed over, and stop.")
    var dryRun = false

    @Flag(
        name: .long,
        help: "Write everything down and hand nothing over: for other batch systems, see 'stage'.")
    var byHand = false

    enum Rerun: String, CaseIterable, ExpressibleByArgument {
        case failed
    }

    var keepsResults: Bool { !dryRun }

    func validate() throws {
        try OptionRange.check("--most", most, 1...1_000_000)
    }

    func run() throws {
        let layout = results.layout
        try SweepPathHint.check(sweep.sweep, layout: layout)
        let session = try sweep.session(layout)
        let cluster = try cluster(session)
        let slurm = Slurm()
        let submitter = Submitter(layout)
        if !byHand { try submitter.checkFolder() }
        if dryRun {
            let store =
                FileManager.default.fileExists(atPath: layout.database.path)
                ? try ResultsStore(readingFrom: layout.database.path)
                : try ResultsStore(inMemory: .init())
            let draft = try draft(session, store, layout, submitter, cluster, slurm)
            return show(draft.draft, submitter, session.file.name, cluster)
        }
        try submitter.exchange.checkSubmissions()
        if !byHand { try slurm.checkTaking(cluster) }
        try layout.createFolders()
        try layout.checkFolder(ofSweep: session.file.name)
        let collector = Collector(layout, catalogue: Ablate.catalogue)
        let (draft, name) = try collector.locked {
            try SharedStore.withStore(layout) { store in
                // What tasks have left since counts as done.
                CollectWording.tell(of: try collector.collect(into: store), isQuiet: true)
                let study = try StudyRun(
                    session, layout: layout, store: StudyStore(store, Ablate.catalogue))
                if rerun == .failed { try forgetFailures(study, submitter) }
                let draft = try self.draft(session, store, layout, submitter, cluster, slurm)
                return (draft, study.name)
            }
        }
        // Slurm may have taken the tasks, and not the job that collects.
        let lacksCollector =
            !byHand && !draft.queued.isEmpty
            && !submitter.hasCollector(of: name, among: draft.queue)
        guard draft.draft.stageCount > 0 || lacksCollector else {
            let failed =
                draft.failed > 0
                ? "; \(draft.failed) failed ('\(ProgramName.current) status \(session.file.name)' says why): --rerun failed "
                    + "tries them again" : ""
            Console.write(
                "nothing to submit: \(draft.done) of \(Count.text(session.stages.stages.count, "stage")) done, "
                    + "\(draft.queued.count) in the queue\(failed)\n")
            return
        }
        try handOver(draft, name, session, submitter, slurm)
    }

    /// The sweep file's section over the user's, the command line over both.
    private func cluster(_ session: SweepSession) throws -> ClusterSection {
        let user = try ClusterSection.load(
            userFile: HomeFolder.url.appending(path: ".ablate.yaml").path)
        var cluster = session.file.cluster.over(user)
        for option in slurm { cluster.slurm[option.name] = option.value }
        cluster.time = time?.seconds ?? cluster.time
        cluster.most = most ?? cluster.most
        cluster.taskTime = taskTime?.seconds ?? cluster.taskTime
        return cluster
    }

    private struct Draft {
        var draft: SubmissionDraft
        /// Stages that tasks of earlier submissions will compute.
        var queued: Set<Digest>
        var queue: [QueuedTask]
        var done: Int
        var failed: Int
    }

    private func draft(
        _ session: SweepSession, _ store: ResultsStore, _ layout: ResultsLayout,
        _ submitter: Submitter, _ cluster: ClusterSection, _ slurm: Slurm
    ) throws -> Draft {
        let forecast = try RunForecast(
            session, store: store, layout: layout, workers: 1, memoryLimit: nil,
            build: BuildName.current(session.study),
            selection: rerun == .failed && dryRun ? .failed : .needed, calibrates: true)
        var queue: [QueuedTask] = []
        var largestArray = 1001
        do {
            if !byHand {
                queue = try slurm.queue(of: submitter.owners)
                largestArray = try slurm.largestArray()
            }
        } catch ClusterError.noSlurm where dryRun {
            Console.error("there is no Slurm here: what is in the queue is not known")
        }
        let own = Set(session.stages.stages.map(\.id))
        let queued = submitter.queued(queue).intersection(own)
        let draft = try SubmissionDraft(
            session, forecast: forecast, queued: queued,
            known: dryRun ? submitter.exchange.finished(among: own, of: session.study) : [],
            cluster: cluster,
            largestArray: byHand ? .max / 2 : largestArray)
        let statuses = try store.statuses(of: Array(own)).values
        return Draft(
            draft: draft, queued: queued, queue: queue, done: statuses.count { $0 == .finished },
            failed: statuses.count { $0 == .failed })
    }

    private func forgetFailures(_ study: StudyRun, _ submitter: Submitter) throws {
        let stages = study.registration.stages
        let lookup = try study.store.store.lookUp(stages)
        let failed = stages.indices.filter { lookup.statuses[$0] == .failed }
        submitter.exchange.forget(failed.map { stages[$0].id })
        try study.store.store.forget(failed.map { lookup.rows[$0] })
    }

    private func show(
        _ draft: SubmissionDraft, _ submitter: Submitter, _ sweep: String,
        _ cluster: ClusterSection
    ) {
        guard draft.stageCount > 0 else {
            Console.write("nothing to submit\n")
            return
        }
        let scripts = submitter.scripts(
            draft, name: submitter.nextName(sweep), program: ProgramName.current, sweep: sweep)
        for script in scripts {
            Console.write("# \(script.name).sh\n\(script.text)\n")
        }
        Console.write(Self.summary(draft) + "\n")
    }

    private static func summary(_ draft: SubmissionDraft) -> String {
        func count(_ number: Int, _ what: String) -> String {
            Count.text(number, what)
        }
        let seconds = draft.tasks.reduce(0) { $0 + $1.seconds }
        let shared =
            draft.sharedTasks > 0 ? " (\(draft.sharedTasks) for what the others share)" : ""
        return
            "\(count(draft.stageCount, "stage")) in \(count(draft.tasks.count, "task"))\(shared), "
            + count(draft.arrays, "array")
            + (seconds > 0 ? ", \(QuantityText.duration(seconds)) of computing" : "")
    }

    /// How far more processes help.
    private static func tasks(_ draft: SubmissionDraft) -> String {
        let count = draft.tasks.count
        return count == 1
            ? "it is one task: shorter ones by --task-time"
            : "at most \(count) at once have a task; shorter ones by --task-time"
    }

    private func handOver(
        _ draft: Draft, _ name: String, _ session: SweepSession, _ submitter: Submitter,
        _ slurm: Slurm
    ) throws {
        let request = Submitter.Request(
            path: sweep.sweep, overrides: sweep.settings, givenName: sweep.name,
            folder: FileManager.default.currentDirectoryPath, database: results.database)
        let (submission, folder) = try submitter.write(
            draft.draft, session, sweep: name, request)
        let summary =
            draft.draft.stageCount > 0
            ? Self.summary(draft.draft) : "the job that collects what is in the queue"
        Console.write("\(submission.name): \(summary)\n")
        let root = submitter.layout.root.path
        if byHand {
            Console.write(
                """
                start this as often as there are processors, on any machine that sees the folder (\(Self.tasks(draft.draft))):
                  \(submission.program) stage \(folder.root.path)
                then, at any time:
                  \(ProgramName.current) collect \(name) --results \(root)

                """)
            return
        }
        let others = submitter.jobs(of: submission.sweep, among: draft.queue)
        let outcome = try submitter.handOver(
            submission, folder, draft: draft.draft, others: others, slurm: slurm)
        let ids = outcome.submission.jobs.compactMap(\.id)
        if !ids.isEmpty { Console.write("jobs \(ids.joined(separator: ", "))\n") }
        guard let refusal = outcome.refusal else {
            Console.write(
                "look: \(ProgramName.current) status \(session.file.name); the last job writes the table\n"
            )
            return
        }
        Console.error(
            "\(ids.count) of \(Count.text(outcome.submission.jobs.count, "job")) were taken: \(refusal); the same command "
                + "submits the rest later, and '\(ProgramName.current) collect \(name)' takes what is there"
        )
        throw ExitStatus.notDone
    }
}
