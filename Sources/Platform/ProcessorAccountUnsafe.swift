import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a piece of work has had of processors: on the thread that does it, on those that it has started and joined
/// (``WorkThread``), and in programs that say what they have had.
public final class ProcessorAccount: Sendable {
    private let others = Atomic(0)

    private init() {}

    /// Whom the calling thread works for; nil where nobody measures it.
    public static var current: ProcessorAccount? {
        pthread_getspecific(key).map {
            Unmanaged<ProcessorAccount>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Calls `body`, and says how much processor time went into it until its end. Units: seconds.
    ///
    /// What is measured inside counts outside as well. Threads that are not joined at the end of `body` are left out.
    public static func measure<Value>(
        _ body: () throws -> Value
    ) rethrows -> (value: Value, seconds: Double) {
        let (account, outer) = (ProcessorAccount(), current)
        let start = ownNanoseconds
        adopt(account)
        defer {
            adopt(outer)
            outer?.add(nanoseconds: account.others.load(ordering: .relaxed))
        }
        let value = try body()
        let all = ownNanoseconds - start + account.others.load(ordering: .relaxed)
        return (value, Double(all) * 1e-9)
    }

    /// Takes in what another process has had for it. Units: seconds.
    public func add(seconds: Double) {
        guard seconds.isFinite, seconds > 0, seconds < 1e9 else { return }
        add(nanoseconds: Int(seconds * 1e9))
    }

    /// Runs the whole of a thread that the work has started.
    static func runThread(for account: ProcessorAccount?, _ body: () -> Void) {
        guard let account else { return body() }
        adopt(account)
        body()
        adopt(nil)
        account.add(nanoseconds: ownNanoseconds)
    }

    private func add(nanoseconds: Int) { others.add(nanoseconds, ordering: .relaxed) }

    /// Whoever has it adopted holds it until it is put down again.
    private static func adopt(_ account: ProcessorAccount?) {
        pthread_setspecific(key, account.map { Unmanaged.passUnretained($0).toOpaque() })
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Of the calling thread since it began.
    private static var ownNanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
}
