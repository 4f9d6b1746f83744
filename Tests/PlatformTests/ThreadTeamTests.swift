import Foundation
import Platform
import Synchronization
import Testing

@Suite("Threads that share a loop")
struct ThreadTeamTests {
    @Test(
        "each item is done once, by threads that are told apart",
        arguments: [1, 2, 3, 8, 16])
    func items(threads: Int) {
        let team = ThreadTeam(threads: threads)
        for count in [0, 1, 2, 7, 100] {
            let done = (0..<count).map { _ in Counter() }
            let clashes = Counter()
            let lanes = ThreadLanes { Counter() }
            team.perform(count, lanes) { item, busy in
                if busy.add(1) > 0 { clashes.add(1) }
                done[item].add(1)
                busy.add(-1)
            }
            #expect(done.allSatisfy { $0.value == 1 })
            #expect(clashes.value == 0)
            #expect(team.likelyThreads == threads)
        }
    }

    @Test("one who waits gets its thread within a loop, which goes on with fewer")
    func givesBack() throws {
        let budget = ThreadBudget(threads: 3, heedsLoad: false)
        budget.enter(borrows: true)
        let team = ThreadTeam(budget)
        let hasEntered = Atomic(false)
        var entrant: WorkThread?
        var itemsAfter = 0
        for round in 0..<2000 where itemsAfter < 3 {
            if round == 3 {
                entrant = try WorkThread(
                    name: "enters", cancel: {},
                    body: {
                        budget.enter(threads: 2, borrows: false)
                        hasEntered.store(true, ordering: .sequentiallyConsistent)
                    })
            }
            team.perform(6) { _, _ in Thread.sleep(forTimeInterval: 0.001) }
            guard hasEntered.load(ordering: .sequentiallyConsistent) else { continue }
            itemsAfter += 1
            #expect(team.likelyThreads == 1)
        }
        entrant?.join()
        #expect(itemsAfter == 3)
        #expect(budget.mostAtOnce == 3)
        budget.leave(threads: 2, borrows: false)
        #expect(team.likelyThreads == 3)
    }

    @Test("computations together never keep more threads busy than there are")
    func neverMore() throws {
        let budget = ThreadBudget(threads: 4)
        let busy = Counter()
        let most = Counter()
        let done = Counter()
        let computations = try (0..<7).map { number in
            try WorkThread(
                name: "computation \(number)", cancel: {},
                body: {
                    for _ in 0..<20 {
                        budget.enter(borrows: true)
                        let team = ThreadTeam(budget)
                        for _ in 0..<5 {
                            team.perform(9) { _, _ in
                                most.raise(to: busy.add(1) + 1)
                                done.add(1)
                                busy.add(-1)
                            }
                        }
                        team.dismiss()
                        budget.leave(borrows: true)
                    }
                })
        }
        for computation in computations { computation.join() }
        #expect(done.value == 7 * 20 * 5 * 9)
        #expect(most.value <= 4)
        #expect(budget.mostAtOnce <= 4)
    }

    @Test("idle threads are shared in equal parts by those who borrow")
    func shares() {
        let budget = ThreadBudget(threads: 8)
        budget.enter(borrows: true)
        budget.enter(borrows: true)
        budget.enter(borrows: false)
        #expect(ThreadTeam(budget).likelyThreads == 1 + 3)
        #expect(ThreadTeam(budget, most: 2).likelyThreads == 2)
        budget.leave(borrows: true)
        #expect(ThreadTeam(budget).likelyThreads == 1 + 6)
    }

    @Test(
        "where helpers wait for a processor nothing is borrowed for a while, and longer if it goes on"
    )
    func pauses() {
        let start = ContinuousClock.now
        var pause = BorrowingPause(now: start)
        #expect(pause.isOver(start) && !pause.isDue(start + .milliseconds(200)))
        func look(after milliseconds: Int, helped: Int, waited: Int) -> ContinuousClock.Instant {
            let now = start + .milliseconds(milliseconds)
            pause.look(now, helped: helped * 1_000_000, waited: waited * 1_000_000)
            return now
        }
        // A tenth of the time is no reason; half of it is.
        #expect(pause.isOver(look(after: 300, helped: 100, waited: 10)))
        var now = look(after: 600, helped: 200, waited: 60)
        #expect(!pause.isOver(now + .milliseconds(400)) && pause.isOver(now + .milliseconds(600)))
        now = look(after: 1400, helped: 300, waited: 160)
        #expect(!pause.isOver(now + .milliseconds(900)) && pause.isOver(now + .seconds(1)))
        // What waited before does not count again.
        #expect(pause.isOver(look(after: 2500, helped: 400, waited: 160)))
    }

    @Test("the system says how long a thread was ready without running")
    func waiting() throws {
        #if os(Linux)
            let thread = try #require(ProcessorPressure.currentThread)
            let before = try #require(ProcessorPressure.waited(by: thread))
            #expect(before >= 0)
            #expect(ProcessorPressure.waited(by: 1 << 30) == nil)
        #endif
    }

    @Test("what the others have done is counted in seconds of theirs")
    func helpedSeconds() {
        let team = ThreadTeam(threads: 3)
        #expect(team.helpedSeconds == 0)
        team.perform(3) { _, _ in Thread.sleep(forTimeInterval: 0.05) }
        #expect(team.helpedSeconds > 0.09)
        let alone = ThreadTeam()
        alone.perform(3) { _, _ in }
        #expect(alone.helpedSeconds == 0)
    }
}

private final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .sequentiallyConsistent) }

    /// The value before.
    @discardableResult
    func add(_ amount: Int) -> Int {
        number.add(amount, ordering: .sequentiallyConsistent).oldValue
    }

    func raise(to amount: Int) { number.max(amount, ordering: .sequentiallyConsistent) }
}
