import Digests
import Foundation
import Orchestration
import ResultsStore
import Synchronization
import TestSupport
import Testing

@Suite("Running sweeps")
struct SweepRunTests {
    @Test("every stage runs once, dependencies first", arguments: [1, 2, 5])
    func once(workers: Int) throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor()
        let sweep = sampleSweep(rows: 4, seeds: 3)
        let summary = try SweepRun(sweep, store, executor, RunSettings(workers: workers)).run()
        #expect(
            summary.stagesRun == 25 && summary.trialsFinished == 12 && summary.stagesFailed == 0)
        #expect(executor.runs.count == 25 && executor.runs.values.allSatisfy { $0 == 1 })
        #expect(executor.order.first == "scenes")
        #expect(try store.statusCounts(of: "sample")[.finished] == 12)
        #expect(try store.runningStages().isEmpty)
    }

    @Test("what is finished is not run again, and its artifact is made again only when needed")
    func resume() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        _ = try SweepRun(sweep, store, RecordingExecutor()).run()
        let second = RecordingExecutor()
        let summary = try SweepRun(sweep, store, second).run()
        #expect(second.runs.isEmpty && summary.stagesReused == 9 && summary.trialsFinished == 4)

        // A new row needs the scenes, whose artifact this executor has lost; old pretrainings stay.
        let third = RecordingExecutor()
        let more = sampleSweep(rows: 3)
        let run = try SweepRun(more, store, third)
        #expect(run.plan.stagesToRun == 4 && run.plan.stagesToRebuild == 1)
        let again = try run.run()
        #expect(again.stagesRun == 4 && again.stagesRebuilt == 1 && again.trialsFinished == 6)
        #expect(try store.attempts(of: more.stages[0].id).map(\.outcome) == [.finished, .rebuilt])
    }

    @Test("a run that is over holds nothing: neither its store nor what computed")
    func release() throws {
        weak var store: ResultsStore?
        weak var executor: RecordingExecutor?
        do {
            let (ours, theirs) = (try ResultsStore(), RecordingExecutor())
            (store, executor) = (ours, theirs)
            _ = try SweepRun(sampleSweep(), ours, theirs, RunSettings(workers: 2)).run()
        }
        #expect(store == nil && executor == nil)
    }

    @Test("a fault of the trial is not tried again and fails only what depends on it")
    func trialFault() throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, _ in
            if stage.title == "pretrain 0 1" { throw TrialFault(reason: "loss is nan at step 7") }
            return StageResult()
        }
        let summary = try SweepRun(sampleSweep(), store, executor, RunSettings(retries: 3)).run()
        #expect(
            summary.trialsFinished == 3 && summary.trialsFailed == 1 && summary.stagesFailed == 1)
        let trials = try store.trials(of: "sample")
        #expect(trials.map(\.status) == [.finished, .failed, .finished, .finished])
        #expect(trials[1].reason == "loss is nan at step 7")
        #expect(executor.runs[Digest(of: "pretrain 0 1")] == 1)

        let next = RecordingExecutor()
        #expect(try SweepRun(sampleSweep(), store, next).run().trialsFailed == 1)
        #expect(next.runs.isEmpty)
        let rerun = try SweepRun(sampleSweep(), store, next, RunSettings(selection: .failed)).run()
        #expect(rerun.trialsFinished == 4 && rerun.stagesRun == 2 && rerun.stagesRebuilt == 1)
    }

    @Test("a fault of the machine is tried again as often as told, each attempt with its reason")
    func retries() throws {
        struct DiskFault: Error {}
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, context in
            if stage.title == "pretrain 0 0", context.attempt < 3 { throw DiskFault() }
            if stage.title == "pretrain 1 1" { throw DiskFault() }
            return StageResult()
        }
        let summary = try SweepRun(sampleSweep(), store, executor, RunSettings(retries: 2)).run()
        #expect(summary.trialsFinished == 3 && summary.trialsFailed == 1)
        #expect(
            try store.attempts(of: Digest(of: "pretrain 0 0")).map(\.outcome)
                == [.faulted, .faulted, .finished])
        let failed = try store.attempts(of: Digest(of: "pretrain 1 1"))
        #expect(failed.map(\.outcome) == [.faulted, .faulted, .failed])
        #expect(failed.map(\.attempt) == [1, 2, 3])
        #expect(failed.allSatisfy { $0.reason == "DiskFault()" })
    }

    @Test("an artifact found damaged is made again, and the stage that met it runs again")
    func missedArtifact() throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, context in
            if stage.title == "probe 1 0", context.attempt == 1 {
                throw MissingArtifacts(stages: stage.dependencies, reason: "checkpoint is torn")
            }
            return StageResult()
        }
        let summary = try SweepRun(sampleSweep(), store, executor, RunSettings(workers: 2)).run()
        #expect(summary.trialsFinished == 4 && summary.stagesRebuilt == 1 && summary.stagesRun == 9)
        #expect(executor.runs[Digest(of: "pretrain 1 0")] == 2)
    }

    @Test("a stage that is made again counts once for its trials, and once more for the run")
    func rebuiltOnce() throws {
        let store = try ResultsStore()
        _ = try SweepRun(sampleSweep(rows: 1, seeds: 2), store, RecordingExecutor()).run()
        let seconds = try store.stage(Digest(of: "scenes")).seconds
        // All artifacts are there, it seems; the scenes turn out to be torn, for both new stages.
        let executor = RecordingExecutor { stage, context in
            if stage.kind == "pretrain", context.attempt == 1 {
                throw MissingArtifacts(stages: stage.dependencies, reason: "torn")
            }
            return StageResult(metrics: ["\(stage.kind).again": 1])
        }
        executor.record.withLock { _ = $0.artifacts.insert(Digest(of: "scenes")) }
        let counts = Mutex((planned: 0, rebuilding: 0, over: 0, trials: [Int]()))
        let observer = RecordingObserver { event in
            counts.withLock { counts in
                switch event {
                case .planned(let overview):
                    counts.planned = overview.stagesToRun + overview.stagesToRebuild
                case .rebuilding: counts.rebuilding += 1
                case .finished: counts.over += 1
                case .trialFinished(_, let finished, let total):
                    counts.trials.append(finished)
                    #expect(total == 4)
                default: break
                }
            }
        }
        let run = try SweepRun(
            sampleSweep(rows: 2, seeds: 2), store, executor, RunSettings(workers: 1),
            observer: observer)
        let summary = try run.run()
        #expect(summary.stagesRun == 4 && summary.stagesReused == 5)
        #expect(summary.trialsFinished == 4 && summary.trials == 4)
        let seen = counts.withLock { $0 }
        #expect(summary.stagesRebuilt == seen.rebuilding && seen.rebuilding > 0)
        // Whoever counts the stages that are over comes out where the total is.
        #expect(seen.planned == 4 && seen.over == seen.planned + seen.rebuilding)
        #expect(seen.trials == [3, 4])
        #expect(try store.finishedAttempts().values.allSatisfy { $0 == 1 })
        // What the store says of the scenes is what they took and gave the first time.
        #expect(try store.stage(Digest(of: "scenes")).seconds == seconds)
        #expect(try store.stage(Digest(of: "scenes")).metrics == ["scenes.length": 6])
    }

    @Test("cancelling lets what runs stop, starts nothing, and the next run goes on from there")
    func cancellation() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        let box = Mutex<SweepRun?>(nil)
        let executor = RecordingExecutor { stage, context in
            guard stage.kind == "pretrain" else { return StageResult() }
            box.withLock { $0 }?.cancel()
            while !context.isCancelled() { Thread.sleep(forTimeInterval: 0.001) }
            throw CancellationError()
        }
        let run = try SweepRun(sweep, store, executor, RunSettings(workers: 1))
        box.withLock { $0 = run }
        let summary = try run.run()
        #expect(summary.isCancelled && !summary.isAbandoned)
        #expect(summary.stagesRun == 1 && summary.trialsLeft == 4)
        #expect(executor.order.count == 2)
        #expect(try store.runningStages().isEmpty)
        let rest = RecordingExecutor()
        let resumed = try SweepRun(sweep, store, rest).run()
        #expect(resumed.trialsFinished == 4 && resumed.stagesRun == 8)
    }

    @Test("what is cancelled when it has ended says nothing more")
    func cancelledTooLate() throws {
        let observer = RecordingObserver()
        let run = try SweepRun(
            sampleSweep(), ResultsStore(), RecordingExecutor(), observer: observer)
        _ = try run.run()
        run.cancel()
        #expect(observer.contains("ended") && !observer.contains("cancelling"))
    }

    @Test("cancelling twice returns at once though a stage goes on, and frees its claim")
    func abandonment() throws {
        let store = try ResultsStore()
        let release = DispatchSemaphore(value: 0)
        let entered = DispatchSemaphore(value: 0)
        let executor = RecordingExecutor { _, _ in
            entered.signal()
            release.wait()
            return StageResult()
        }
        let run = try SweepRun(sampleSweep(), store, executor)
        let thread = Thread {
            entered.wait()
            run.cancel()
            run.cancel()
        }
        thread.start()
        let summary = try run.run()
        #expect(summary.isAbandoned && summary.stagesRun == 0)
        #expect(try store.runningStages().isEmpty)
        release.signal()
    }

    @Test("what does not heed a cancellation is left behind when patience is over")
    func patience() throws {
        let store = try ResultsStore()
        let release = DispatchSemaphore(value: 0)
        let box = Mutex<SweepRun?>(nil)
        let executor = RecordingExecutor { _, _ in
            box.withLock { $0 }?.cancel()
            release.wait()
            return StageResult()
        }
        let run = try SweepRun(sampleSweep(), store, executor, RunSettings(patience: 0.1))
        box.withLock { $0 = run }
        let summary = try run.run()
        #expect(summary.isAbandoned && summary.seconds > 0.1 && summary.trialsLeft == 4)
        release.signal()
    }

    @Test("progress and log lines reach the observer, and the log the store")
    func progress() throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, context in
            context.report(StageProgress(step: 1, steps: 2, detail: "loss 4.2", rate: 9))
            context.log("\(stage.title) attempt \(context.attempt) of \(context.workers) workers")
            return StageResult()
        }
        let observer = RecordingObserver()
        _ = try SweepRun(sampleSweep(), store, executor, observer: observer).run()
        #expect(observer.contains("loss 4.2") && observer.contains("trialFinished"))
        #expect(observer.contains("planned") && observer.contains("ended"))
        let id = Digest(of: "probe 1 1")
        #expect(try store.log(of: id) == "probe 1 1 attempt 1 of 1 workers\n")
    }

    @Test("--rerun of a trial computes its stages again, --fresh all of them")
    func rerun() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        _ = try SweepRun(sweep, store, RecordingExecutor()).run()
        let again = RecordingExecutor()
        let settings = RunSettings(selection: .these([sweep.trials[2].id]))
        #expect(try SweepRun(sweep, store, again, settings).run().stagesRun == 3)
        #expect(Set(again.runs.keys) == Set(sweep.trials[2].stages))
        let fresh = try SweepRun(sweep, store, again, RunSettings(selection: .fresh)).run()
        #expect(fresh.stagesRun == 9 && fresh.trialsFinished == 4)
        #expect(try store.statusCounts(of: "sample")[.finished] == 4)
    }

    @Test("fail-fast stops at the first failure")
    func failFast() throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, _ in
            if stage.kind == "pretrain" { throw TrialFault(reason: "no") }
            return StageResult()
        }
        let summary = try SweepRun(sampleSweep(), store, executor, RunSettings(failFast: true))
            .run()
        #expect(summary.isCancelled && summary.stagesFailed == 1 && executor.order.count == 2)
    }

    @Test("a stage that exceeds its time limit fails and is not tried again")
    func timeLimit() throws {
        let store = try ResultsStore()
        let executor = RecordingExecutor { stage, context in
            guard stage.title == "pretrain 0 0" else { return StageResult() }
            while !context.isCancelled() { Thread.sleep(forTimeInterval: 0.001) }
            throw CancellationError()
        }
        let settings = RunSettings(workers: 2, retries: 2, stageTimeLimit: 0.02)
        let summary = try SweepRun(sampleSweep(), store, executor, settings).run()
        #expect(summary.trialsFailed == 1 && summary.trialsFinished == 3)
        #expect(
            try store.failures(of: "sample").map(\.reason)
                == ["took longer than the limit of 0.02 s"])
    }

    @Test("a memory limit keeps large stages apart, and one above the limit runs alone")
    func memory() throws {
        let store = try ResultsStore()
        let together = Mutex((now: 0, most: 0))
        let executor = RecordingExecutor { stage, _ in
            together.withLock {
                $0.now += stage.memoryBytes
                $0.most = max($0.most, $0.now)
            }
            Thread.sleep(forTimeInterval: 0.002)
            together.withLock { $0.now -= stage.memoryBytes }
            return StageResult()
        }
        _ = try SweepRun(
            sampleSweep(rows: 3), store, executor, RunSettings(workers: 4, memoryLimit: 120)
        ).run()
        #expect(together.withLock { $0.most } <= 120)
        let other = try ResultsStore()
        let summary = try SweepRun(
            sampleSweep(), other, executor, RunSettings(workers: 4, memoryLimit: 1)
        ).run()
        #expect(summary.trialsFinished == 4)
    }

    @Test("a sweep that was not registered is refused")
    func unregistered() throws {
        let sweep = sampleSweep()
        #expect(throws: OrchestrationError.unregistered(title: "scenes")) {
            try SweepRun(
                stages: sweep.stages, trials: sweep.trials, store: ResultsStore(),
                executor: RecordingExecutor())
        }
    }

    @Test("after a run the database file alone has everything")
    func copy() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.database)
        _ = try SweepRun(sampleSweep(), store, RecordingExecutor()).run()
        let copy = folder.url.appending(path: "copy.sqlite").path
        try FileManager.default.copyItem(atPath: folder.database, toPath: copy)
        #expect(try ResultsStore(readingFrom: copy).statusCounts(of: "sample")[.finished] == 4)
        try store.close()
    }

    @Test("several runs on one database share the work without overlap")
    func severalRuns() throws {
        let folder = try TemporaryFolder()
        let sweep = sampleSweep(rows: 20, seeds: 5)
        let executor = RecordingExecutor()
        let runs = try (0..<4).map { _ in
            try SweepRun(
                sweep, ResultsStore(path: folder.database), executor, RunSettings(workers: 2))
        }
        let summaries = Mutex<[RunSummary]>([])
        let group = DispatchGroup()
        for run in runs {
            group.enter()
            Thread {
                let summary = try? run.run()
                summaries.withLock { $0.append(contentsOf: [summary].compactMap(\.self)) }
                group.leave()
            }.start()
        }
        group.wait()
        let all = summaries.withLock { $0 }
        #expect(all.count == 4 && all.allSatisfy { $0.trialsFinished == 100 })
        #expect(all.map(\.stagesRun).reduce(0, +) == 201)
        #expect(executor.runs.count == 201 && executor.runs.values.allSatisfy { $0 == 1 })
    }
}
