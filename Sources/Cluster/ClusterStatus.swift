import Foundation
public import Studies

/// Where the tasks of submissions stand: from the queue, and from what they say themselves.
public struct ClusterStatus: Sendable {
    /// Nothing for a results folder that no submission was made in.
    private let submissions: [(submission: Submission, folder: SubmissionFolder)]
    private let queue: [QueuedTask]?
    private let queueFault: String?

    /// Asks the queue once, for all submissions.
    ///
    /// - Parameter sweep: of whose tasks is asked; nil for all.
    public init(_ layout: ResultsLayout, sweep: String?, slurm: Slurm = Slurm()) {
        submissions = ExchangeFolder(layout).submissions().compactMap { folder in
            guard let submission = try? Submission(reading: folder),
                sweep == nil || Submitter.isOf(submission, sweep ?? "")
            else { return nil }
            return (submission, folder)
        }
        let isHandedOver = submissions.contains { $0.submission.jobs.contains { $0.id != nil } }
        guard isHandedOver else {
            (queue, queueFault) = ([], nil)
            return
        }
        do {
            (queue, queueFault) = (try slurm.queue(), nil)
        } catch {
            (queue, queueFault) = (nil, "\(error)")
        }
    }

    /// What is to be seen of a sweep's tasks, line by line.
    public func lines(of sweep: String) -> [String] {
        var lines: [String] = []
        for (submission, folder) in submissions where Submitter.isOf(submission, sweep) {
            lines += self.lines(of: submission, folder)
        }
        if let queueFault, !lines.isEmpty || !submissions.isEmpty {
            lines.append("  the queue cannot be asked: \(queueFault)")
        }
        return lines
    }

    private func lines(of submission: Submission, _ folder: SubmissionFolder) -> [String] {
        var waiting: [String: Int] = [:]
        var held: [String: Int] = [:]
        var running: [(task: Int, queued: QueuedTask)] = []
        var lines: [String] = []
        let jobs = Dictionary(
            submission.jobs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for queued in queue ?? [] {
            guard let job = jobs[queued.name] else { continue }
            if job.role == .collect {
                lines.append("  \(submission.name): collecting \(Self.text(queued))")
            } else if queued.isRunning {
                let task = submission.tasks(of: job, index: queued.index).first ?? job.firstTask
                running.append((task, queued))
            } else if queued.isHeld {
                held[queued.reason, default: 0] += 1
            } else {
                waiting[queued.reason, default: 0] += 1
            }
        }
        let refused = submission.jobs.filter { $0.state != .submitted }
            .reduce(0) { $0 + $1.taskCount }
        var parts = ["\(running.count) running"]
        parts += waiting.sorted { $0.key < $1.key }.map { "\($0.value) waiting (\($0.key))" }
        parts += held.sorted { $0.key < $1.key }.map { "\($0.value) held (\($0.key))" }
        if refused > 0, queue?.isEmpty == false { parts.append("\(refused) not submitted") }
        let isActive = !running.isEmpty || !waiting.isEmpty || !held.isEmpty
        if isActive {
            lines.insert("  \(submission.name): tasks: \(parts.joined(separator: ", "))", at: 0)
        }
        if !held.isEmpty {
            lines.append(
                "  held tasks keep the collecting job waiting: release them (scontrol release), or "
                    + "collect by hand")
        }
        lines += running.sorted { $0.task < $1.task }.prefix(Self.listedAtMost).map {
            task, queued in
            "  task \(task) on \(queued.node) (job \(queued.id), \(queued.state.lowercased()) for "
                + "\(queued.time))" + Self.text(TaskState(reading: folder.state(ofTask: task)))
        }
        if running.count > Self.listedAtMost {
            lines.append("  ... and \(running.count - Self.listedAtMost) more")
        }
        return lines + stopped(submission, folder, running: Set(running.map(\.task)))
    }

    /// Tasks that are not at work and have something to say; those of by-hand submissions at work.
    private func stopped(
        _ submission: Submission, _ folder: SubmissionFolder, running: Set<Int>
    ) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.states.path)) ?? []
        let isByHand = submission.jobs.allSatisfy { $0.id == nil }
        let tasks = names.compactMap { Int($0.prefix { $0 != "." }) }.filter {
            !running.contains($0)
        }
        var lines: [String] = []
        for task in tasks.sorted() {
            guard let state = TaskState(reading: folder.state(ofTask: task)) else { continue }
            switch state.phase {
            case .finished: continue
            case .running where isByHand:
                lines.append("  task \(task) on \(state.host)\(Self.text(state))")
            case .running, .stopped:
                continue
            case .failed, .postponed:
                lines.append(
                    "  task \(task) on \(state.host) \(state.phase.rawValue): "
                        + (state.reason ?? "no reason given"))
            }
            if lines.count == Self.listedAtMost { return lines + ["  ... and perhaps more"] }
        }
        return lines
    }

    /// How many tasks are told of one by one.
    private static let listedAtMost = 40

    private static func text(_ state: TaskState?) -> String {
        guard let state, !state.stage.isEmpty else { return "" }
        let step = state.steps > 0 ? ", step \(state.step) of \(state.steps)" : ""
        let detail = state.detail.isEmpty ? "" : ", \(state.detail)"
        return
            ": \(state.stage)\(step)\(detail); \(state.stagesFinished) of \(state.stages) stages done"
    }

    private static func text(_ queued: QueuedTask) -> String {
        queued.isRunning ? "on \(queued.node)" : "waits (\(queued.reason))"
    }
}
