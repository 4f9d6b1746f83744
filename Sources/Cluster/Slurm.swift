import Foundation
import Platform
public import Sweeps

/// The commands of Slurm, asked as rarely as can be: one call for all jobs.
///
/// `sacct` is often not there; these are.
public struct Slurm: Sendable {
    private let environment: [String: String]
    /// For an answer: its own commands give up after less. Units: seconds.
    private static let patience = 120.0

    public init() { environment = ProcessInfo.processInfo.environment }

    /// Hands over a script; returns what Slurm calls the job.
    ///
    /// - Parameters:
    ///   - name: of the job, which no other in the queue has: a busy controller may take a job and lose the answer.
    ///   - dependencies: jobs that must have ended, however they did.
    /// - Throws: ``ClusterError``.
    func submit(_ script: URL, named name: String, after dependencies: [String]) throws -> String {
        var arguments = ["--parsable"]
        if !dependencies.isEmpty {
            arguments.append("--dependency=afterany:" + dependencies.joined(separator: ":"))
        }
        do {
            let answer = try ask("sbatch", arguments + [script.path])
            guard let id = Self.job(in: answer) else {
                throw ClusterError.unreadableAnswer(program: "sbatch", line: answer)
            }
            return id
        } catch let error as ClusterError {
            guard let task = try? queue().last(where: { $0.name == name }) else { throw error }
            return task.job
        }
    }

    /// What `sbatch --parsable` calls a job: "12", or "12;cluster", whatever a site's own plug-ins say beside it.
    static func job(in answer: String) -> String? {
        answer.split(whereSeparator: \.isNewline).reversed().lazy.compactMap { line in
            let id = line.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
            return !id.isEmpty && id.allSatisfy { $0.isASCII && $0.isNumber } ? id : nil
        }.first
    }

    /// Whether it answers, and would take a job with a user's options: before anything is written.
    ///
    /// Throws: ``ClusterError/wouldRefuse(reason:)``, ``ClusterError/noSlurm(program:)``.
    public func checkTaking(_ cluster: ClusterSection) throws {
        var options = cluster.slurm.sorted { $0.key < $1.key }.map { name, value in
            value.isEmpty ? "--\(name)" : "--\(name)=\(value)"
        }
        if let time = cluster.time, cluster.slurm["time"] == nil {
            options.append("--time=\(SlurmScript.time(time))")
        }
        do {
            _ = try ask("sbatch", ["--test-only"] + options + ["--wrap=true"])
        } catch ClusterError.slurmFailed(_, let message) {
            throw ClusterError.wouldRefuse(reason: message)
        }
    }

    /// The jobs that are not over, those of arrays task by task.
    ///
    /// - Parameter users: whose, by number; this one's where none are named.
    public func queue(of users: Set<UInt32> = []) throws -> [QueuedTask] {
        let users = users.isEmpty ? [getuid()] : users.sorted()
        let answer = try ask(
            "squeue",
            [
                "--noheader", "--array",
                "--user=" + users.map(String.init).joined(separator: ","),
                "--format=%F|%K|%j|%T|%M|%N|%r",
            ])
        return try answer.split(separator: "\n").map { line in
            guard let task = QueuedTask(String(line)) else {
                throw ClusterError.unreadableAnswer(program: "squeue", line: String(line))
            }
            return task
        }
    }

    /// Ends jobs, of arrays all tasks.
    func cancel(_ jobs: [String]) throws {
        if jobs.isEmpty { return }
        _ = try ask("scancel", jobs)
    }

    /// Whether a job is running still: neither cancelled nor at its end.
    ///
    /// Throws: ``ClusterError``.
    public func isRunning(_ job: String) throws -> Bool {
        let answer = try ask("squeue", ["--noheader", "--jobs=\(job)", "--format=%T"])
        return answer.trimmingCharacters(in: .whitespacesAndNewlines) == "RUNNING"
    }

    /// Puts the task that runs here back into the queue.
    public func requeue(_ job: String) throws { _ = try ask("scontrol", ["requeue", job]) }

    /// The largest number of tasks in an array: the setting limits its largest index, from 0.
    public func largestArray() throws -> Int {
        let answer = try ask("scontrol", ["show", "config"])
        let line = answer.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
        let value = line?.split(separator: "=").last?.trimmingCharacters(in: .whitespaces)
        guard let value, let size = Int(value) else {
            throw ClusterError.unreadableAnswer(
                program: "scontrol", line: line.map(String.init) ?? "no MaxArraySize")
        }
        return max(1, size)
    }

    private func ask(_ program: String, _ arguments: [String]) throws -> String {
        guard let file = ExecutablePath.find(program) else {
            throw ClusterError.noSlurm(program: program)
        }
        let outcome = try ChildProcess.run(
            file, arguments, in: URL(filePath: FileManager.default.currentDirectoryPath),
            environment: environment, keepsOutput: true, limit: Self.patience)
        guard outcome.code == 0 else {
            let message = outcome.message.trimmingCharacters(in: .whitespacesAndNewlines)
            throw ClusterError.slurmFailed(program: program, message: message)
        }
        return outcome.output
    }
}

/// A job, or a task of an array, as the queue has it.
public struct QueuedTask: Sendable, Hashable {
    /// Of the array, or the job's own.
    public var job: String
    /// Within the array; nil for a job without one.
    public var index: Int?
    public var name: String
    /// RUNNING, PENDING, COMPLETING, ...
    public var state: String
    /// How long it has been running, as Slurm writes it.
    public var time: String
    public var node: String
    /// Why it waits: Resources, Dependency, JobHeldUser, ...
    public var reason: String

    /// A line of `squeue --format=%F|%K|%j|%T|%M|%N|%r`.
    package init?(_ line: String) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard fields.count >= 7, !fields[0].isEmpty else { return nil }
        job = fields[0]
        // N/A for none.
        index = Int(fields[1])
        name = fields[2]
        state = fields[3]
        time = fields[4]
        node = fields[5]
        reason = fields[6...].joined(separator: "|")
    }

    /// As Slurm's commands take it.
    public var id: String { index.map { "\(job)_\($0)" } ?? job }

    package var isRunning: Bool { state != "PENDING" }

    /// Whether nothing but a person's doing will start it.
    package var isHeld: Bool { reason.hasPrefix("JobHeld") || reason == "DependencyNeverSatisfied" }
}
