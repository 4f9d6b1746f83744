import Foundation

/// Threads that do one piece of work together and are joined before it is done.
///
/// Where the system starts fewer threads than were asked for, those that there are do the work:
/// libdispatch would wait for them for ever.
enum WorkerThreads {
    /// Runs `body` on at most `count` threads with 8 MiB of stack each; returns when all have.
    ///
    /// Throws: ``SoundDataError/noThread(reason:)`` where not one could be started.
    static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) throws {
        let (threads, fault) = start(count, body)
        for thread in threads { pthread_join(thread, nil) }
        guard !threads.isEmpty else {
            throw SoundDataError.noThread(reason: FilePath.reason(fault))
        }
    }

    /// Calls `body` with each index below `count`, on all processors, this thread among them.
    static func forEach(below count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let indices = IndexCounter(count)
        @Sendable func work() { while let index = indices.next() { body(index) } }
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let (threads, _) = start(min(processors, count) - 1, work)
        work()
        for thread in threads { pthread_join(thread, nil) }
    }

    private static func start(
        _ count: Int, _ body: @escaping @Sendable () -> Void
    ) -> (threads: [pthread_t], fault: Int32) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, 8 << 20)
        var threads: [pthread_t] = []
        for _ in 0..<max(0, count) {
            var thread: pthread_t = 0
            let work = Unmanaged.passRetained(ThreadBody(body))
            let fault = pthread_create(
                &thread, attributes,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            guard fault == 0 else {
                work.release()
                return (threads, fault)
            }
            threads.append(thread)
        }
        return (threads, 0)
    }
}

private final class ThreadBody {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private final class IndexCounter: @unchecked Sendable {
    // Guards the next index.
    private let lock = NSLock()
    private var index = 0
    private let count: Int

    init(_ count: Int) { self.count = count }

    func next() -> Int? {
        lock.withLock {
            guard index < count else { return nil }
            index += 1
            return index - 1
        }
    }
}
