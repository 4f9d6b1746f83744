import CProcessor
import Foundation
import Synchronization

/// The threads that one computation has: the caller's, and what a ``ThreadBudget`` lends from one loop to the next.
///
/// Where the system lets helpers wait for a processor, since others compute as well, nothing is borrowed for a while.
/// What a loop computes must not depend on how many they are, nor on who takes which of its items. One thread uses a team
/// at a time, and an item must not use it.
public final class ThreadTeam: @unchecked Sendable {
    private let budget: ThreadBudget?
    private let most: Int
    private var helpers: [Helper] = []
    /// Helpers that are still in the loop.
    private let busy = SpinGate()
    private let helped = HelperTime()
    private var pause = BorrowingPause(now: .now)

    /// The caller's thread alone.
    public init() {
        budget = nil
        most = 1
    }

    /// - Parameter most: threads, however many are idle.
    public init(_ budget: ThreadBudget, most: Int = .max) {
        self.budget = budget
        self.most = max(1, most)
    }

    /// Always so many threads.
    public convenience init(threads: Int) {
        let budget = ThreadBudget(threads: threads, heedsLoad: false)
        budget.enter(borrows: true)
        self.init(budget)
    }

    deinit { dismiss() }

    /// How many threads the next loop would have if it started now: what is split should be split for so many. Never
    /// what a result depends on.
    public var likelyThreads: Int {
        guard most > 1, let budget, pause.isOver(.now) else { return 1 }
        return 1 + budget.spare(most - 1)
    }

    /// Ends the helpers' threads. A later loop would start them anew.
    public func dismiss() {
        for helper in helpers { helper.end() }
        helpers = []
    }

    /// Seconds of other threads so far: what the computation took beyond the time of the caller's.
    public var helpedSeconds: Double { Double(helped.nanoseconds.load(ordering: .relaxed)) * 1e-9 }

    /// Calls `body` for each of `0 ..< count` and returns when all calls have.
    ///
    /// - Parameters:
    ///   - prepare: told how many threads will take part, before they do.
    ///   - body: called on several threads at once; `thread` is below the number that `prepare` was told, and no two
    ///     calls at once have the same.
    public func perform(
        _ count: Int, prepare: (_ threads: Int) -> Void = { _ in },
        _ body: @escaping (_ item: Int, _ thread: Int) -> Void
    ) {
        let lent = borrow(min(count, most) - 1)
        let extra = start(lent)
        if extra < lent { budget?.giveBack(lent - extra) }
        prepare(1 + extra)
        guard extra > 0, let budget else {
            for item in 0..<count { body(item, 0) }
            return
        }
        let loop = SharedLoop(count: count, body: body)
        busy.set(extra)
        for number in 0..<extra {
            let isTaken = helpers[number].take { [busy, helped] in
                let start = ContinuousClock.now
                loop.run(thread: number + 1, isWanted: { budget.isWanted })
                budget.giveBack(1)
                helped.add(.now - start)
                busy.subtractOne()
            }
            guard !isTaken else { continue }
            // The process ends: what is left is the caller's.
            budget.giveBack(1)
            busy.subtractOne()
        }
        loop.run(thread: 0, isWanted: { false })
        busy.wait { $0 == 0 }
    }

    /// The same, with something of its own for each thread that takes part, such as room for intermediate results.
    public func perform<Value>(
        _ count: Int, _ lanes: ThreadLanes<Value>, _ body: @escaping (_ item: Int, Value) -> Void
    ) {
        perform(count, prepare: lanes.reserve) { item, thread in body(item, lanes[thread]) }
    }

    private func borrow(_ wanted: Int) -> Int {
        guard wanted > 0, let budget else { return 0 }
        let lent = budget.borrow(wanted)
        guard lent > 0 else { return 0 }
        let now = ContinuousClock.now
        if budget.heedsLoad, pause.isDue(now), !helpers.isEmpty {
            pause.look(
                now, helped: helped.nanoseconds.load(ordering: .relaxed),
                waited: helpers.reduce(0) { $0 + $1.waited })
        }
        if pause.isOver(now) { return lent }
        budget.giveBack(lent)
        return 0
    }

    /// Makes sure of so many helpers; the number that there are if the system refuses some.
    private func start(_ count: Int) -> Int {
        while helpers.count < count {
            guard let helper = try? Helper(number: helpers.count + 1) else { return helpers.count }
            helpers.append(helper)
        }
        return count
    }
}

