import Foundation
import Platform
import ResultsStore
import Synchronization

extension SweepRun {
    /// Hands in what a worker did and waits for what it is to do next; nil when it can go home.
    ///
    /// The worker that finds reports and no leader leads: it records every report that is there,
    /// reads what other runs have done, and claims the next stages, all in one transaction.
    func exchange(_ worker: Int, _ report: StageReport?) -> Assignment? {
        if let report { floor.withLock { $0.inbox.append(.report(report)) } }
        while true {
            switch floor.wait({ turn(of: worker, &$0) }) {
            case .start(let assignment): return assignment
            case .goHome: return nil
            case .lead(let messages): lead(messages)
            }
        }
    }

    private enum Turn {
        case start(Assignment)
        case goHome
        case lead([Floor.Message])
    }

    private func turn(of worker: Int, _ floor: inout Floor) -> Turn? {
        if floor.isAbandoned { return .goHome }
        if let assignment = floor.assignments[worker] {
            floor.assignments[worker] = nil
            return .start(assignment)
        }
        if floor.fault != nil { return .goHome }
        if floor.isLed { return nil }
        if floor.isCancelRequested, !floor.isCancelled {
            floor.isCancelled = true
            // Before the reports: what they would start must not start.
            floor.inbox.insert(.event(.cancel), at: 0)
        }
        if !floor.inbox.isEmpty {
            floor.isLed = true
            defer { floor.inbox.removeAll(keepingCapacity: true) }
            return .lead(floor.inbox)
        }
        return floor.isOver ? .goHome : nil
    }

    /// Sees what other runs did to stages that this one waits for, and whether they still live.
    func poll() {
        let mayLead = floor.withLock { floor in
            guard !floor.isLed, !floor.isOver, floor.fault == nil else { return false }
            floor.isLed = true
            return true
        }
        guard mayLead else { return }
        do {
            let (owner, mark) = desk.withLock { ($0.owner, $0.mark) }
            let freed = try store.takeOverFromDead(by: owner, isAlive: isAlive)
            if freed > 0 { observer?.event(.tookOver(stages: freed)) }
            try lookForStopped()
            if try store.hasNews(since: mark) { return lead([]) }
            floor.update { $0.isLed = false }
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

    private func lead(_ messages: [Floor.Message]) {
        do {
            let minutes = try desk.withLock { try transact(messages, &$0) }
            floor.update { floor in
                for (worker, assignment) in minutes.starts {
                    floor.assignments[worker] = assignment
                }
                floor.isOver = floor.isOver || minutes.isOver
                floor.isCancelled = floor.isCancelled || minutes.drains
                floor.isLed = false
            }
            gate.change { $0.waitsForOthers = minutes.waitsForOthers }
            if minutes.drains { isCancelled.store(true, ordering: .relaxed) }
            for event in minutes.events { observer?.event(event) }
        } catch {
            stepDown(after: error)
        }
    }

    private func stepDown(after error: any Error) {
        breakOff(after: error)
        floor.update { $0.isLed = false }
    }

    /// The database has failed: nothing that is computed from now on could be kept.
    func breakOff(after error: any Error) {
        isCancelled.store(true, ordering: .relaxed)
        floor.update { $0.fault = $0.fault ?? error }
    }

    /// What came of one transaction.
    private struct Minutes {
        var starts: [(worker: Int, Assignment)] = []
        var events: [RunEvent] = []
        var waitsForOthers = false
        var isOver = false
        var drains = false
    }

    private func transact(_ messages: [Floor.Message], _ desk: inout Desk) throws -> Minutes {
        let isCostly = messages.contains { message in
            if case .report(let report) = message { report.attempt.seconds > 0.1 } else { false }
        }
        return try store.transact(isCostly: isCostly) { transaction in
            var minutes = Minutes()
            var pending: [Scheduler.Action] = []
            for message in messages {
                switch message {
                case .event(let event):
                    pending += desk.scheduler.handle(event)
                case .report(let report):
                    try record(report, transaction, desk.owner)
                    pending += desk.take(report, plan, observer == nil, &minutes.events)
                }
            }
            for news in try transaction.news(since: &desk.mark, owner: desk.owner) {
                pending += desk.take(news, plan, observer == nil, &minutes.events)
            }
            // Refused claims make new wishes: go on until every wish is granted or gone.
            var next = 0
            while next < pending.count {
                pending += try perform(pending[next], transaction, &desk, &minutes)
                next += 1
            }
            minutes.waitsForOthers = desk.scheduler.elsewhere > 0
            return minutes
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
        _ stages: [Int], _ transaction: StoreTransaction, _ desk: Desk
    ) throws {
        for stage in stages {
            guard let reason = desk.fault(ofFenced: stage, plan) else { continue }
            try transaction.record(
                StageAttempt(
                    outcome: .failed, reason: reason, started: Date().timeIntervalSince1970,
                    build: settings.build),
                stage: plan.lookup.rows[stage], owner: desk.owner)
        }
    }

    private func perform(
        _ action: Scheduler.Action, _ transaction: StoreTransaction, _ desk: inout Desk,
        _ minutes: inout Minutes
    ) throws -> [Scheduler.Action] {
        switch action {
        case .start(let stage, let worker, let attempt, let threads, let isRebuild):
            let answer = try transaction.claim(
                plan.lookup.rows[stage], owner: desk.owner, worker: worker, attempt: attempt,
                isRebuild: isRebuild)
            if answer == .granted {
                let assignment = Assignment(
                    stage: stage, attempt: attempt, threads: threads, isRebuild: isRebuild)
                minutes.starts.append((worker, assignment))
                return []
            }
            return desk.refuse(stage, worker, answer, plan, observer == nil, &minutes.events)
        case .retry, .rebuild:
            return []
        case .fail(let stage, let fenced):
            try recordFenced(fenced, transaction, desk)
            // What a finished stage has left is lost, not the trials that have used it already.
            desk.giveUp((desk.lostFiles[stage] == nil ? [stage] : []) + fenced, plan)
            return []
        case .fence(let stages):
            try recordFenced(stages, transaction, desk)
            desk.giveUp(stages, plan)
            return []
        case .drain:
            minutes.drains = true
            return []
        case .end:
            minutes.isOver = true
            return []
        }
    }
}
