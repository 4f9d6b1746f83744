public import Digests
import Foundation
import Platform
import ResultsStore
public import Studies
import Sweeps

/// Writes a submission down and hands its jobs over, one after another.
public struct Submitter: Sendable {
    public let layout: ResultsLayout
    public let exchange: ExchangeFolder

    /// What was given on the command line.
    public struct Request: Sendable {
        public var path: String
        public var overrides: [String]
        public var givenName: String?
        /// Where the command was given.
        public var folder: String
        public var database: String?

        public init(
            path: String, overrides: [String], givenName: String?, folder: String,
            database: String?
        ) {
            self.path = path
            self.overrides = overrides
            self.givenName = givenName
            self.folder = folder
            self.database = database
        }
    }

    /// What came of handing a submission over.
    public struct Outcome: Sendable {
        public var submission: Submission
        public var folder: SubmissionFolder
        /// Why Slurm took no more of it; nil when it took all.
        public var refusal: String?
    }

    public init(_ layout: ResultsLayout) {
        self.layout = ResultsLayout(
            root: layout.root.standardizedFileURL.path,
            database: layout.database.standardizedFileURL.path)
        exchange = ExchangeFolder(self.layout)
    }

    /// Whether Slurm can write its logs there.
    ///
    /// Throws: ``ClusterError/unusableFolder(path:character:)``.
    public func checkFolder() throws {
        guard let character = SlurmScript.unusable(in: exchange.root.path) else { return }
        throw ClusterError.unusableFolder(
            path: layout.root.path,
            character: character.isNewline ? "line break" : "'\(character)'")
    }

    // MARK: What is on its way

    /// Who has submitted from this folder: the jobs of each are to be asked for.
    public var owners: Set<UInt32> { Set(exchange.submissions().map(\.owner)).union([getuid()]) }

    /// The tasks of earlier submissions that are in the queue, by the names of their jobs.
    public func queued(_ queue: [QueuedTask]) -> Set<Digest> {
        var jobs: [String: [Int?]] = [:]
        for task in queue { jobs[task.name, default: []].append(task.index) }
        var stages: Set<Digest> = []
        for folder in exchange.submissions() {
            guard let submission = try? Submission(reading: folder) else { continue }
            for job in submission.jobs {
                for index in jobs[job.name] ?? [] {
                    for task in submission.tasks(of: job, index: index) {
                        stages.formUnion(submission.tasks[task].stages)
                    }
                }
            }
        }
        return stages
    }

    // MARK: Scripts

    /// The scripts of a draft, as they would be handed over.
    public func scripts(
        _ draft: SubmissionDraft, name: String, program: String, sweep: String
    ) -> [(name: String, text: String)] {
        let folder = exchange.submission(name)
        return draft.jobs.map { job in
            let isCollector = job.role == .collect
            let command =
                isCollector
                ? [program, "collect", sweep, "--results", layout.root.path]
                    + (hasOwnDatabase ? ["--database", layout.database.path] : [])
                : [program, "stage", folder.root.path, "--task"]
            let script = SlurmScript(
                name: jobName(name, job), demand: job.demand,
                array: isCollector ? nil : (job.taskCount, job.most), logs: folder.logs.path,
                folder: FileManager.default.currentDirectoryPath, setup: draft.setup,
                command: command, firstTask: job.firstTask)
            return (jobName(name, job), script.text)
        }
    }

    private var hasOwnDatabase: Bool {
        layout.database != ResultsLayout(root: layout.root.path).database
    }

    /// Unlike any other in the queue of this user, also where there are several results folders.
    private func jobName(_ submission: String, _ job: SubmissionDraft.Job) -> String {
        "\(submission)-\(job.suffix)-\(Digest(of: layout.root.path).description.prefix(6))"
    }

    /// What the next submission of a sweep is called.
    public func nextName(_ sweep: String) -> String {
        let numbers = exchange.submissions().compactMap { folder -> Int? in
            guard folder.name.hasPrefix(sweep + "-") else { return nil }
            return Int(folder.name.dropFirst(sweep.count + 1))
        }
        return "\(sweep)-\((numbers.max() ?? 0) + 1)"
    }

    // MARK: Handing over

