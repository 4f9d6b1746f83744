import ResultsStore

/// The scheduler's view of reports and of what other runs changed; `isSilent` saves making events for no one.
extension RunState {
    mutating func take(
        _ report: StageReport, _ plan: RunPlan, _ isSilent: Bool, _ events: inout [RunEvent]
    ) -> [Scheduler.Action] {
        let number = report.assignment.stage
        let stage = plan.graph.stages[number]
        let worker = report.worker
        let reason = report.attempt.reason ?? ""
        switch report.ending {
        case .finished:
            if report.assignment.isRebuild { stagesRebuilt += 1 } else { stagesRun += 1 }
            if !isSilent {
                events.append(
                    .finished(
                        stage, worker: worker, seconds: report.seconds, report.attempt.result,
                        threadSeconds: stage.borrowsThreads
                            ? report.attempt.seconds
                            : report.seconds
                                * stage.speed(threads: Double(report.assignment.threads))))
            }
            finish(number, plan, isSilent, &events)
            return scheduler.handle(.finished(stage: number, worker: worker))
        case .failed, .faulted, .missed:
            let actions: [Scheduler.Action]
            switch report.ending {
            case .missed(let artifacts):
                actions = scheduler.handle(
                    .missed(stage: number, worker: worker, artifacts: artifacts))
            case .faulted:
                actions = scheduler.handle(.faulted(stage: number, worker: worker))
            default:
                actions = scheduler.handle(.failed(stage: number, worker: worker))
            }
            if report.attempt.outcome == .postponed { postponed.insert(number) }
            if report.assignment.isRebuild, report.attempt.outcome == .failed {
                lostFiles[number] = reason
            }
            announce(actions, stage, worker, reason, plan, &events)
            return actions
        case .stopped:
            if !isSilent { events.append(.stopped(stage, worker: worker)) }
            return scheduler.handle(.stopped(stage: number, worker: worker))
        }
    }

    mutating func take(
        _ change: StoreChange, _ plan: RunPlan, _ isSilent: Bool, _ events: inout [RunEvent]
    ) -> [Scheduler.Action] {
        guard let number = numbers[change.stage] else { return [] }
        switch change.outcome {
        case .finished, .rebuilt:
            return finishElsewhere(number, plan, isSilent, &events)
        case .failed:
            return failElsewhere(number, change.reason ?? "", plan, isSilent, &events)
        case .postponed, .cancelled, .lost:
            return scheduler.handle(.freedElsewhere(stage: number))
        case .faulted:
            return []
        }
    }

    /// A claim was not granted.
    mutating func refuse(
        _ number: Int, _ worker: Int, _ answer: ClaimAnswer, _ plan: RunPlan, _ isSilent: Bool,
        _ events: inout [RunEvent]
    ) -> [Scheduler.Action] {
        let stage = plan.graph.stages[number]
        switch answer {
        case .granted:
            return []
        case .finished:
            if !isSilent { events.append(.finishedElsewhere(stage)) }
            finish(number, plan, isSilent, &events)
            return scheduler.handle(.refused(stage: number, worker: worker, .finished))
        case .failed(let reason):
            if !isSilent { events.append(.failedElsewhere(stage, reason: reason)) }
            return scheduler.handle(.refused(stage: number, worker: worker, .failed))
        case .held:
            if !isSilent { events.append(.takenElsewhere(stage)) }
            return scheduler.handle(.refused(stage: number, worker: worker, .held))
        }
    }

    private mutating func finishElsewhere(
        _ number: Int, _ plan: RunPlan, _ isSilent: Bool, _ events: inout [RunEvent]
    ) -> [Scheduler.Action] {
        guard scheduler.isUnsettled(number) else { return [] }
        if !isSilent { events.append(.finishedElsewhere(plan.graph.stages[number])) }
        finish(number, plan, isSilent, &events)
        return scheduler.handle(.finishedElsewhere(stage: number))
    }

    private mutating func failElsewhere(
        _ number: Int, _ reason: String, _ plan: RunPlan, _ isSilent: Bool,
        _ events: inout [RunEvent]
    ) -> [Scheduler.Action] {
        guard scheduler.isUnsettled(number) else { return [] }
        if !isSilent {
            events.append(.failedElsewhere(plan.graph.stages[number], reason: reason))
        }
        return scheduler.handle(.failedElsewhere(stage: number))
    }

    private mutating func finish(
        _ number: Int, _ plan: RunPlan, _ isSilent: Bool, _ events: inout [RunEvent]
    ) {
        // The ledger counts no stage twice: of one that is rebuilt its trials were finished all along.
        for trial in ledger.finish(stage: number) where !isSilent {
            events.append(
                .trialFinished(plan.trials[trial], finished: ledger.finished, of: ledger.total))
        }
    }

    private mutating func announce(
        _ actions: [Scheduler.Action], _ stage: Stage, _ worker: Int, _ reason: String,
        _ plan: RunPlan, _ events: inout [RunEvent]
    ) {
        for action in actions {
            switch action {
            case .retry(_, let attempt):
                events.append(.retrying(stage, worker: worker, attempt: attempt, reason: reason))
            case .rebuild(let artifact):
                events.append(.rebuilding(plan.graph.stages[artifact]))
            case .fail(let number, let fenced) where postponed.contains(number):
                events.append(
                    .postponed(stage, worker: worker, reason: reason, fenced: fenced.count))
            case .fail(_, let fenced):
                stagesFailed += 1
                events.append(
                    .failed(stage, worker: worker, reason: reason, fenced: fenced.count))
            default:
                continue
            }
        }
    }

    /// Why a stage that cannot run has failed by itself: a finished one that it needs has lost its file,
    /// which cannot be made again; nil where the stage before is what failed.
    func fault(ofFenced stage: Int, _ plan: RunPlan) -> String? {
        for needed in plan.graph.dependencies(of: stage) {
            guard let reason = lostFiles[needed] else { continue }
            return
                "the file of \(plan.graph.stages[needed].title) is gone and could not be made again: "
                + reason
        }
        return nil
    }

    /// Takes stages that will not run out of the books: their trials are put off where only faults of
    /// the machine are in the way, else lost.
    mutating func giveUp(_ stages: [Int], _ plan: RunPlan) {
        for stage in stages {
            if isPostponed(stage, plan) {
                ledger.postpone(stage: stage)
            } else {
                ledger.fail(stage: stage)
            }
        }
    }

    /// Whether nothing that the stage needs has failed for good.
    private func isPostponed(_ stage: Int, _ plan: RunPlan) -> Bool {
        var front = [stage]
        var isSeen: Set<Int> = []
        var hasFound = false
        while let next = front.popLast() {
            guard isSeen.insert(next).inserted else { continue }
            if postponed.contains(next) {
                hasFound = true
            } else if scheduler.hasFailed(next) {
                return false
            }
            front += plan.graph.dependencies(of: next)
        }
        return hasFound
    }
}
