import Synchronization

/// The threads that those who compute in a process may keep busy together.
///
/// Whoever computes holds at least one for itself, from ``enter(threads:borrows:)`` to
/// ``leave(threads:borrows:)``. What nobody holds is lent for moments (``ThreadTeam``), in equal shares, so that the sum
/// never passes the total; while someone waits to enter nothing more is lent, and what is lent comes back.
public final class ThreadBudget: Sendable {
    private struct State {
        var held = 0
        var lent = 0
        var borrowers = 0
        var waiting = 0
        /// The most that were busy at once.
        var most = 0
    }

    public let threads: Int
    /// Whether nothing is lent for a while where those who borrow have to wait for a processor.
    let heedsLoad: Bool
    private let state = Monitor(State())
    // Both are read without the lock, many times a second.
    private let waiting = Atomic(0)
    private let unheld: Atomic<Int>

    public init(threads: Int, heedsLoad: Bool = true) {
        self.heedsLoad = heedsLoad
        self.threads = max(1, threads)
        unheld = Atomic(max(1, threads))
    }

    /// Waits for so many threads, and holds them. One who is alone gets them however many there are.
    ///
    /// - Parameter borrows: whether it will also borrow.
    public func enter(threads count: Int = 1, borrows: Bool) {
        state.withLock { $0.waiting += 1 }
        waiting.add(1, ordering: .sequentiallyConsistent)
        state.wait { state -> Void? in
            let taken = state.held + state.lent
            guard taken == 0 || taken + count <= threads else { return nil }
            state.waiting -= 1
            state.held += count
            if borrows { state.borrowers += 1 }
            note(&state)
            return ()
        }
        waiting.subtract(1, ordering: .sequentiallyConsistent)
    }

    public func leave(threads count: Int = 1, borrows: Bool) {
        state.update { state in
            state.held -= count
            if borrows { state.borrowers -= 1 }
            note(&state)
        }
    }

    /// How many of the threads that nobody holds the caller may use beside its own until
    /// ``giveBack(_:)``: at most its share.
    func borrow(_ wanted: Int) -> Int {
        guard wanted > 0, unheld.load(ordering: .relaxed) > 0 else { return 0 }
        return state.withLock { state in
            let count = available(wanted, state)
            state.lent += count
            note(&state)
            return count
        }
    }

    /// What ``borrow(_:)`` would give.
    func spare(_ wanted: Int) -> Int {
        guard wanted > 0, unheld.load(ordering: .relaxed) > 0 else { return 0 }
        return state.withLock { available(wanted, $0) }
    }

    private func available(_ wanted: Int, _ state: State) -> Int {
        let idle = threads - state.held
        guard state.waiting == 0, idle > 0 else { return 0 }
        let share = (idle + state.borrowers - 1) / max(1, state.borrowers)
        return max(0, min(wanted, share, idle - state.lent))
    }

    func giveBack(_ count: Int) {
        guard count > 0 else { return }
        state.withLock { $0.lent -= count }
        if isWanted { state.update { _ in } }
    }

    /// Whether someone waits to enter: what is borrowed is to be given back.
    var isWanted: Bool { waiting.load(ordering: .relaxed) > 0 }

    /// The most threads that were ever held and lent at once.
    package var mostAtOnce: Int { state.withLock { $0.most } }

    private func note(_ state: inout State) {
        state.most = max(state.most, state.held + state.lent)
        unheld.store(threads - state.held, ordering: .relaxed)
    }
}
