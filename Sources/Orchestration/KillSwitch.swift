import ResultsStore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Counts the transaction boundaries of a store and kills the process at one of them: what power
/// cuts and impatient users do, at every moment in turn.
public final class KillSwitch: Sendable {
    private let passed = Atomic(0)
    private let killAt: Int?

    /// - Parameter killAt: the boundary, counted from 1; nil only counts.
    public init(killAt: Int?) { self.killAt = killAt }

    /// Boundaries so far.
    public var count: Int { passed.load(ordering: .relaxed) }

    /// For `ResultsStore.Options.faultPoint`.
    public func pass() {
        let now = passed.add(1, ordering: .relaxed).newValue
        if now == killAt { kill(getpid(), SIGKILL) }
    }
}