/// One value for each thread of a loop, made when it is first needed and kept.
public final class ThreadLanes<Value> {
    private var values: [Value] = []
    private let make: () -> Value

    public init(_ make: @escaping () -> Value) { self.make = make }

    /// Before the threads start.
    public func reserve(_ threads: Int) {
        while values.count < threads { values.append(make()) }
    }

    public subscript(thread: Int) -> Value { values[thread] }
}

/// Items of a loop, handed out one by one. Unchecked: `body` is called on several threads, as its maker wants.
private final class SharedLoop: @unchecked Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let body: (Int, Int) -> Void

    init(count: Int, body: @escaping (Int, Int) -> Void) {
        self.count = count
        self.body = body
    }

    func run(thread: Int, isWanted: () -> Bool) {
        while !isWanted() {
            let item = next.add(1, ordering: .relaxed).oldValue
            guard item < count else { return }
            body(item, thread)
        }
    }
}

/// A thread that waits for loops to take part in.
private final class Helper: Sendable {
    private let thread: WorkThread
    private let mailbox: Mailbox

    init(number: Int) throws(PlatformError) {
        let mailbox = Mailbox()
        self.mailbox = mailbox
        thread = try WorkThread(
            name: "helper \(number)", cancel: { mailbox.end() }, body: { mailbox.serve() })
    }

    /// False where the thread has been told to end.
    func take(_ job: @escaping @Sendable () -> Void) -> Bool { mailbox.post(job) }

    /// For a processor, so far. Units: nanoseconds.
    var waited: Int { mailbox.thread.flatMap(ProcessorPressure.waited(by:)) ?? 0 }

    func end() {
        mailbox.end()
        thread.join()
    }
}

/// A job for one thread. The next is posted only when the last is done.
private final class Mailbox: Sendable {
    private struct Content {
        var job: (@Sendable () -> Void)?
        var hasEnded = false
        var thread: Int?
    }

    private let content = Mutex(Content())
    private let posted = SpinGate()

    func post(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isOpen = content.withLock { content in
            if !content.hasEnded { content.job = job }
            return !content.hasEnded
        }
        posted.addOne()
        return isOpen
    }

    func end() {
        content.withLock { $0.hasEnded = true }
        posted.addOne()
    }

    /// How the system calls the thread that serves.
    var thread: Int? { content.withLock { $0.thread } }

    func serve() {
        content.withLock { $0.thread = ProcessorPressure.currentThread }
        var seen = 0
        while true {
            seen = posted.wait { $0 != seen }
            let (job, hasEnded) = content.withLock { content in
                defer { content.job = nil }
                return (content.job, content.hasEnded)
            }
            job?()
            if hasEnded { return }
        }
    }
}

/// What helpers have spent in loops.
private final class HelperTime: Sendable {
    let nanoseconds = Atomic(0)

    func add(_ time: Duration) {
        let (seconds, attoseconds) = time.components
        nanoseconds.add(
            Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000), ordering: .relaxed)
    }
}

/// A number that threads wait for: for some microseconds without a rest, since loops follow each other closely, then asleep.
///
/// A thread that waits gives its processor to nobody meanwhile: where others compute as well (`sched_yield`), it would get
/// it back milliseconds later.
private final class SpinGate: Sendable {
    private let value = Atomic(0)
    private let sleepers = Atomic(0)
    private let condition = Monitor(())
    private static let turns = 2000

    func set(_ number: Int) { value.store(number, ordering: .sequentiallyConsistent) }

    func addOne() {
        value.add(1, ordering: .sequentiallyConsistent)
        wake()
    }

    func subtractOne() {
        value.subtract(1, ordering: .sequentiallyConsistent)
        wake()
    }

    private func wake() {
        guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
        condition.update { _ in }
    }

    /// The number that it was when it was reached.
    @discardableResult
    func wait(_ isReached: (Int) -> Bool) -> Int {
        for _ in 0..<Self.turns {
            let number = value.load(ordering: .acquiring)
            if isReached(number) { return number }
            processor_relax()
        }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
        return condition.wait { _ in
            let number = value.load(ordering: .sequentiallyConsistent)
            return isReached(number) ? number : nil
        }
    }
}
