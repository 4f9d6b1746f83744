import Digests
import Foundation
import GRDB
import ResultsStore
import Testing

@Suite("Values that no table could print")
struct DamagedValueTests {
    @Test(
        "a metric that is text, bytes or infinite is damage, for readers and for a merge",
        arguments: ["'abc'", "x'ff'", "9e999"])
    func metrics(value: String) throws {
        let folder = try TemporaryFolder()
        let sweep = sampleSweep()
        do {
            let store = try ResultsStore(path: folder.database)
            try store.register(sweep)
            try store.record(
                StageAttempt(
                    outcome: .finished, result: StageResult(metrics: ["accuracy": 1]), seconds: 1,
                    build: "b"), sweep.stages[0])
        }
        try DatabaseQueue(path: folder.database).write {
            try $0.execute(sql: "UPDATE metrics SET value = \(value)")
        }
        let store = try ResultsStore(readingFrom: folder.database)
        func isDamage(_ error: any Error) -> Bool {
            if case .damaged? = error as? StoreError { true } else { false }
        }
        #expect(performing: { try store.trials(of: sweep.name) }, throws: isDamage)
        #expect(performing: { try store.stage(sweep.stages[0].id) }, throws: isDamage)
        let other = try ResultsStore()
        #expect(throws: StoreError.self) { try other.merge(store) }
        #expect(try other.sweepNames().isEmpty)
    }
}
