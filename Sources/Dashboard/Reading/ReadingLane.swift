import Foundation
import Platform
import Studies
import Synchronization

/// Threads that read the store for whoever asks: reads may take seconds, and the threads that serve
/// connections must never wait. Each has a connection of its own, so that one long answer keeps no other
/// from being made.
final class ReadingLane: Sendable {
    private struct Job {
        var withdrawal: Withdrawal
        var body: @Sendable (Result<StudyStore?, any Error>) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var running: [ObjectIdentifier: Withdrawal] = [:]
        var isOver = false
    }

    private let state = Monitor(State())
    private let path: String
    private let catalogue: StudyCatalogue

    init(_ path: String, _ catalogue: StudyCatalogue) {
        self.path = path
        self.catalogue = catalogue
    }

    /// Throws: `PlatformError` where there is no thread to be had.
    func start(_ name: String, threads: Int) throws -> [WorkThread] {
        try (1...threads).map { number in
            try WorkThread(
                name: "\(name) \(number)", cancel: { [self] in stop() }, body: { [self] in work() })
        }
    }

    /// Nothing is read any more; who waits is told so.
    func stop() {
        let withdrawn = state.update { state in
            state.isOver = true
            return state.waiting.map(\.withdrawal) + Array(state.running.values)
        }
        for one in withdrawn { one.withdraw() }
    }

    /// What `body` says of the store, which is nil where there is none. When the task is cancelled that
    /// waits for it, its reading ends.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (StudyStore?) throws -> Value
    ) async throws -> Value {
        let withdrawal = Withdrawal()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job(withdrawal: withdrawal) { store in
                    continuation.resume(
                        with: Result {
                            let store = try store.get()
                            return try withdrawal.read(store?.store) { try body(store) }
                        })
                }
                let isTaken = state.update { state in
                    if !state.isOver { state.waiting.append(job) }
                    return !state.isOver
                }
                if !isTaken { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            withdrawal.withdraw()
        }
    }

    private func work() {
        let current = Mutex<Withdrawal?>(nil)
        let reader = StoreReader(path, catalogue) {
            current.withLock { $0?.isWithdrawn ?? false }
        }
        while let job = next() {
            current.withLock { $0 = job.withdrawal }
            job.body(Result { try reader.current() })
            current.withLock { $0 = nil }
            state.withLock { $0.running[ObjectIdentifier(job.withdrawal)] = nil }
        }
    }

    /// Nil when there is no more to do.
    private func next() -> Job? {
        state.wait { state -> Job?? in
            guard !state.waiting.isEmpty else { return state.isOver ? .some(nil) : nil }
            let job = state.waiting.removeFirst()
            state.running[ObjectIdentifier(job.withdrawal)] = job.withdrawal
            return .some(job)
        }
    }
}
