import Foundation
import Platform
import ResultsStore
import Synchronization

extension SweepRun {
    /// One worker: hands in a report, gets the next stage, until there is none.
    func work(_ worker: Int) {
        var report: StageReport?
        while let assignment = exchange(worker, report) {
            report = execute(assignment, worker)
        }
    }

    private func execute(_ assignment: Assignment, _ worker: Int) -> StageReport {
        let stage = plan.graph.stages[assignment.stage]
        observer?.event(
            .started(
                stage, worker: worker, attempt: assignment.attempt,
                isRebuild: assignment.isRebuild))
        // Who has borrowed threads that this stage needs gives them back first.
        budget.enter(threads: assignment.threads, borrows: stage.borrowsThreads)
        let team = stage.borrowsThreads ? ThreadTeam(budget, most: stage.threads) : ThreadTeam()
        defer { budget.leave(threads: assignment.threads, borrows: stage.borrowsThreads) }
        let wallClock = Date().timeIntervalSince1970
        let start = ContinuousClock.now
        running.withLock {
            $0.slots[worker] = RunningStages.Slot(
                stage: assignment.stage, attempt: assignment.attempt, started: start)
        }
        var attempt = StageAttempt(
            outcome: assignment.isRebuild ? .rebuilt : .finished, attempt: assignment.attempt,
            worker: worker, started: wallClock, build: settings.build)
        var ending = StageReport.Ending.finished
        attempt.processorSeconds =
            ProcessorAccount.measure {
                // What helpers have had is known when they have ended.
                defer { team.dismiss() }
                do {
                    attempt.result = try executor.execute(
                        stage, context: context(stage, assignment, worker, start, team))
                } catch {
                    (ending, attempt.outcome, attempt.reason) = judge(
                        error, stage, assignment, start)
                }
            }.seconds
        let seconds = (ContinuousClock.now - start).seconds
        attempt.seconds = seconds + team.helpedSeconds
        let slot = running.withLock { running in
            defer { running.slots[worker] = RunningStages.Slot() }
            return running.slots[worker]
        }
        attempt.peakMemoryBytes = slot.memory ?? ProcessMemory.peak
        return StageReport(
            assignment: assignment, worker: worker, ending: ending, attempt: attempt,
            seconds: seconds, log: slot.log)
    }

    private func context(
        _ stage: Stage, _ assignment: Assignment, _ worker: Int, _ start: ContinuousClock.Instant,
        _ team: ThreadTeam
    ) -> StageContext {
        let deadline = settings.stageTimeLimit.map { start + .seconds($0) }
        return StageContext(
            worker: worker, workers: settings.workers, attempt: assignment.attempt,
            threads: assignment.threads, team: team,
            isCancelled: { [self] in
                isCancelled.load(ordering: .relaxed)
                    || deadline.map { ContinuousClock.now > $0 } ?? false
            },
            report: { [self] progress in
                running.withLock { $0.slots[worker].progress = progress }
                guard let observer else { return }
                let seconds = (ContinuousClock.now - start).seconds
                observer.event(
                    .progress(
                        stage, worker: worker, progress,
                        threadSeconds: stage.borrowsThreads
                            ? seconds + team.helpedSeconds
                            : seconds * stage.speed(threads: Double(assignment.threads))))
            },
            log: { [self] line in
                running.withLock { $0.slots[worker].log += line + "\n" }
                observer?.event(.log(stage, worker: worker, line: line))
            },
            keep: { [self] lines in running.withLock { $0.slots[worker].log += lines } },
            used: { [self] bytes in running.withLock { $0.slots[worker].memory = bytes } })
    }

    /// Whose fault an error is, and what follows.
    private func judge(
        _ error: any Error, _ stage: Stage, _ assignment: Assignment,
        _ start: ContinuousClock.Instant
    ) -> (StageReport.Ending, AttemptOutcome, String?) {
        switch error {
        case let fault as TrialFault:
            return (.failed, .failed, fault.reason)
        case is CancellationError where isCancelled.load(ordering: .relaxed):
            return (.stopped, .cancelled, nil)
        case is CancellationError:
            if let limit = settings.stageTimeLimit,
                ContinuousClock.now - start >= .seconds(limit)
            {
                return (.failed, .failed, "took longer than the limit of \(limit.formatted()) s")
            }
            return faulted("stopped though nobody asked for it", assignment)
        case let missing as MissingArtifacts:
            let numbers = missing.stages.filter(stage.dependencies.contains)
                .compactMap(plan.graph.number(of:))
            if numbers.isEmpty { return faulted(missing.reason, assignment) }
            return isLastAttempt(assignment)
                ? (.missed(numbers), .failed, missing.reason)
                : (.missed(numbers), .faulted, missing.reason)
        case let fault as any MachineFault where fault.isMachineFault:
            return (.faulted, isLastAttempt(assignment) ? .postponed : .faulted, "\(error)")
        default:
            return faulted("\(error)", assignment)
        }
    }

    private func faulted(
        _ reason: String, _ assignment: Assignment
    ) -> (StageReport.Ending, AttemptOutcome, String?) {
        (.faulted, isLastAttempt(assignment) ? .failed : .faulted, reason)
    }

    private func isLastAttempt(_ assignment: Assignment) -> Bool {
        assignment.attempt > settings.retries
    }
}
