import Digests
import Foundation
import Orchestration
import ResultsStore
import Synchronization
import TestSupport
import Testing

@Suite("Killed runs")
struct KillTests {
    /// Everything in a database that results decide, as text.
    private func state(_ path: String) throws -> String {
        let store = try ResultsStore(readingFrom: path)
        var text = ""
        try store.dump(to: &text)
        return text
    }

    @Test(
        "a run killed at a transaction boundary and resumed leaves what an undisturbed one leaves",
        arguments: [1, 4])
    func resumption(workers: Int) async throws {
        let folder = try TemporaryFolder()
        var worker = TortureWorker(
            database: folder.url.appending(path: "peace.sqlite").path, trials: 3, workers: workers,
            isLayered: true)
        let boundaries = try worker.run().boundaries
        #expect(boundaries > 12)
        let wanted = try state(worker.database)
        // Every third boundary, starting elsewhere for each number of workers: `make torture` takes
        // them all.
        for boundary in stride(from: 1 + workers % 3, through: boundaries / 2, by: 3) {
            worker.database = folder.url.appending(path: "killed-\(boundary).sqlite").path
            worker.killAt = boundary
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [arguments = worker.arguments as [String]] in
                _ = TortureWorker.run(arguments)
            }
            worker.killAt = nil
            let summary = try worker.run().summary
            #expect(summary.trialsFinished == 3 && summary.stagesFailed == 0)
            #expect(try state(worker.database) == wanted, "killed at boundary \(boundary)")
            let store = try ResultsStore(readingFrom: worker.database)
            #expect(try store.finishedAttempts().values.allSatisfy { $0 == 1 })
            #expect(try store.runningStages().isEmpty)
        }
    }

    @Test("processes that start at once on no database share the work, each trial once")
    func severalProcesses() async throws {
        let folder = try TemporaryFolder()
        let worker = TortureWorker(database: folder.database, trials: 300, workers: 2)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) {
                        [arguments = worker.arguments as [String]] in
                        exit(TortureWorker.run(arguments))
                    }
                }
            }
        }
        let store = try ResultsStore(readingFrom: worker.database)
        #expect(try store.statusCounts(of: "trivial") == StatusCounts(counts: [.finished: 300]))
        let counts = try store.finishedAttempts()
        #expect(counts.count == 300 && counts.values.allSatisfy { $0 == 1 })
    }

    @Test("what a process held is taken over as soon as it is dead, and never before")
    func takeOver() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        var stranger = ProcessIdentity.current
        stranger.pid = 1
        stranger.processStart = "7"
        let owner = try store.registerOwner(stranger)
        let scenes = try store.lookUp(sweep.stages).rows[0]
        let answer = try store.transact {
            try $0.claim(scenes, owner: owner, worker: 0, attempt: 1, isRebuild: false)
        }
        #expect(answer == .granted)
        let died = Mutex<ContinuousClock.Instant?>(nil)
        let started = Mutex<ContinuousClock.Instant?>(nil)
        let executor = RecordingExecutor { stage, _ in
            if stage.kind == "scenes" { started.withLock { $0 = .now } }
            return StageResult()
        }
        let observer = RecordingObserver()
        let run = try SweepRun(
            stages: sweep.stages, trials: sweep.trials, store: store, executor: executor,
            settings: RunSettings(workers: 2), observer: observer,
            isAlive: { _ in died.withLock { $0 == nil } })
        let reaper = Thread {
            Thread.sleep(forTimeInterval: 0.2)
            died.withLock { $0 = .now }
        }
        reaper.start()
        #expect(try run.run().trialsFinished == 4)
        let death = try #require(died.withLock { $0 })
        let start = try #require(started.withLock { $0 })
        #expect(start > death && start - death < .seconds(20))
        #expect(observer.contains("takenElsewhere") && observer.contains("tookOver(stages: 1)"))
        #expect(try store.attempts(of: sweep.stages[0].id).map(\.outcome) == [.lost, .finished])
    }

    @Test("a database that fails ends the run with the error, and nothing hangs")
    func databaseFault() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.database)
        let executor = RecordingExecutor { stage, _ in
            if stage.title == "pretrain 0 0" { try store.close() }
            return StageResult()
        }
        let run = try SweepRun(sampleSweep(), store, executor, RunSettings(workers: 3))
        #expect(throws: StoreError.self) { try run.run() }
        #expect(throws: OrchestrationError.usedTwice) { try run.run() }
        let rest = try SweepRun(
            sampleSweep(), ResultsStore(path: folder.database), RecordingExecutor())
        #expect(try rest.run().trialsFinished == 4)
    }

    @Test("the arguments of a torture worker are read back, and nonsense is refused")
    func arguments() throws {
        let worker = TortureWorker(database: "a b.sqlite", trials: 5, workers: 2, killAt: 7)
        let read = try #require(TortureWorker(arguments: worker.arguments))
        #expect(read.arguments == ["a b.sqlite", "5", "2", "trivial", "7"])
        #expect(TortureWorker(arguments: ["a", "5", "2", "heavy"]) == nil)
        #expect(TortureWorker(arguments: ["a", "5", "2", "layered", "x"]) == nil)
        #expect(TortureWorker.run([]) == 2)
    }
}