    /// Writes a submission down: program, sweep file, scripts, tasks.
    ///
    /// Throws: `PlatformError`, ``ClusterError``.
    public func write(
        _ draft: SubmissionDraft, _ session: SweepSession, sweep: String, _ request: Request
    ) throws -> (Submission, SubmissionFolder) {
        try exchange.createFolders()
        let build = try BuildCopy.make(in: exchange)
        // Of two that submit at once each gets a number of its own.
        var name = nextName(session.file.name)
        while mkdir(exchange.submission(name).root.path, 0o777) != 0 {
            guard errno == EEXIST else {
                throw PlatformError.unwritable(
                    path: exchange.submission(name).root.path, code: errno)
            }
            let number = Int(name.dropFirst(session.file.name.count + 1)) ?? 0
            name = "\(session.file.name)-\(number + 1)"
        }
        let folder = exchange.submission(name)
        try SharedFile.makeFolder(folder.logs)
        try SharedFile.makeFolder(folder.states)
        let copy = URL(filePath: request.path).lastPathComponent
        try SharedFile.makeFolder(folder.sweep(copy).deletingLastPathComponent())
        try SharedFile.replace(Data(session.file.sourceText.utf8), at: folder.sweep(copy))
        let submission = Submission(
            name: name, sweep: sweep, path: request.path, copy: copy,
            overrides: request.overrides, givenName: request.givenName, folder: request.folder,
            results: layout.root.path, database: layout.database.path, program: build.path,
            repository: RepositoryState(ofFile: request.path), tasks: draft.tasks,
            finished: draft.finished,
            jobs: draft.jobs.map { job in
                Submission.Job(
                    role: job.role, name: jobName(name, job), firstTask: job.firstTask,
                    taskCount: job.taskCount)
            })
        for script in scripts(draft, name: name, program: build.path, sweep: sweep) {
            try SharedFile.replace(Data(script.text.utf8), at: folder.script(script.name))
        }
        try submission.write(to: folder)
        return (submission, folder)
    }

    /// Hands the jobs over, each written down before and after, until Slurm refuses one.
    ///
    /// - Parameter others: jobs of earlier submissions that the collector waits for too.
    /// - Throws: `PlatformError` where that cannot be written down.
    public func handOver(
        _ written: Submission, _ folder: SubmissionFolder, draft: SubmissionDraft,
        others: [String], slurm: Slurm
    ) throws -> Outcome {
        var submission = written
        for (number, job) in draft.jobs.enumerated() {
            let ids = submission.jobs.map(\.id)
            var needed: [String] = []
            switch job.role {
            case .shared: break
            case .chains:
                needed = zip(submission.jobs, ids).compactMap { $0.role == .shared ? $1 : nil }
            case .collect: needed = ids.compactMap { $0 } + others
            }
            if let lane = job.lane, let id = ids[lane] { needed.append(id) }
            do {
                let name = submission.jobs[number].name
                submission.jobs[number].id = try slurm.submit(
                    folder.script(name), named: name, after: needed)
                submission.jobs[number].state = .submitted
                try submission.write(to: folder)
            } catch let error as ClusterError {
                submission.jobs[number].state = .refused
                try submission.write(to: folder)
                return Outcome(
                    submission: submission, folder: folder, refusal: error.description)
            }
        }
        return Outcome(submission: submission, folder: folder)
    }

    /// What Slurm calls the jobs of a sweep's submissions that are in the queue.
    public func jobs(of sweep: String?, among queue: [QueuedTask]) -> [String] {
        let names = Set(
            exchange.submissions().compactMap { try? Submission(reading: $0) }
                .filter { submission in sweep.map { Self.isOf(submission, $0) } ?? true }
                .flatMap(\.jobs).map(\.name))
        return Set(queue.filter { names.contains($0.name) }.map(\.job)).sorted()
    }

    /// Whether a job in the queue will take in what the tasks of a sweep's submissions leave.
    public func hasCollector(of sweep: String, among queue: [QueuedTask]) -> Bool {
        let names = exchange.submissions().compactMap { try? Submission(reading: $0) }
            .filter { Self.isOf($0, sweep) }
            .flatMap(\.jobs).filter { $0.role == .collect }.map(\.name)
        return queue.contains { names.contains($0.name) }
    }

    /// Ends the jobs of a sweep's submissions that are in the queue; returns what Slurm calls them.
    ///
    /// - Parameter sweep: as it was submitted; nil for every one of this results folder.
    /// - Throws: ``ClusterError``.
    public func cancel(_ sweep: String?, slurm: Slurm) throws -> [String] {
        let jobs = jobs(of: sweep, among: try slurm.queue())
        try slurm.cancel(jobs)
        return jobs
    }

    /// Whether a submission is one of a sweep, of whatever plan where none is named.
    public static func isOf(_ submission: Submission, _ sweep: String) -> Bool {
        isOf(submission.sweep, sweep)
    }

    static func isOf(_ plan: String, _ sweep: String) -> Bool {
        plan == sweep || SweepReference(parsing: plan).name == sweep
    }
}
