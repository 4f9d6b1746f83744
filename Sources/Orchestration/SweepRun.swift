import Foundation
import Platform
public import ResultsStore
import Synchronization

/// Runs the stages that the trials of a registered sweep still need, and records each as it ends.
///
/// Any number of runs, in any number of processes, may work on one store at once: a stage is
/// claimed before it starts, and what a dead process had claimed is taken over. A stage that ends
/// is recorded in one transaction before its worker starts another.
public final class SweepRun: Sendable {
    public let plan: RunPlan
    let store: ResultsStore
    let executor: any StageExecutor
    let settings: RunSettings
    let observer: (any RunObserver)?
    let isAlive: @Sendable (ProcessIdentity) -> Bool
    /// Read by running stages at every step.
    let isCancelled = Atomic(false)
    let queue: Monitor<RunQueue>
    let completion = Monitor(RunCompletion())
    /// Touched only by the worker that leads (``RunQueue/isLed``), and before and after all of them.
    let state: Monitor<RunState>
    let running: Monitor<RunningStages>
    /// What running stages share.
    let budget: ThreadBudget
    private let threads = Mutex<[WorkThread]>([])
    /// Processes that were said to be stopped, and when they were last looked for.
    let stopped = Mutex<(known: Set<Int>, looked: ContinuousClock.Instant)>(([], .now))

    /// Plans the run; nothing is computed or written yet.
    ///
    /// Throws: ``OrchestrationError`` for a faulty plan or a sweep that the store does not have,
    /// `StoreError` for a faulty database.
    public convenience init(
        stages: [Stage], trials: [PlannedTrial], store: ResultsStore, executor: any StageExecutor,
        settings: RunSettings = RunSettings(), observer: (any RunObserver)? = nil
    ) throws {
        try self.init(
            stages: stages, trials: trials, store: store, executor: executor, settings: settings,
            observer: observer, isAlive: \.isAlive)
    }

    /// `isAlive` decides whether the owner of a claim still runs.
    package init(
        stages: [Stage], trials: [PlannedTrial], store: ResultsStore, executor: any StageExecutor,
        settings: RunSettings, observer: (any RunObserver)?,
        isAlive: @escaping @Sendable (ProcessIdentity) -> Bool
    ) throws {
        let plan = try RunPlan(
            stages: stages, trials: trials, store: store, selection: settings.selection,
            hasArtifact: executor.hasArtifact)
        if let missing = plan.lookup.rows.firstIndex(of: 0) {
            throw OrchestrationError.unregistered(title: stages[missing].title)
        }
        self.plan = plan
        self.store = store
        self.executor = executor
        self.settings = settings
        self.observer = observer
        self.isAlive = isAlive
        queue = Monitor(RunQueue(workers: settings.workers))
        let rates =
            plan.isComplete
            ? [:] : try store.measuredRates(build: settings.build, builds: settings.isTimed)
        state = Monitor(RunState(plan, settings, rates: rates))
        running = Monitor(RunningStages(workers: settings.workers))
        budget = ThreadBudget(threads: settings.threads, heedsLoad: settings.heedsLoad)
    }

    /// Runs until nothing is left to do or ``cancel()`` ends it. Blocks the calling thread.
    ///
    /// A failed stage is a row, not an error. Throws: `StoreError` when the database fails (the
    /// disk is full): what was recorded before is kept.
    @discardableResult
    public func run() throws -> RunSummary {
        let isFirst = queue.update { queue in
            defer { queue.isStarted = true }
            return !queue.isStarted
        }
        guard isFirst else { throw OrchestrationError.usedTwice }
        let start = ContinuousClock.now
        observer?.event(.planned(overview))
        if !plan.isComplete {
            try enter()
            startWorkers()
            watch()
            try leave()
        }
        let summary = summary(seconds: (ContinuousClock.now - start).seconds)
        queue.update { $0.isEnded = true }
        observer?.event(.ended(summary))
        return summary
    }

