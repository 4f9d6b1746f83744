import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import TestSupport
import Testing

@Suite("Faults of the machine")
struct MachineFaultTests {
    private static let full = PlatformError.unwritable(path: "/r/x.bank", code: ENOSPC)

    private func executor(failing title: String) -> RecordingExecutor {
        RecordingExecutor { stage, _ in
            if stage.title == title { throw Self.full }
            return StageResult()
        }
    }

    @Test(
        "what a full disk keeps from running is put off, and the next run goes on",
        arguments: [1, 3])
    func putOff(workers: Int) throws {
        let store = try ResultsStore()
        let observer = RecordingObserver()
        let summary = try SweepRun(
            sampleSweep(), store, executor(failing: "pretrain 0 1"),
            RunSettings(workers: workers, retries: 1), observer: observer
        ).run()
        #expect(summary.trialsFinished == 3 && summary.trialsPostponed == 1)
        #expect(summary.trialsFailed == 0 && summary.stagesFailed == 0 && summary.trialsLeft == 1)
        #expect(observer.contains("postponed") && !observer.contains("failed("))
        let attempts = try store.attempts(of: Digest(of: "pretrain 0 1"))
        #expect(attempts.map(\.outcome) == [.faulted, .postponed])
        #expect(attempts.last?.reason == Self.full.description)
        #expect(try store.statusCounts(of: "sample")[.pending] == 1)
        #expect(try store.runningStages().isEmpty)
        let waiting = try store.postponements(of: "sample")
        #expect(waiting.map(\.title) == ["pretrain 0 1"] && waiting[0].trials == 1)
        #expect(waiting[0].attempts == 2 && waiting[0].reason == Self.full.description)

        let next = RecordingExecutor()
        let again = try SweepRun(sampleSweep(), store, next).run()
        #expect(again.trialsFinished == 4 && again.trialsPostponed == 0)
        #expect(next.runs[Digest(of: "pretrain 0 1")] == 1)
        #expect(try store.postponements(of: "sample").isEmpty)
    }

    @Test("a trial that both kinds of fault keep from running has failed")
    func both() throws {
        let store = try ResultsStore()
        let failing = RecordingExecutor { stage, _ in
            if stage.title == "pretrain 0 0" { throw TrialFault(reason: "loss is nan") }
            if stage.title == "pretrain 1 0" { throw Self.full }
            return StageResult()
        }
        let summary = try SweepRun(sampleSweep(), store, failing, RunSettings(retries: 0)).run()
        #expect(summary.trialsFailed == 1 && summary.trialsPostponed == 1)
        #expect(summary.trialsFinished == 2)
        // The failed one is passed over, the other tried again.
        let next = RecordingExecutor()
        let run = try SweepRun(sampleSweep(), store, next)
        #expect(run.plan.trialsFailed == 1)
        #expect(try run.run().trialsFinished == 3)
    }

    @Test("a fault of a stage that all need puts every trial off")
    func everyTrial() throws {
        let store = try ResultsStore()
        let summary = try SweepRun(sampleSweep(), store, executor(failing: "scenes")).run()
        #expect(summary.trialsPostponed == 4 && summary.stagesRun == 0)
        #expect(try store.statusCounts(of: "sample")[.pending] == 4)
        #expect(try SweepRun(sampleSweep(), store, RecordingExecutor()).run().trialsFinished == 4)
    }

    @Test("a worker whose thread cannot be had ends the run with the error, and nothing hangs")
    func threads() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.database)
        // No machine has the address space for such stacks.
        let run = try SweepRun(
            sampleSweep(), store, RecordingExecutor(),
            RunSettings(workers: 2, stackSize: 1 << 60))
        #expect(throws: PlatformError.threadRefused(name: "worker 0", code: EAGAIN)) {
            try run.run()
        }
        let rest = try SweepRun(sampleSweep(), store, RecordingExecutor())
        #expect(try rest.run().trialsFinished == 4)
    }
}
