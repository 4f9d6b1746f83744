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

    private final class Counter: Sendable {
        private let value = Mutex(0)

        func add() { value.withLock { $0 += 1 } }
        var count: Int { value.withLock { $0 } }
    }

    @Test("many who ask at once have it made once; a fault is not kept")
    func shared() async throws {
        let cache = AnswerCache(clock: { 0 })
        let counter = Counter()
        let tasks = (0..<20).map { _ in
            Task {
                try await cache.data("a", mark: 1) {
                    counter.add()
                    try await Task.sleep(for: .milliseconds(20))
                    return Data("x".utf8)
                }
            }
        }
        for task in tasks { #expect(try await task.value == Data("x".utf8)) }
        #expect(counter.count == 1)
        await #expect(throws: CancellationError.self) {
            try await cache.data("b", mark: 1) { throw CancellationError() }
        }
        #expect(try await cache.data("b", mark: 1) { Data("y".utf8) } == Data("y".utf8))
    }

    @Test("an answer that all have gone away from is cancelled, and made anew for the next")
    func abandoned() async throws {
        let cache = AnswerCache(clock: { 0 })
        let (begun, isCancelled) = (Counter(), Counter())
        let make: @Sendable () async throws -> Data = {
            begun.add()
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                isCancelled.add()
                throw error
            }
            return Data()
        }
        let waiting = (0..<2).map { _ in Task { try await cache.data("a", mark: 1, make) } }
        while begun.count == 0 { await Task.yield() }
        // Both wait for the same one, before either goes.
        try await Task.sleep(for: .milliseconds(50))
        waiting[0].cancel()
        try await Task.sleep(for: .milliseconds(50))
        #expect(isCancelled.count == 0 && begun.count == 1)
        waiting[1].cancel()
        for task in waiting {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(isCancelled.count == 1)
        #expect(try await cache.data("a", mark: 1) { Data("y".utf8) } == Data("y".utf8))
    }
}
