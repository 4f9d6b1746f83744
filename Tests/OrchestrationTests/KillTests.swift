import Digests
import Foundation
import Orchestration
import ResultsStore
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