    /// Once: what runs is told to stop and is waited for; twice: `run()` returns at once. May be
    /// called from any thread.
    public func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        let (isSecond, isTooLate) = queue.update { queue in
            queue.isAbandoned = queue.isCancelRequested
            queue.cancelRequest = queue.cancelRequest ?? .now
            return (queue.isAbandoned, queue.isEnded)
        }
        completion.change {
            $0.isCancelling = true
            $0.isAbandoned = isSecond
        }
        // What comes while something else is waited for, such as a command at the end, ends nothing of the run.
        if !isSecond, !isTooLate { observer?.event(.cancelling) }
    }

    private var overview: RunOverview {
        RunOverview(
            stagesToRun: plan.stagesToRun, stagesToRebuild: plan.stagesToRebuild,
            stagesReused: plan.reused, trials: plan.trials.count,
            trialsFinished: plan.trialsFinished, trialsFailed: plan.trialsFailed,
            workers: settings.workers)
    }

    private func summary(seconds: Double) -> RunSummary {
        let (isCancelled, isAbandoned) = queue.withLock { ($0.isCancelled, $0.isAbandoned) }
        return state.withLock { state in
            RunSummary(
                trials: plan.trials.count, trialsFinished: state.ledger.finished,
                trialsFailed: state.ledger.failed,
                trialsPostponed: state.ledger.postponed, stagesRun: state.stagesRun,
                stagesRebuilt: state.stagesRebuilt, stagesReused: plan.reused,
                stagesFailed: state.stagesFailed, isCancelled: isCancelled || isAbandoned,
                isAbandoned: isAbandoned, seconds: seconds)
        }
    }

    /// Makes this run known in the store, gives up what is to be computed again, takes over what
    /// dead runs held.
    private func enter() throws {
        if settings.selection != .needed {
            let forgotten = settings.selection.stages(
                try store.lookUp(plan.graph.stages).statuses, trials: plan.trials,
                graph: plan.graph)
            try store.forget(forgotten.map { plan.lookup.rows[$0] })
        }
        let owner = try store.registerOwner(
            threads: settings.threads, sweep: settings.sweep)
        let freed = try store.takeOverFromDead(by: owner, isAlive: isAlive)
        if freed > 0 { observer?.event(.tookOver(stages: freed)) }
        state.withLock { $0.owner = owner }
        queue.update { $0.inbox.append(.event(.begin)) }
    }

    private func startWorkers() {
        for worker in 0..<settings.workers {
            completion.change { $0.liveWorkers += 1 }
            do {
                let thread = try WorkThread(
                    name: "worker \(worker)", stackSize: settings.stackSize,
                    cancel: { [self] in abandon() },
                    body: { [self] in
                        work(worker)
                        completion.change { $0.liveWorkers -= 1 }
                    })
                threads.withLock { $0.append(thread) }
            } catch {
                completion.change { $0.liveWorkers -= 1 }
                return breakOff(after: error)
            }
        }
    }

    /// What runs is told to stop and nothing is waited for.
    private func abandon() {
        isCancelled.store(true, ordering: .relaxed)
        queue.update { $0.isAbandoned = true }
    }

    /// Keeps the store's picture of running stages fresh until all workers have ended.
    private func watch() {
        var saved = ContinuousClock.now
        while true {
            let before = completion.withLock { $0 }
            let isHurried = before.waitsForOthers || before.isCancelling
            let after = completion.wait(seconds: isHurried ? 0.05 : 1) {
                $0.isOver || $0 != before ? $0 : nil
            }
            if let after, after.isOver { break }
            if before.waitsForOthers { poll() }
            if let patience = settings.patience, let request = queue.withLock({ $0.cancelRequest }),
                ContinuousClock.now - request > .seconds(patience)
            {
                cancel()
            }
            if ContinuousClock.now - saved >= .seconds(1) {
                saveProgress()
                saved = ContinuousClock.now
            }
        }
        // Whoever leads is in the middle of a transaction: no one starts another after it.
        queue.wait { $0.isLed ? nil : () }
    }

    private func leave() throws {
        // After a second cancel() some may still be at work: the end of the process waits for those.
        if !queue.withLock({ $0.isAbandoned }) {
            for thread in threads.withLock({ $0 }) { thread.join() }
        }
        let fault = queue.withLock { $0.fault }
        let owner = state.withLock { $0.owner }
        // After a fault of the database this may fail like what came before: that error is the one to report.
        do {
            try store.removeOwner(owner)
        } catch {
            throw fault ?? error
        }
        if let fault { throw fault }
        try store.checkpoint()
    }
}

extension Duration {
    /// Units: seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
