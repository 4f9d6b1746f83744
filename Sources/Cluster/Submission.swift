public import Digests
import Files
import Foundation
import Platform
public import Studies

/// What was handed to the batch system, or is to be: written down before each step, so that whoever comes next
/// knows.
public struct Submission: Sendable, Codable, Hashable {
    static let currentFormat = 1

    public struct SubmittedTask: Sendable, Codable, Hashable {
        public var stages: [Digest]
        /// As far as rates are known. Units: seconds.
        public var seconds: Double
    }

    public struct Job: Sendable, Codable, Hashable {
        public enum Role: String, Sendable, Codable, Hashable {
            case shared
            case chains
            case collect
        }

        public enum State: String, Sendable, Codable, Hashable {
            /// Not yet handed over; or the program ended while it was: the queue knows it by its name.
            case written
            case submitted
            case refused
        }

        public var role: Role
        /// Its name in the queue, and that of its script.
        public var name: String
        public var state: State = .written
        /// What Slurm calls it.
        public var id: String?
        /// Those of ``Submission/tasks`` that it runs; none for a collector.
        public var firstTask = 0
        public var taskCount = 0
    }

    public var format = Self.currentFormat
    public var name: String
    /// As the store knows the plan: `table1`, or `table1@2`.
    public var sweep: String
    /// The sweep file as it was named.
    public var path: String
    /// The name of its copy.
    public var copy: String
    public var overrides: [String]
    /// `--name`.
    public var givenName: String?
    /// Where the command was given: paths are relative to it.
    public var folder: String
    /// Of the results.
    public var results: String
    public var database: String
    /// The copy of the program that tasks run.
    public var program: String
    /// Of the sweep file, as it was submitted; nil where that lay in none, and in submissions of before.
    public var repository: RepositoryState?
    public var tasks: [SubmittedTask]
    /// What tasks need and the store has: nothing to compute, though a file of it may be gone.
    public var finished: [Digest]
    public var jobs: [Job]

    /// Throws: ``ClusterError``.
    public init(reading folder: SubmissionFolder) throws {
        guard let data = SharedFile.read(folder.file) else {
            throw ClusterError.noSubmission(path: folder.root.path)
        }
        guard let submission = try? JSONDecoder().decode(Self.self, from: data),
            submission.format == Self.currentFormat, submission.isSound
        else { throw ClusterError.unreadableSubmission(path: folder.file.path) }
        self = submission
    }

    /// Whether its jobs are of its tasks.
    private var isSound: Bool {
        jobs.allSatisfy { job in
            let (end, isTooLarge) = job.firstTask.addingReportingOverflow(job.taskCount)
            return job.firstTask >= 0 && job.taskCount >= 0 && !isTooLarge && end <= tasks.count
        }
    }

    init(
        name: String, sweep: String, path: String, copy: String, overrides: [String],
        givenName: String?, folder: String, results: String, database: String, program: String,
        repository: RepositoryState?, tasks: [SubmittedTask], finished: [Digest], jobs: [Job]
    ) {
        self.name = name
        self.sweep = sweep
        self.path = path
        self.copy = copy
        self.overrides = overrides
        self.givenName = givenName
        self.folder = folder
        self.results = results
        self.database = database
        self.program = program
        self.repository = repository
        self.tasks = tasks
        self.finished = finished
        self.jobs = jobs
    }

    /// Throws: `PlatformError`.
    func write(to folder: SubmissionFolder) throws {
        try SharedFile.replace(try SortedJSON.data(of: self), at: folder.file)
    }

    /// The tasks that a job of the queue stands for.
    ///
    /// - Parameter index: within its array; nil for the whole.
    func tasks(of job: Job, index: Int?) -> Range<Int> {
        guard let index else { return job.firstTask..<job.firstTask + job.taskCount }
        guard (0..<job.taskCount).contains(index) else { return 0..<0 }
        return job.firstTask + index..<job.firstTask + index + 1
    }
}

/// How far a task is, as it says itself.
public struct TaskState: Sendable, Codable, Hashable {
    public enum Phase: String, Sendable, Codable, Hashable {
        case running
        case finished
        /// Told to stop: what it had begun is kept.
        case stopped
        /// Some of its stages failed, or cannot run because of one that did.
        case failed
        /// The machine kept it from its work: the next attempt goes on.
        case postponed
    }

    public var phase: Phase
    public var host: String
    public var job: String
    /// What runs.
    public var stage = ""
    public var step = 0
    public var steps = 0
    public var detail = ""
    public var stagesFinished = 0
    public var stages = 0
    public var reason: String?
    /// How far it was when it was last stopped, so that one which gets no further is not started for ever.
    public var stoppedAt: String?

    public init(phase: Phase, host: String, job: String) {
        self.phase = phase
        self.host = host
        self.job = job
    }

    init?(reading url: URL) {
        guard let data = SharedFile.read(url),
            let state = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = state
    }

    func write(to url: URL) throws {
        try SharedFile.replace(try SortedJSON.data(of: self), at: url)
    }
}
