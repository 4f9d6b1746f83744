import Digests
import ResultsStore
import TestSupport
import Testing

@Suite("Claims of processes")
struct OwnershipTests {
    @Test("a process is known by its start, its boot and its namespace, not by its number alone")
    func identity() {
        let current = ProcessIdentity.current
        #expect(current.isAlive)
        var other = current
        other.processStart = "1"
        #expect(!other.isAlive)
        other = current
        other.boot = "an earlier one"
        #expect(!other.isAlive)
        other = current
        other.namespace = "pid:[another container]"
        #expect(other.isAlive, "what cannot be seen is not robbed")
    }

    @Test("what a dead process held is free at once, what a live one holds is not")
    func takeOver() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let rows = try store.lookUp(sweep.stages).rows
        var dead = ProcessIdentity.current
        dead.processStart = "1"
        let deadOwner = try store.registerOwner(dead)
        let liveOwner = try store.registerOwner()
        let me = try store.registerOwner()
        try store.transact { transaction in
            for (row, owner) in zip(rows, [deadOwner, deadOwner, liveOwner]) {
                _ = try transaction.claim(
                    row, owner: owner, worker: 0, attempt: 1, isRebuild: false)
            }
        }
        var mark: Int64 = 0
        #expect(try store.takeOverFromDead(by: me) == 2)
        let changes = try store.transact { try $0.changes(since: &mark, owner: me) }
        #expect(
            changes.map(\.stage) == Array(rows.prefix(2))
                && changes.allSatisfy { $0.outcome == .lost })
        #expect(try store.runningStages().map(\.title) == ["probe row 0 seed 0"])
        #expect(try store.takeOverFromDead(by: me) == 0)
        #expect(try store.attempts(of: sweep.stages[0].id).map(\.outcome) == [.lost])
    }

    @Test("a run of this process that ended without a word is dead, though the process lives")
    func brokenOff() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.database)
        let sweep = sampleSweep()
        try store.register(sweep)
        let row = try store.lookUp(sweep.stages).rows[0]
        let other = try store.registerOwner()
        try store.transact {
            _ = try $0.claim(row, owner: other, worker: 0, attempt: 1, isRebuild: false)
        }
        let me = try store.registerOwner()
        #expect(try store.takeOverFromDead(by: me) == 0)
        // Signing off meets a database that another program holds.
        let second = try ResultsStore(path: folder.database, options: .init(busyTimeout: 0))
        try store.transact { (_) -> Void in
            #expect(throws: StoreError.self) { try second.removeOwner(other) }
        }
        #expect(try store.takeOverFromDead(by: me) == 1)
    }

    @Test("a claim whose owner is not known at all is free")
    func dangling() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let row = try store.lookUp(sweep.stages).rows[0]
        let me = try store.registerOwner()
        try store.transact {
            _ = try $0.claim(row, owner: 99, worker: 0, attempt: 1, isRebuild: false)
        }
        // Nobody works on its trials: they are left, not running.
        let held = try store.statusCounts(of: sweep.name)
        #expect(held[.running] == 0 && held[.pending] == held.total)
        #expect(try store.trials(of: sweep.name).allSatisfy { $0.status == .pending })
        #expect(try store.takeOverFromDead(by: me) == 1)
        #expect(try store.runningStages().isEmpty)
    }

    @Test("notes about running stages are shown, and those of stages that ended are not kept")
    func progress() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let rows = try store.lookUp(sweep.stages).rows
        let me = try store.registerOwner()
        try store.transact {
            _ = try $0.claim(rows[0], owner: me, worker: 3, attempt: 2, isRebuild: false)
        }
        let note = ProgressNote(
            stage: rows[0], attempt: 2, step: 7, steps: 9, detail: "loss 4.2", rate: 80,
            seconds: 1.5,
            log: "one\n")
        var other = note
        other.stage = rows[1]
        other.log = ""
        try store.save([note, other], owner: me)
        let running = try store.runningStages()
        #expect(running.count == 1)
        #expect(running[0].step == 7 && running[0].detail == "loss 4.2" && running[0].rate == 80)
        #expect(running[0].worker == 3 && running[0].process == .current)
        #expect(try store.log(of: sweep.stages[0].id) == "one\n")
    }

    @Test("a run writes progress of its own stages alone, whatever it believes to hold")
    func progressOfOthers() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        let row = try store.lookUp(sweep.stages).rows[0]
        let holder = try store.registerOwner()
        let other = try store.registerOwner()
        try store.transact {
            _ = try $0.claim(row, owner: holder, worker: 0, attempt: 1, isRebuild: false)
        }
        func note(_ step: Int) -> ProgressNote {
            ProgressNote(
                stage: row, attempt: 1, step: step, steps: 9, detail: "", rate: nil, seconds: 1,
                log: "")
        }
        try store.save([note(3)], owner: holder)
        try store.save([note(8)], owner: other)
        #expect(try store.runningStages().map(\.step) == [3])
        try store.transact { try $0.release(row) }
        try store.save([note(4)], owner: holder)
        try store.transact {
            _ = try $0.claim(row, owner: other, worker: 0, attempt: 1, isRebuild: false)
        }
        // Nothing of the holder before is left.
        #expect(try store.runningStages().map(\.step) == [0])
        try store.save([note(5)], owner: other)
        #expect(try store.runningStages().map(\.step) == [5])
    }
}
