import Foundation
import Platform
import Studies

/// A thread that reads the store for whoever asks, one after the other: reads may take seconds, and the
/// threads that serve connections must never wait.
final class ReadingLane: Sendable {
    private struct State {
        var jobs: [@Sendable (Result<StudyStore?, any Error>) -> Void] = []
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
    func start(_ name: String) throws -> WorkThread {
        try WorkThread(name: name, cancel: { [self] in stop() }, body: { [self] in work() })
    }

    func stop() { state.update { $0.isOver = true } }

    /// What `body` says of the store, which is nil where there is none.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (StudyStore?) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.update { state in
                if state.isOver { return false }
                state.jobs.append { store in
                    continuation.resume(with: Result { try body(store.get()) })
                }
                return true
            }
            if !isTaken { continuation.resume(throwing: CancellationError()) }
        }
    }

    private func work() {
        let reader = StoreReader(path, catalogue)
        while true {
            let job = state.wait {
                state -> (@Sendable (Result<StudyStore?, any Error>) -> Void)?? in
                if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
                return state.isOver ? .some(nil) : nil
            }
            guard let job else { return }
            job(Result { try reader.current() })
        }
    }
}
