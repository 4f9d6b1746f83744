public import Digests
import Foundation
import Orchestration
import ResultsStore
public import Studies
public import Sweeps

/// What would be submitted: tasks, jobs and their scripts. Nothing is written or handed over yet.
public struct SubmissionDraft: Sendable {
    /// A job with its script; what it calls itself is known when the submission has its number.
    struct Job: Sendable {
        var role: Submission.Job.Role
        var suffix: String
        var firstTask = 0
        var taskCount = 0
        var demand: JobDemand
        var most: Int?
        /// Number among ``jobs`` of an array that must have ended, so that no more run than may.
        var lane: Int?
    }

    public let tasks: [Submission.SubmittedTask]
    /// How many of them make what the others share.
    public let sharedTasks: Int
    let finished: [Digest]
    let jobs: [Job]
    let setup: [String]
    /// Stages to compute.
    public var stageCount: Int { tasks.reduce(0) { $0 + $1.stages.count } }
    public var arrays: Int { jobs.count { $0.role != .collect } }

    /// - Parameters:
    ///   - forecast: which stages are to be computed, and how long that takes.
    ///   - queued: stages that tasks of earlier submissions will compute.
    ///   - known: stages whose results are in the exchange folder.
    ///   - cluster: of the sweep file, the user and the command line.
    ///   - largestArray: tasks in an array.
    /// - Throws: ``ClusterError/tooManyArrays(_:limit:)``.
    public init(
        _ session: SweepSession, forecast: RunForecast, queued: Set<Digest>,
        known: Set<Digest> = [], cluster: ClusterSection, largestArray: Int
    ) throws {
        let graph = forecast.plan.graph
        let stages = graph.stages
        let left = stages.indices.map { number in
            let intent = forecast.plan.intents[number]
            return (intent == .run || intent == .rebuild) && !queued.contains(stages[number].id)
                && !(intent == .run && known.contains(stages[number].id))
        }
        let seconds = stages.map {
            $0.work * (forecast.rates[$0.kind]?.secondsPerWork ?? 0)
        }
        let kinds = session.study.stages
        let plan = ChainPlan(
            graph, left: left,
            usesSeed: { kind in kinds.first { $0.name == kind }?.usesSeed ?? true },
            seconds: seconds)
        let taskTime = cluster.taskTime ?? Self.standardTaskTime
        let shared = ChainPlan.packed(plan.shared, taskTime: taskTime)
        let chains = ChainPlan.packed(plan.chains, taskTime: taskTime)
        sharedTasks = shared.count
        tasks = (shared + chains).map { chain in
            Submission.SubmittedTask(
                stages: chain.stages.map { stages[$0].id }, seconds: chain.seconds)
        }
        finished = Self.finished(graph, forecast.plan.intents, of: shared + chains)
        setup = cluster.setup
        let isTimed = forecast.unmeasured.isEmpty && !chains.isEmpty
        func demand(_ chains: [Chain]) -> JobDemand {
            JobDemand(
                cluster, session.prepared.taskDemand,
                memory: chains.flatMap(\.stages).map { stages[$0].memoryBytes }.max() ?? 0,
                seconds: isTimed ? chains.map(\.seconds).max() : nil,
                stages: chains.map(\.stages.count).max() ?? 1)
        }
        jobs = try Self.jobs(
            shared: (shared.count, demand(shared)), chains: (chains.count, demand(chains)),
            collector: JobDemand(collectorOf: cluster), most: cluster.most,
            largestArray: largestArray)
    }

    /// A task that takes less would spend a good part of its time on being started. Units: seconds.
    public static let standardTaskTime = 300.0

    private static func jobs(
        shared: (count: Int, demand: JobDemand), chains: (count: Int, demand: JobDemand),
        collector: JobDemand, most: Int?, largestArray: Int
    ) throws -> [Job] {
        var jobs: [Job] = []
        var first = 0
        for (role, count, demand) in [
            (Submission.Job.Role.shared, shared.count, shared.demand),
            (.chains, chains.count, chains.demand),
        ] {
            let arrays = (count + largestArray - 1) / largestArray
            guard arrays <= 1000 else {
                throw ClusterError.tooManyArrays(count, limit: largestArray)
            }
            // Of arrays that run beside each other, each has its part of what may run at once.
            let lanes = min(arrays, most ?? arrays)
            let begin = jobs.count
            for array in 0..<arrays {
                let size = min(largestArray, count - array * largestArray)
                let part = most.map { $0 / max(1, lanes) + (array % lanes < $0 % lanes ? 1 : 0) }
                jobs.append(
                    Job(
                        role: role, suffix: "\(role.rawValue)-\(array)", firstTask: first,
                        taskCount: size, demand: demand, most: part,
                        lane: array >= lanes ? begin + array - lanes : nil))
                first += size
            }
        }
        jobs.append(Job(role: .collect, suffix: "collect", demand: collector))
        return jobs
    }

    /// What the tasks need and nobody computes any more.
    private static func finished(
        _ graph: StageGraph, _ intents: [Scheduler.Intent], of chains: [Chain]
    ) -> [Digest] {
        var front = chains.flatMap(\.stages)
        var seen = Set(front)
        var finished: [Digest] = []
        while let number = front.popLast() {
            for needed in graph.dependencies(of: number) where seen.insert(needed).inserted {
                front.append(needed)
                if intents[needed] != .run { finished.append(graph.stages[needed].id) }
            }
        }
        return finished.sorted()
    }
}

extension JobDemand {
    /// Of tasks that compute stages.
    ///
    /// - Parameters:
    ///   - memory: of the largest stage. Units: bytes.
    ///   - seconds: of the longest task, where rates are known.
    ///   - stages: most of a task.
    package init(
        _ cluster: ClusterSection, _ task: TaskDemand, memory: Int, seconds: Double?, stages: Int
    ) {
        let cpus = cluster.cpus ?? task.cpus
        set("cpus-per-task", "\(cpus)")
        // Beside its stages the process holds libraries and the plan.
        let needed = memory > 0 ? memory / 4 * 5 + 512 << 20 : nil
        if let bytes = cluster.memory ?? needed {
            set("mem", "\(max(1, bytes >> 20))M")
        }
        let gpus = cluster.gpus ?? task.gpus
        if gpus > 0 { set("gres", "gpu:\(gpus)") }
        let limit =
            cluster.time ?? task.seconds.map { $0 * Double(stages) + 300 }
            ?? seconds.map { 2 * $0 + 600 }
        if let limit {
            set("time", SlurmScript.time(limit))
            set("signal", "B:USR1@\(SlurmScript.warning(before: limit))")
        }
        for (name, value) in cluster.slurm.sorted(by: { $0.key < $1.key }) { set(name, value) }
    }

    /// Of the job that collects: small and short.
    init(collectorOf cluster: ClusterSection) {
        set("cpus-per-task", "1")
        set("mem", "2048M")
        // A collector needs no graphics card.
        let options = cluster.slurm.filter { !["gres", "gpus", "array"].contains($0.key) }
        for (name, value) in options.sorted(by: { $0.key < $1.key }) { set(name, value) }
    }
}
