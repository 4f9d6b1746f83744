import Dashboard
import Foundation
import Synchronization
import Testing

@Suite("Answers that are kept")
struct AnswerCacheTests {
    private typealias Making = AnswerCache.Making

    @Test("an answer serves its own state, and another while it is being made")
    func state() {
        let made = Making(mark: 3, started: 0, ended: 0.01)
        #expect(made.serves(3, now: 1000))
        #expect(!made.serves(4, now: 0.02))
        #expect(Making(mark: 3, started: 0, ended: nil).serves(4, now: 50))
    }

    @Test("one that took two seconds serves later states for about six")
    func slow() {
        let made = Making(mark: 3, started: 0, ended: 2)
        #expect(made.serves(4, now: 7.8))
        #expect(!made.serves(4, now: 7.9))
    }

    @Test("many who ask at once have it made once; a fault is not kept")
    func shared() async throws {
        let cache = AnswerCache(clock: { 0 })
        let count = Mutex(0)
        let answers = try await withThrowingTaskGroup(of: Data.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await cache.data("a", mark: 1) {
                        count.withLock { $0 += 1 }
                        try await Task.sleep(for: .milliseconds(20))
                        return Data("x".utf8)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 20 && count.withLock { $0 } == 1)
        await #expect(throws: CancellationError.self) {
            try await cache.data("b", mark: 1) { throw CancellationError() }
        }
        #expect(try await cache.data("b", mark: 1) { Data("y".utf8) } == Data("y".utf8))
    }
}
