import Platform

/// Where the tasks of one submission stand: what the queue says, and what they say themselves.
public struct SubmissionStatus: Sendable, Hashable, Encodable {
    /// A task that is at work, or has something to say.
    public struct Task: Sendable, Hashable, Encodable {
        /// Within the submission, from 0.
        public var number: Int
        /// As Slurm's commands take it; empty without Slurm.
        public var job: String
        public var node: String
        /// In Slurm's words, in small letters: running, completing, ...
        public var state: String
        /// How long, as Slurm writes it; empty without Slurm.
        public var time: String
        /// What it computes; empty between stages.
        public var stage: String
        public var step: Int
        public var steps: Int
        public var detail: String
        public var stagesFinished: Int
        public var stages: Int
        /// Why it ended, for one that failed or was put off.
        public var reason: String?
    }

    /// Tasks that wait for the same.
    public struct Waiting: Sendable, Hashable, Encodable {
        /// In Slurm's words: Resources, Dependency, JobHeldUser, ...
        public var reason: String
        public var tasks: Int
        /// Whether nothing but a person's doing starts them.
        public var isHeld: Bool
    }

    /// `SWEEP-3`.
    public var name: String
    /// The job that collects, where it is in the queue: the node that it runs on, or why it waits.
    public var collector: String?
    public var running: [Task] = []
    public var waiting: [Waiting] = []
    /// Tasks that Slurm refused, or that were not handed over.
    public var notSubmitted = 0
    /// Tasks that are at work no more and have left stages undone.
    public var stopped: [Task] = []
    /// Stages with a result in the exchange folder, of all that it has.
    public var stagesHandedIn = 0
    public var stages = 0
    /// Of those with a result there, how many the store does not have yet.
    public var stagesToCollect = 0

    init(name: String) { self.name = name }

    /// Whether anything of it is at work or waits.
    public var isActive: Bool { !running.isEmpty || !waiting.isEmpty || collector != nil }
}

extension SubmissionStatus {
    /// How many tasks are told of one by one.
    private static let listedAtMost = 40

    /// For people, line by line; none where there is nothing to tell.
    var lines: [String] {
        var lines: [String] = []
        if isActive {
            var parts = ["\(running.count) running"]
            parts += waiting.map {
                // Slurm has not looked at it yet.
                $0.reason == "None"
                    ? "\($0.tasks) just submitted"
                    : "\($0.tasks) \($0.isHeld ? "held" : "waiting") (\($0.reason))"
            }
            if notSubmitted > 0 { parts.append("\(notSubmitted) not submitted") }
            lines.append(
                "  \(name): \(stagesHandedIn) of \(Count.text(stages, "stage")) handed in; tasks: "
                    + parts.joined(separator: ", "))
        }
        if !isActive, stagesToCollect > 0 {
            lines.append(
                "  \(name): \(stagesHandedIn) of \(stages) stages handed in, nothing at work: "
                    + "'\(ProgramName.current) collect' takes them in")
        }
        if let collector { lines.append("  \(name): collecting \(collector)") }
        if waiting.contains(where: \.isHeld) {
            lines.append(
                "  held tasks keep the collecting job waiting: release them (scontrol release), or "
                    + "collect by hand")
        }
        return lines + Self.listed(running.map(\.line)) + Self.listed(stopped.map(\.line))
    }

    private static func listed(_ lines: [String]) -> [String] {
        guard lines.count > listedAtMost else { return lines }
        return lines.prefix(listedAtMost) + ["  ... and \(lines.count - listedAtMost) more"]
    }
}

extension SubmissionStatus.Task {
    fileprivate var line: String {
        let place = job.isEmpty ? "" : " (job \(job), \(state) for \(time))"
        // The whole of it is in the task's log, and in the store once it is collected.
        if let reason = reason?.split(whereSeparator: \.isNewline).first {
            return "  task \(number) on \(node) \(state): \(reason)"
        }
        guard !stage.isEmpty else { return "  task \(number) on \(node)\(place)" }
        let step = steps > 0 ? ", step \(self.step) of \(steps)" : ""
        let detail = detail.isEmpty ? "" : ", \(self.detail)"
        return
            "  task \(number) on \(node)\(place): \(stage)\(step)\(detail); \(stagesFinished) of "
            + "\(Count.text(stages, "stage")) done"
    }
}
