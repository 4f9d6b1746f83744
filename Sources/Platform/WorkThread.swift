import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A thread that is joined before the process ends: the only kind that ablate starts.
///
/// Whoever starts one joins it. What is still there when the program ends, after an error or a second
/// Ctrl-C, is cancelled and joined by ``ProcessEnd``: a thread that computes while the libraries are
/// torn down would end a run that did all its work with a signal.
public final class WorkThread: Sendable {
    private enum State {
        case running(pthread_t)
        case joined
    }

    /// Of the work that has started it.
    private let account = ProcessorAccount.current
    private struct Work {
        var cancel: @Sendable () -> Void
        var body: @Sendable () -> Void
    }

    /// nil once the body has returned: what it held is let go, which may well hold this thread.
    private let work: Mutex<Work?>
    private let state = Mutex<State>(.joined)
    private let isOver = Monitor(false)

    /// Starts it.
    ///
    /// - Parameters:
    ///   - stackSize: Units: bytes.
    ///   - cancel: makes `body` return soon; called from any thread, at any time, more than once.
    ///
    /// Throws: ``PlatformError/threadRefused(name:code:)``.
    @discardableResult
    public init(
        name: String, stackSize: Int = 8 << 20, cancel: @escaping @Sendable () -> Void,
        body: @escaping @Sendable () -> Void
    ) throws(PlatformError) {
        work = Mutex(Work(cancel: cancel, body: body))
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, max(stackSize, 1 << 16))
        // Held while the thread starts: it may be over before its name is known here.
        let code = state.withLock { state in
            let context = Unmanaged.passRetained(self)
            #if canImport(Darwin)
                var handle: pthread_t?
            #else
                var handle = pthread_t()
            #endif
            let code = pthread_create(&handle, attributes, Self.start, context.toOpaque())
            if code == 0 {
                #if canImport(Darwin)
                    state = .running(handle!)
                #else
                    state = .running(handle)
                #endif
            } else {
                context.release()
            }
            return code
        }
        if code != 0 { throw .threadRefused(name: name, code: code) }
        WorkThreads.add(self)
    }

    /// Asks it to return soon.
    public func cancel() { work.withLock { $0 }?.cancel() }

    /// Waits until it has returned.
    public func join() {
        isOver.wait { $0 ? () : nil }
        collect()
    }

    /// Waits until it has returned, at most for `seconds`; false when it has not.
    public func join(seconds: Double) -> Bool {
        guard isOver.wait(seconds: seconds, { $0 ? () : nil }) != nil else { return false }
        collect()
        return true
    }

    /// Whether it is the thread that asks.
    var isCurrent: Bool {
        state.withLock { state in
            guard case .running(let handle) = state else { return false }
            return pthread_equal(handle, pthread_self()) != 0
        }
    }

    /// What is left of it goes: once its body has returned that takes no time.
    private func collect() {
        state.withLock { state in
            guard case .running(let handle) = state else { return }
            pthread_join(handle, nil)
            state = .joined
        }
        WorkThreads.remove(self)
    }

    #if canImport(Darwin)
        private static let start:
            @convention(c) (UnsafeMutableRawPointer) ->
                UnsafeMutableRawPointer? = { context in
                    run(context)
                    return nil
                }
    #else
        private static let start:
            @convention(c) (UnsafeMutableRawPointer?) ->
                UnsafeMutableRawPointer? = { context in
                    if let context { run(context) }
                    return nil
                }
    #endif

    private static func run(_ context: UnsafeMutableRawPointer) {
        let thread = Unmanaged<WorkThread>.fromOpaque(context).takeRetainedValue()
        ProcessorAccount.runThread(for: thread.account) { thread.work.withLock { $0 }?.body() }
        let done = thread.work.withLock { work in
            defer { work = nil }
            return work
        }
        // Not under the lock: what goes with it may ask this thread to end.
        _ = consume done
        thread.isOver.update { $0 = true }
    }
}

/// The threads that have not been joined yet.
public enum WorkThreads {
    private static let running = Mutex<[ObjectIdentifier: WorkThread]>([:])

    static func add(_ thread: WorkThread) {
        running.withLock { $0[ObjectIdentifier(thread)] = thread }
    }

    static func remove(_ thread: WorkThread) {
        running.withLock { $0[ObjectIdentifier(thread)] = nil }
    }

    /// Starts so many at once and lets them go: where that cannot be done, nothing should begin that
    /// needs them, since the system's own libraries wait for ever for a thread that they cannot have.
    ///
    /// Throws: ``PlatformError/threadRefused(name:code:)``.
    public static func probe(_ count: Int, stackSize: Int = 256 << 10) throws(PlatformError) {
        let gate = Monitor(false)
        var threads: [WorkThread] = []
        var refusal: PlatformError?
        do throws(PlatformError) {
            for number in 1...max(1, count) {
                threads.append(
                    try WorkThread(
                        name: "\(number) of \(count)", stackSize: stackSize, cancel: {},
                        body: { gate.wait { $0 ? () : nil } }))
            }
        } catch {
            refusal = error
        }
        gate.update { $0 = true }
        for thread in threads { thread.join() }
        if let refusal { throw refusal }
    }

    /// Cancels and joins all of them, at most for `seconds`; false when some are still at work then.
    public static func finish(seconds: Double) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let threads = running.withLock { Array($0.values) }.filter { !$0.isCurrent }
            if threads.isEmpty { return true }
            for thread in threads { thread.cancel() }
            for thread in threads {
                let left = (deadline - ContinuousClock.now) / .seconds(1)
                guard thread.join(seconds: max(0, left)) else { return false }
            }
        }
    }
}
