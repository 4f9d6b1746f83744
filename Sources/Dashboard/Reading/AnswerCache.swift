package import Foundation
import Synchronization

/// Answers that are made once, however many browsers ask: until what they were made from has changed,
/// and for some time beyond where making them takes long.
package final class AnswerCache: Sendable {
    /// When an answer was made, and what it took.
    package struct Making: Sendable, Hashable {
        package var mark: Int
        /// Units: seconds, of any clock that never goes back.
        package var started: Double
        /// Nil while it is being made.
        package var ended: Double?

        package init(mark: Int, started: Double, ended: Double? = nil) {
            self.mark = mark
            self.started = started
            self.ended = ended
        }

        /// Whether who asks now for the state `mark` may have it. One that took long is kept for three
        /// times as long: reading must not keep a machine busy that has work to do.
        package func serves(_ mark: Int, now: Double) -> Bool {
            guard let ended else { return true }
            let seconds = ended - started
            return self.mark == mark || now - ended < 3 * max(0, seconds - 0.05)
        }
    }

    private struct Entry {
        var making: Making
        var task: Task<Data, any Error>
        var used: Double
    }

    private static let mostEntries = 64
    private let entries = Mutex<[String: Entry]>([:])
    private let clock: @Sendable () -> Double

    /// - Parameter clock: Units: seconds.
    package init(clock: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime })
    {
        self.clock = clock
    }

    /// - Parameters:
    ///   - key: the question.
    ///   - mark: the state that the answer is to be of.
    package func data(
        _ key: String, mark: Int, _ make: @escaping @Sendable () async throws -> Data
    ) async throws -> Data {
        let now = clock()
        let task = entries.withLock { entries in
            if let entry = entries[key], entry.making.serves(mark, now: now) {
                entries[key]?.used = now
                return entry.task
            }
            let task = Task { [self] in
                do {
                    let data = try await make()
                    change(key, mark) { $0.making.ended = clock() }
                    return data
                } catch {
                    // The next one to ask tries again.
                    forget(key, mark)
                    throw error
                }
            }
            entries[key] = Entry(making: Making(mark: mark, started: now), task: task, used: now)
            if entries.count > Self.mostEntries,
                let oldest = entries.filter({ $0.value.making.ended != nil })
                    .min(by: { $0.value.used < $1.value.used })
            {
                entries[oldest.key] = nil
            }
            return task
        }
        return try await task.value
    }

    private func change(_ key: String, _ mark: Int, _ body: (inout Entry) -> Void) {
        entries.withLock { entries in
            guard var entry = entries[key], entry.making.mark == mark else { return }
            body(&entry)
            entries[key] = entry
        }
    }

    private func forget(_ key: String, _ mark: Int) {
        entries.withLock { entries in
            if entries[key]?.making.mark == mark { entries[key] = nil }
        }
    }
}
