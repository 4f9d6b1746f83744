import Foundation
import Platform
import Synchronization
import Testing

@Suite("Threads of work")
struct WorkThreadTests {
    @Test("a thread that was joined has done its work and is forgotten")
    func joined() throws {
        let sum = Atomic(0)
        let threads = try (1...4).map { number in
            try WorkThread(
                name: "adds", cancel: {},
                body: {
                    Thread.sleep(forTimeInterval: 0.02)
                    sum.add(number, ordering: .relaxed)
                })
        }
        for thread in threads { thread.join() }
        #expect(sum.load(ordering: .relaxed) == 10)
        #expect(threads.allSatisfy { $0.join(seconds: 0) })
    }

    @Test("what a thread worked on is let go when it is done, even by what holds the thread")
    func release() throws {
        final class Holder: Sendable {
            let thread = Mutex<WorkThread?>(nil)
            func work() {}
        }
        weak var left: Holder?
        do {
            let holder = Holder()
            left = holder
            let thread = try WorkThread(
                name: "held", cancel: { [holder] in holder.work() },
                body: { [holder] in holder.work() })
            holder.thread.withLock { $0 = thread }
            thread.join()
            thread.cancel()
        }
        #expect(left == nil)
    }

    @Test("a thread that still works is waited for no longer than asked, and stops when cancelled")
    func cancelled() throws {
        let stop = Atomic(false)
        let thread = try WorkThread(
            name: "waits", cancel: { stop.store(true, ordering: .relaxed) },
            body: {
                while !stop.load(ordering: .relaxed) { Thread.sleep(forTimeInterval: 0.001) }
            })
        #expect(!thread.join(seconds: 0.05))
        thread.cancel()
        #expect(thread.join(seconds: 10))
    }

    @Test("a thread that cannot be had is an error that says which limits to raise")
    func refused() throws {
        // No machine has the address space for such a stack.
        #expect(throws: PlatformError.threadRefused(name: "huge", code: EAGAIN)) {
            try WorkThread(name: "huge", stackSize: 1 << 60, cancel: {}, body: {})
        }
        #expect(
            PlatformError.threadRefused(name: "huge", code: EAGAIN).description
                == "the thread 'huge' cannot be started (Resource temporarily unavailable): raise "
                + "the limits on processes and memory ('ulimit -u', 'ulimit -v'), or ask for fewer "
                + "with -j")
    }

    @Test("a process ends with its code while threads that nobody stops compute")
    func abandoned() async {
        await #expect(processExitsWith: .exitCode(7)) {
            for _ in 0..<3 {
                try WorkThread(
                    name: "spins", cancel: {},
                    body: {
                        var sum = 0.0
                        while sum >= 0 { sum += 1 }
                    })
            }
            ProcessEnd.leave(7, seconds: 0.1)
        }
    }

    @Test("the end of a process cancels what runs and waits until it has stopped")
    func ended() async {
        await #expect(processExitsWith: .exitCode(9)) {
            let stop = Atomic(false)
            try WorkThread(
                name: "saves", cancel: { stop.store(true, ordering: .relaxed) },
                body: {
                    while !stop.load(ordering: .relaxed) { Thread.sleep(forTimeInterval: 0.001) }
                    Thread.sleep(forTimeInterval: 0.2)
                    _exit(9)
                })
            ProcessEnd.leave(0)
        }
    }
}

@Suite("Loops that threads share")
struct ParallelTests {
    @Test("every iteration comes once, whatever the number of threads", arguments: [1, 2, 7])
    func once(threads: Int) {
        let counts = Mutex(Array(repeating: 0, count: 1000))
        Parallel.perform(iterations: 1000, threads: threads) { index in
            counts.withLock { $0[index] += 1 }
        }
        #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
        Parallel.perform(iterations: 0) { _ in Issue.record("there is nothing to do") }
    }
}

@Suite("Threads of the sources")
struct ThreadSourceTests {
    /// A thread that nobody joins computes while the process ends, and one of libdispatch is waited
    /// for without end where it cannot be had.
    @Test("every thread is a thread of work")
    func onlyHere() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(atPath: sources.path))
        var found: [String] = []
        var count = 0
        for case let name as String in files where name.hasSuffix(".swift") {
            count += 1
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            let ways = [
                #"\bThread\s*[({]"#, #"pthread_create\("#, "detachNewThread", #"\bDispatchQueue\b"#,
                #"(?<!\.)\bTask(\.detached)?\s*[({]"#, "OperationQueue",
            ].joined(separator: "|")
            if text.range(of: ways, options: .regularExpression) != nil { found.append(name) }
        }
        // The page's tasks wait for sockets and for threads of work; they compute nothing.
        let waiting = ["Dashboard/Dashboard.swift", "Dashboard/Reading/AnswerCache.swift"]
        #expect(count > 200 && found.sorted() == waiting + ["Platform/WorkThread.swift"])
    }
}
