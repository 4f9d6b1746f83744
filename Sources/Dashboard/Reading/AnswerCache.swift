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
        /// Tells it from another of the same question and state.
        var number: Int
        var making: Making
        var task: Task<Data, any Error>
        var used: Double
        /// Who waits for it.
        var waiting = 0
    }

    private struct Kept {
        var entries: [String: Entry] = [:]
        var made = 0
    }

    private static let mostEntries = 64
    private let kept = Mutex(Kept())
    private let clock: @Sendable () -> Double

    /// - Parameter clock: Units: seconds.
    package init(clock: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime })
    {
        self.clock = clock
    }

    /// An answer that is made for nobody any more, since all who waited have been cancelled, is cancelled
    /// as well.
    ///
    /// - Parameters:
    ///   - key: the question.
    ///   - mark: the state that the answer is to be of.
    package func data(
        _ key: String, mark: Int, _ make: @escaping @Sendable () async throws -> Data
    ) async throws -> Data {
        let now = clock()
        let (number, task) = kept.withLock { kept in
            if let entry = kept.entries[key], entry.making.serves(mark, now: now) {
                kept.entries[key]?.used = now
                kept.entries[key]?.waiting += 1
                return (entry.number, entry.task)
            }
            kept.made += 1
            let number = kept.made
            let task = Task { [self] in
                do {
                    let data = try await make()
                    change(key, number) { $0.making.ended = clock() }
                    return data
                } catch {
                    // The next one to ask tries again.
                    forget(key, number)
                    throw error
                }
            }
            kept.entries[key] = Entry(
                number: number, making: Making(mark: mark, started: now), task: task, used: now,
                waiting: 1)
            if kept.entries.count > Self.mostEntries,
                let oldest = kept.entries.filter({ $0.value.making.ended != nil })
                    .min(by: { $0.value.used < $1.value.used })
            {
                kept.entries[oldest.key] = nil
            }
            return (number, task)
        }
        // Once, whether it is served or cancelled first.
        let isThere = Mutex(true)
        return try await withTaskCancellationHandler {
            defer { leave(key, number, isThere) }
            return try await task.value
        } onCancel: {
            leave(key, number, isThere)
        }
    }

    private func leave(_ key: String, _ number: Int, _ isThere: borrowing Mutex<Bool>) {
        let goes = isThere.withLock { isThere in
            defer { isThere = false }
            return isThere
        }
        guard goes else { return }
        let abandoned = kept.withLock { kept -> Task<Data, any Error>? in
            guard var entry = kept.entries[key], entry.number == number else { return nil }
            entry.waiting -= 1
            let isAbandoned = entry.waiting == 0 && entry.making.ended == nil
            kept.entries[key] = isAbandoned ? nil : entry
            return isAbandoned ? entry.task : nil
        }
        abandoned?.cancel()
    }

    private func change(_ key: String, _ number: Int, _ body: (inout Entry) -> Void) {
        kept.withLock { kept in
            guard var entry = kept.entries[key], entry.number == number else { return }
            body(&entry)
            kept.entries[key] = entry
        }
    }

    private func forget(_ key: String, _ number: Int) {
        kept.withLock { kept in
            if kept.entries[key]?.number == number { kept.entries[key] = nil }
        }
    }
}
