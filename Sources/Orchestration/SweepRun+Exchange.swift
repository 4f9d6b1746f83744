import Foundation
import Platform
import ResultsStore
import Synchronization

extension SweepRun {
    /// Hands in what a worker did and waits for what it is to do next; nil when nothing is left to do.
    ///
    /// The worker that finds reports and no leader leads: it records every report that is there,
    /// reads what other runs have done, and claims the next stages, all in one transaction.
    func exchange(_ worker: Int, _ report: StageReport?) -> Assignment? {
        if let report { queue.withLock { $0.inbox.append(.report(report)) } }
        while true {
            switch queue.wait({ turn(of: worker, &$0) }) {
            case .start(let assignment): return assignment
            case .finish: return nil
            case .lead(let messages): lead(messages)
            }
        }
    }

    private enum Turn {
        case start(Assignment)
        case finish
        case lead([RunQueue.Message])
    }

    private func turn(of worker: Int, _ queue: inout RunQueue) -> Turn? {
        if queue.isAbandoned { return .finish }
        if let assignment = queue.assignments[worker] {
            queue.assignments[worker] = nil
            return .start(assignment)
        }
        if queue.fault != nil { return .finish }
        if queue.isLed { return nil }
        if queue.isCancelRequested, !queue.isCancelled {
            queue.isCancelled = true
            // Before the reports: what they would start must not start.
            queue.inbox.insert(.event(.cancel), at: 0)
        }
        if !queue.inbox.isEmpty {
            queue.isLed = true
            defer { queue.inbox.removeAll(keepingCapacity: true) }
            return .lead(queue.inbox)
        }
        return queue.isOver ? .finish : nil
    }

    /// Sees what other runs did to stages that this one waits for, and whether they still live.
    func poll() {
        let mayLead = queue.withLock { queue in
            guard !queue.isLed, !queue.isOver, queue.fault == nil else { return false }
            queue.isLed = true
            return true
        }
        guard mayLead else { return }
        do {
            let (owner, mark) = state.withLock { ($0.owner, $0.mark) }
            let freed = try store.takeOverFromDead(by: owner, isAlive: isAlive)
            if freed > 0 { observer?.event(.tookOver(stages: freed)) }
            try lookForStopped()
            if try store.hasChanges(since: mark) { return lead([]) }
            queue.update { $0.isLed = false }
        } catch {
            stepDown(after: error)
        }
    }

    /// Says who keeps this run waiting without end: looked for every few seconds.
    private func lookForStopped() throws {
        guard let observer, stopped.withLock({ .now - $0.looked > .seconds(2) }) else { return }
        let processes = try store.runningStages().compactMap(\.process).filter(\.isStopped)
        let new = stopped.withLock { stopped in
            stopped.looked = .now
            return Set(processes.map(\.pid)).filter { stopped.known.insert($0).inserted }
        }
        for pid in new.sorted() { observer.event(.heldUp(process: pid)) }
    }

    private func lead(_ messages: [RunQueue.Message]) {
        do {
            let outcome = try state.withLock { try transact(messages, &$0) }
            queue.update { queue in
                for (worker, assignment) in outcome.starts {
                    queue.assignments[worker] = assignment
                }
                queue.isOver = queue.isOver || outcome.isOver
                queue.isCancelled = queue.isCancelled || outcome.drains
                queue.isLed = false
            }
            completion.change { $0.waitsForOthers = outcome.waitsForOthers }
            if outcome.drains { isCancelled.store(true, ordering: .relaxed) }
            for event in outcome.events { observer?.event(event) }
        } catch {
            stepDown(after: error)
        }
    }

    private func stepDown(after error: any Error) {
        breakOff(after: error)
        queue.update { $0.isLed = false }
    }

    /// The database has failed: nothing that is computed from now on could be kept.
    func breakOff(after error: any Error) {
        isCancelled.store(true, ordering: .relaxed)
        queue.update { $0.fault = $0.fault ?? error }
    }

    /// What came of one transaction.
    private struct TransactionOutcome {
        var starts: [(worker: Int, Assignment)] = []
        var events: [RunEvent] = []
        var waitsForOthers = false
        var isOver = false
        var drains = false
    }

    private func transact(_ messages: [RunQueue.Message], _ state: inout RunState) throws
        -> TransactionOutcome
    {
        let isCostly = messages.contains { message in
            if case .report(let report) = message { report.attempt.seconds > 0.1 } else { false }
        }
        return try store.transact(isCostly: isCostly) { transaction in
            var outcome = TransactionOutcome()
            var pending: [Scheduler.Action] = []
            for message in messages {
                switch message {
                case .event(let event):
                    pending += state.scheduler.handle(event)
                case .report(let report):
                    try record(report, transaction, state.owner)
                    pending += state.take(report, plan, observer == nil, &outcome.events)
                }
            }
            for change in try transaction.changes(since: &state.mark, owner: state.owner) {
                pending += state.take(change, plan, observer == nil, &outcome.events)
            }
            // Refused claims make new requests: go on until each is granted or withdrawn.
            var next = 0
            while next < pending.count {
                pending += try perform(pending[next], transaction, &state, &outcome)
                next += 1
            }
            outcome.waitsForOthers = state.scheduler.elsewhere > 0
            return outcome
        }
    }

    private func record(
        _ report: StageReport, _ transaction: StoreTransaction, _ owner: OwnerNumber
    ) throws {
        let row = plan.lookup.rows[report.assignment.stage]
        if !report.log.isEmpty {
            try transaction.appendLog(report.log, stage: row, attempt: report.assignment.attempt)
        }
        try transaction.record(report.attempt, stage: row, owner: owner)
    }

    /// Fails those that need a lost file: the stage that left it stays finished, and without a failed one
    /// they would be tried for ever.
    private func recordFenced(
        _ stages: [Int], _ transaction: StoreTransaction, _ state: RunState
    ) throws {
        for stage in stages {
            guard let reason = state.fault(ofFenced: stage, plan) else { continue }
            try transaction.record(
                StageAttempt(
                    outcome: .failed, reason: reason, started: Date().timeIntervalSince1970,
                    build: settings.build),
                stage: plan.lookup.rows[stage], owner: state.owner)
        }
    }

    private func perform(
        _ action: Scheduler.Action, _ transaction: StoreTransaction, _ state: inout RunState,
        _ outcome: inout TransactionOutcome
    ) throws -> [Scheduler.Action] {
        switch action {
        case .start(let stage, let worker, let attempt, let threads, let isRebuild):
            let answer = try transaction.claim(
                plan.lookup.rows[stage], owner: state.owner, worker: worker, attempt: attempt,
                isRebuild: isRebuild)
            if answer == .granted {
                let assignment = Assignment(
                    stage: stage, attempt: attempt, threads: threads, isRebuild: isRebuild)
                outcome.starts.append((worker, assignment))
                return []
            }
            return state.refuse(stage, worker, answer, plan, observer == nil, &outcome.events)
        case .retry, .rebuild:
            return []
        case .fail(let stage, let fenced):
            try recordFenced(fenced, transaction, state)
            // What a finished stage has left is lost, not the trials that have used it already.
            state.giveUp((state.lostFiles[stage] == nil ? [stage] : []) + fenced, plan)
            return []
        case .fence(let stages):
            try recordFenced(stages, transaction, state)
            state.giveUp(stages, plan)
            return []
        case .drain:
            outcome.drains = true
            return []
        case .end:
            outcome.isOver = true
            return []
        }
    }
}
