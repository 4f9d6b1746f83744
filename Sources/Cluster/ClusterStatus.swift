import Digests
import Foundation
public import ResultsStore
public import Studies

/// Where the submissions of a results folder stand: from the queue, and from what tasks say themselves.
public struct ClusterStatus: Sendable {
    /// One each, in the order in which they were made; none for a folder that nothing was submitted from.
    private let submissions: [(sweep: String, status: SubmissionStatus)]
    /// Why the queue cannot be asked: what runs is not known then.
    public let fault: String?
    /// How long ago the queue was asked. Units: seconds.
    private let age: Double

    /// Asks the queue once, for all submissions.
    ///
    /// - Parameters:
    ///   - sweep: of whose tasks is asked; nil for all.
    ///   - store: what has been collected; nil where that is not asked for.
    ///   - queue: what is asked, and what it has answered lately.
    public init(
        _ layout: ResultsLayout, sweep: String?, store: ResultsStore? = nil,
        queue asked: RecentQueue = RecentQueue()
    ) {
        let exchange = ExchangeFolder(layout)
        let found = exchange.submissions().compactMap { folder in
            (try? Submission(reading: folder)).map { (submission: $0, folder: folder) }
        }.filter { sweep == nil || Submitter.isOf($0.submission, sweep ?? "") }
        guard !found.isEmpty else {
            (submissions, fault, age) = ([], nil, 0)
            return
        }
        var queue: [QueuedTask] = []
        var (fault, age): (String?, Double) = (nil, 0)
        let isHandedOver = found.contains { $0.submission.jobs.contains { $0.id != nil } }
        if isHandedOver {
            let answer = asked.answer(of: Set(found.map(\.folder.owner)))
            (queue, fault, age) = (answer.tasks, answer.fault, answer.age)
        }
        let tasks = Dictionary(grouping: queue, by: \.name)
        let handedIn = Set(exchange.records().stages)
        let handedInHere = found.flatMap { $0.submission.tasks.flatMap(\.stages) }
            .filter(handedIn.contains)
        let statuses = store.flatMap { try? $0.statuses(of: handedInHere) }
        self.fault = fault
        self.age = age
        submissions = found.map { submission, folder in
            var status = Self.status(submission, folder, tasks)
            let stages = Set(submission.tasks.flatMap(\.stages))
            status.stages = stages.count
            status.stagesHandedIn = stages.intersection(handedIn).count
            if let statuses {
                status.stagesToCollect = stages.count {
                    handedIn.contains($0) && statuses[$0] == .pending
                }
            }
            return (submission.sweep, status)
        }
    }

    /// Of a sweep, of whatever plan where none is named.
    public func submissions(of sweep: String) -> [SubmissionStatus] {
        submissions.filter { Submitter.isOf($0.sweep, sweep) }.map(\.status)
    }

    /// What is to be seen of a sweep's tasks, line by line.
    public func lines(of sweep: String) -> [String] {
        let own = submissions(of: sweep)
        var lines = own.flatMap(\.lines)
        if let fault, !own.isEmpty { lines.append("  the queue cannot be asked: \(fault)") }
        if age >= 2, own.contains(where: \.isActive) {
            lines.append("  (the queue was asked \(Int(age)) s ago)")
        }
        return lines
    }

    private static func status(
        _ submission: Submission, _ folder: SubmissionFolder, _ queue: [String: [QueuedTask]]
    ) -> SubmissionStatus {
        var status = SubmissionStatus(name: submission.name)
        var waiting: [String: SubmissionStatus.Waiting] = [:]
        for job in submission.jobs {
            for queued in queue[job.name] ?? [] {
                if job.role == .collect {
                    status.collector =
                        queued.isRunning ? "on \(queued.node)" : "waits (\(queued.reason))"
                } else if queued.isRunning {
                    let number =
                        submission.tasks(of: job, index: queued.index).first ?? job.firstTask
                    status.running.append(
                        .init(
                            number, queued, TaskState(reading: folder.state(ofTask: number))))
                } else {
                    waiting[
                        queued.reason,
                        default: .init(reason: queued.reason, tasks: 0, isHeld: queued.isHeld)
                    ].tasks += 1
                }
            }
        }
        status.waiting = waiting.values.sorted {
            ($0.isHeld ? 1 : 0, $0.reason) < ($1.isHeld ? 1 : 0, $1.reason)
        }
        status.running.sort { $0.number < $1.number }
        let isByHand = submission.jobs.allSatisfy { $0.id == nil }
        if !isByHand {
            status.notSubmitted = submission.jobs.filter { $0.state != .submitted }
                .reduce(0) { $0 + $1.taskCount }
        }
        let queued = Set(status.running.map(\.number))
        for (number, state) in folder.taskStates() where !queued.contains(number) {
            switch state.phase {
            case .running where isByHand: status.running.append(.init(number, nil, state))
            case .failed, .postponed: status.stopped.append(.init(number, nil, state))
            case .running, .stopped, .finished: continue
            }
        }
        return status
    }
}

extension SubmissionStatus.Task {
    /// - Parameters:
    ///   - queued: what the queue says; nil where it knows nothing of the task.
    ///   - state: what the task says.
    fileprivate init(_ number: Int, _ queued: QueuedTask?, _ state: TaskState?) {
        self.number = number
        job = queued?.id ?? ""
        node = queued?.node ?? state?.host ?? ""
        self.state = queued?.state.lowercased() ?? state?.phase.rawValue ?? ""
        time = queued?.time ?? ""
        stage = state?.stage ?? ""
        step = state?.step ?? 0
        steps = state?.steps ?? 0
        detail = state?.detail ?? ""
        stagesFinished = state?.stagesFinished ?? 0
        stages = state?.stages ?? 0
        let isOver = state?.phase == .failed || state?.phase == .postponed
        reason = queued == nil && isOver ? state?.reason ?? "no reason given" : nil
    }
}
