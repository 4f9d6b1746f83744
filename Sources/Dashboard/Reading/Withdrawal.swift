import Platform
import ResultsStore
import Synchronization

/// Whether a question is still asked. One that nobody waits for any more ends its reading at once: what
/// SQLite is busy with is interrupted, and the next read throws.
final class Withdrawal: Sendable {
    private struct State {
        var isWithdrawn = false
        /// What is being read for it now.
        var store: ResultsStore?
    }

    private let state = Mutex(State())

    var isWithdrawn: Bool { state.withLock { $0.isWithdrawn } }

    /// From any thread, more than once.
    func withdraw() {
        state.withLock { state in
            state.isWithdrawn = true
            // Under the lock: the store may read for another question in a moment.
            state.store?.interrupt()
        }
    }

    /// Reads for it.
    ///
    /// Throws: `CancellationError` where it was withdrawn, whatever `body` throws.
    func read<Value>(_ store: ResultsStore?, _ body: () throws -> Value) throws -> Value {
        let isWithdrawn = state.withLock { state in
            state.store = store
            return state.isWithdrawn
        }
        defer { state.withLock { $0.store = nil } }
        if isWithdrawn { throw CancellationError() }
        return try body()
    }
}
