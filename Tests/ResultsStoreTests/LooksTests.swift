import Digests
import Foundation
import ResultsStore
import Testing

@Suite("When rows may be looked at")
struct LooksTests {
    private let store: ResultsStore

    init() throws { store = try ResultsStore(inMemory: .init()) }

    /// Rows against the first, each with the seeds given, two metrics.
    private func sweep(
        _ rows: [String], seeds: [Int], isOpen: Bool = false, metrics: Int = 2,
        names: [String] = []
    ) -> SweepRegistration {
        var trials: [PlannedTrial] = []
        var stages: [Stage] = []
        for (index, row) in rows.enumerated() {
            for seed in seeds {
                let stage = Stage(
                    id: Digest(of: "stage \(row) \(seed)"), kind: "run", title: "\(row) \(seed)")
                stages.append(stage)
                trials.append(
                    PlannedTrial(
                        id: Digest(of: "trial \(row) \(seed)"), row: index, seed: seed,
                        stages: [stage.id]))
            }
        }
        return SweepRegistration(
            name: "looks",
            rows: rows.enumerated().map { index, row in
                PlannedRow(
                    index: index, label: row, settings: #"{"row":"\#(row)"}"#,
                    isBaseline: index == 0,
                    baseline: 0)
            }, trials: trials, stages: stages,
            testedMetrics: names.isEmpty ? metrics : names.count, testedNames: names,
            isOpen: isOpen)
    }

    private func finish(_ sweep: SweepRegistration, _ count: Int = .max) throws {
        for stage in sweep.stages.prefix(count) { try store.finish(stage, ["value": 1]) }
    }

    /// By label.
    private func looks() throws -> [String: RowLooks] {
        Dictionary(
            try store.trials(of: "looks").compactMap { trial in
                trial.looks.map { (trial.label, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a plan is fixed, with all its comparisons in one family")
    func fixed() throws {
        try store.register(sweep(["a", "b", "c"], seeds: [0, 1, 2]))
        #expect(try looks()["b"] == RowLooks(comparisons: 4))
    }

    @Test("seeds added before any trial has finished leave a fixed plan; after that it is open")
    func extended() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(first)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2, 3]))
        #expect(try looks()["b"] == RowLooks(comparisons: 2))
        try finish(first, 1)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2, 3, 4]))
        // The plan with four seeds is the latest of which a trial has finished.
        #expect(
            try looks()["b"] == RowLooks(isOpen: true, firstSeeds: [0, 1, 2, 3], comparisons: 2))
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2, 3, 4, 5]))
        #expect(
            try looks()["b"] == RowLooks(isOpen: true, firstSeeds: [0, 1, 2, 3], comparisons: 2))
    }

    @Test("a later plan extends one whose rows it has with further seeds that have figures")
    func extensions() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        let second = sweep(["a", "b", "c"], seeds: [0, 1, 2, 3])
        try store.register(second)
        #expect(try store.extensions(of: "looks@1").isEmpty)
        try finish(second)
        let found = try store.extensions(of: "looks@1")
        #expect(found.map(\.plan) == [SweepReference("looks", revision: 2)])
        #expect(found.map(\.seeds) == [[3]])
        #expect(try store.extensions(of: "looks@2").isEmpty)
        // A plan that lacks some of the seeds extends nothing.
        let detour = sweep(["a", "b"], seeds: [0, 4, 5])
        try store.register(detour)
        try finish(detour)
        #expect(try store.extensions(of: "looks@1").map(\.seeds) == [[3]])
        // Other rows with other seeds are another matter.
        let third = sweep(["x", "y"], seeds: [0, 1, 2, 3, 4])
        try store.register(third)
        try finish(third)
        #expect(try store.extensions(of: "looks@2").isEmpty)
    }

    @Test("fewer seeds than were looked at are no fixed plan either")
    func shrunk() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2, 3])
        try store.register(first)
        try finish(first)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2]))
        #expect(
            try looks()["b"] == RowLooks(isOpen: true, firstSeeds: [0, 1, 2, 3], comparisons: 2))
    }

    @Test("a detour over another list of seeds does not rid a plan of its first look")
    func detour() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        let detour = sweep(["a", "b"], seeds: [0, 3, 4])
        try store.register(detour)
        try finish(detour)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2, 3, 4]))
        #expect(
            try looks()["b"] == RowLooks(isOpen: true, firstSeeds: [0, 1, 2], comparisons: 2))
    }

    @Test("seeds with figures that a plan leaves out are told, unless it only ends earlier")
    func leftOut() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2, 3, 4, 5])
        try store.register(first)
        try finish(first)
        #expect(try looks()["b"]?.leftOut == [])
        try store.register(sweep(["a", "b", "c"], seeds: [1, 4, 7]))
        #expect(try looks()["b"]?.leftOut == [0, 2, 3, 5])
        // What was seen of its baseline counts for a new row.
        #expect(try looks()["c"]?.leftOut == [0, 2, 3, 5])
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2]))
        #expect(try looks()["b"]?.leftOut == [])
        // Others than these alone were not looked at; some of each are chosen.
        try store.register(sweep(["a", "b"], seeds: [7, 8, 9]))
        #expect(try looks()["b"]?.leftOut == [])
        try store.register(sweep(["a", "b"], seeds: [0, 7, 8, 9]))
        #expect(try looks()["b"]?.leftOut == [1, 2, 3, 4, 5])
        // The plan with all of them has nothing to make up for.
        try store.register(first)
        #expect(try looks()["b"]?.leftOut == [])
    }

    @Test("rows added later are a family of their own, and those of before keep theirs")
    func added() throws {
        let first = sweep(["a", "b", "c"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        try store.register(sweep(["a", "b", "c", "d"], seeds: [0, 1, 2]))
        #expect(try looks()["c"] == RowLooks(comparisons: 4))
        #expect(try looks()["d"] == RowLooks(comparisons: 2, family: 1))
        // Rows that are left out after a look stay corrected for; so do metrics.
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2], metrics: 1))
        #expect(try looks()["b"] == RowLooks(comparisons: 4))
    }

    @Test(
        "a plan that is run until settled is open from the start, or from the look that there was")
    func untilSettled() throws {
        let plan = sweep(["a", "b"], seeds: [0, 1, 2], isOpen: true)
        try store.register(plan)
        #expect(try looks()["b"] == RowLooks(isOpen: true, comparisons: 2))
        try finish(plan, 1)
        // A plain run of the same plan changes nothing.
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2]))
        #expect(try looks()["b"] == RowLooks(isOpen: true, comparisons: 2))
    }

    @Test("rows that take the place of others after a look are corrected for these as well")
    func replaced() throws {
        for (index, row) in ["b1", "b2", "b3"].enumerated() {
            let plan = sweep(["a", row], seeds: [0, 1, 2])
            try store.register(plan)
            try finish(plan)
            #expect(try looks()[row] == RowLooks(comparisons: 2 * (index + 1), family: index))
        }
        // The same again, described in other words, is what it was.
        var again = sweep(["a", "b3"], seeds: [0, 1, 2])
        again.facts["description"] = "other words"
        try store.register(again)
        #expect(try looks()["b3"] == RowLooks(comparisons: 6, family: 2))
    }

    @Test("a baseline that is named after a look is one of all pairs of rows")
    func lateBaseline() throws {
        let first = sweep(["a", "b", "c", "d"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        #expect(try looks()["c"] == RowLooks(comparisons: 6))
        var other = first
        for index in other.rows.indices {
            other.rows[index].isBaseline = index == 1
            other.rows[index].baseline = 1
        }
        try store.register(other)
        #expect(try looks()["c"] == RowLooks(comparisons: 12, hasLateBaseline: true))
        // Nor does it help to go back.
        try store.register(sweep(["a", "b", "c", "d"], seeds: [0, 1, 2, 3]))
        let back = try #require(try looks()["c"])
        #expect(back.isOpen && back.comparisons == 12)
    }

    @Test("a row that nobody has seen can be a baseline like any other")
    func newBaseline() throws {
        let first = sweep(["a", "b", "c"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        try store.register(sweep(["x", "b"], seeds: [0, 1, 2]))
        #expect(try looks()["b"] == RowLooks(comparisons: 4))
    }

    @Test("what failed and is tried again after a look opens the plan of its pairs")
    func retried() throws {
        let plan = sweep(["a", "b", "c"], seeds: [0, 1, 2, 3])
        try store.register(plan)
        let failing = plan.stages.filter { ["b 2", "b 3"].contains($0.title) }
        for stage in failing {
            try store.record(
                StageAttempt(outcome: .failed, reason: "no luck", seconds: 1, build: "b"), stage)
        }
        let others = plan.stages.filter { !failing.contains($0) }
        for stage in others.dropLast() { try store.finish(stage, ["value": 1]) }
        let rows = try store.lookUp(failing).rows
        func fail() throws {
            for stage in failing {
                try store.record(
                    StageAttempt(outcome: .failed, reason: "no luck", seconds: 1, build: "b"), stage
                )
            }
        }
        // Not all of row c is there, but all of a and b.
        try store.forget(rows)
        #expect(
            try looks()["b"] == RowLooks(isOpen: true, firstSeeds: [0, 1], comparisons: 4))
        #expect(try looks()["c"] == RowLooks(comparisons: 4))
        try fail()
        try store.forget(rows)
        #expect(try looks()["b"]?.firstSeeds == [0, 1])
        #expect(try looks()["c"]?.isOpen == false && looks()["a"]?.isOpen == false)
    }

    @Test("what failed and is tried again before a look changes nothing")
    func retriedEarly() throws {
        let plan = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(plan)
        try store.record(
            StageAttempt(outcome: .failed, reason: "no luck", seconds: 1, build: "b"),
            plan.stages[0])
        try finish(plan, 0)
        for stage in plan.stages.dropFirst().dropLast() { try store.finish(stage, ["value": 1]) }
        try store.forget(try store.lookUp([plan.stages[0]]).rows)
        #expect(try looks()["b"] == RowLooks(comparisons: 2))
    }

    @Test(
        "metrics that take the place of others after a look are corrected for together with these")
    func swappedMetrics() throws {
        func plan(_ names: String...) -> SweepRegistration {
            var plan = sweep(["a", "b", "c"], seeds: [0, 1, 2], names: names)
            plan.facts["metrics"] = names.joined(separator: " ")
            return plan
        }
        try store.register(plan("accuracy"))
        // Nobody has seen anything yet.
        try store.register(plan("error"))
        #expect(try looks()["b"] == RowLooks(comparisons: 2, metrics: ["error"]))
        try finish(plan("error"))
        try store.register(plan("accuracy"))
        #expect(try looks()["b"] == RowLooks(comparisons: 4, metrics: ["accuracy", "error"]))
        try store.register(plan("recall"))
        #expect(
            try looks()["c"] == RowLooks(comparisons: 6, metrics: ["accuracy", "error", "recall"]))
        // Nor does it help to go back.
        try store.register(plan("error"))
        #expect(try looks()["c"]?.comparisons == 6)
    }

    @Test("what is claimed after a look is told from what was claimed before, and never forgotten")
    func claims() throws {
        func plan(_ claims: (String, [Int])..., seeds: [Int] = [0, 1, 2]) -> SweepRegistration {
            var plan = sweep(["a", "b"], seeds: seeds)
            plan.claims = claims.map { PlannedClaim(id: $0.0, rows: $0.1) }
            plan.facts["claims"] = claims.map(\.0).joined(separator: " ")
            return plan
        }
        try store.register(plan(("x", [0])))
        // Nobody has seen anything yet.
        try store.register(plan(("y", [0, 1])))
        #expect(try looks()["b"] == RowLooks(comparisons: 2, claims: ["y"]))
        try finish(plan())
        try store.register(plan(("z", [0, 1])))
        #expect(try looks()["b"] == RowLooks(comparisons: 2, claims: ["y"], lateClaims: ["z"]))
        // Nor does it help to go back, or to claim nothing, or to add seeds.
        try store.register(plan(("y", [0, 1]), ("z", [0, 1])))
        #expect(try looks()["a"]?.lateClaims == ["z"])
        try store.register(plan(seeds: [0, 1, 2, 3]))
        #expect(try looks()["b"]?.claims == ["y"] && looks()["b"]?.lateClaims == ["z"])
    }

    @Test("a claim about a row that nobody has seen is not late")
    func claimOfNewRow() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        var second = sweep(["a", "b", "c"], seeds: [0, 1, 2])
        second.claims = [
            PlannedClaim(id: "new", rows: [0, 2]), PlannedClaim(id: "old", rows: [0, 1]),
        ]
        try store.register(second)
        #expect(try looks()["c"]?.claims == ["new"] && looks()["c"]?.lateClaims == ["old"])
    }

    @Test("a claim is looked at with its rows, also where these are compared with nothing")
    func claimsRedone() throws {
        var plan = sweep(["a", "b"], seeds: [0, 1, 2])
        for index in plan.rows.indices { plan.rows[index].baseline = nil }
        plan.claims = [PlannedClaim(id: "x", rows: [0])]
        try store.register(plan)
        try finish(plan)
        try store.forget(store.lookUp(plan.stages).rows)
        for stage in plan.stages { try store.finish(stage, ["value": 2]) }
        #expect(try looks()["a"]?.redone == 1 && looks()["b"]?.redone == 1)
    }

    @Test("claims of two stores are claims of both")
    func claimsMerged() throws {
        let other = try ResultsStore(inMemory: .init())
        var (here, there) = (
            sweep(["a", "b"], seeds: [0, 1]), sweep(["a", "b"], seeds: [0, 1, 2])
        )
        here.claims = [PlannedClaim(id: "x", rows: [0])]
        there.claims = [PlannedClaim(id: "y", rows: [0])]
        try store.register(here)
        try finish(here)
        try other.register(there)
        for stage in there.stages { try other.finish(stage, ["value": 1]) }
        _ = try store.merge(other)
        #expect(try looks()["a"]?.claims == ["x", "y"])
    }

    @Test("results that are given up after a look and come out the same are no second look")
    func freshAndSame() throws {
        let plan = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(plan)
        try finish(plan)
        try store.forget(store.lookUp(plan.stages).rows)
        #expect(try looks()["b"]?.isGivenUp == true && looks()["a"]?.isGivenUp == false)
        try finish(plan)
        #expect(try looks()["b"]?.redone == 0)
    }

    @Test(
        "results that are given up after a look and come out others are a second look, counted once"
    )
    func freshAndOther() throws {
        let plan = sweep(["a", "b", "c"], seeds: [0, 1, 2])
        try store.register(plan)
        try finish(plan)
        for round in 1...2 {
            try store.forget(store.lookUp(plan.stages).rows)
            // A run that is stopped goes on from there.
            try store.finish(plan.stages[0], ["value": 10 * Double(round)])
            try store.forget(store.lookUp(plan.stages).rows)
            for stage in plan.stages { try store.finish(stage, ["value": 10 * Double(round) + 1]) }
            #expect(try looks()["b"]?.redone == round && looks()["c"]?.redone == round)
        }
        #expect(try looks()["a"]?.redone == 0, "it is compared with nothing")
        // The same plan, described anew, and a longer one, have had these looks as well.
        try store.register(sweep(["a", "b", "c"], seeds: [0, 1, 2, 3]))
        #expect(try looks()["b"]?.redone == 2)
    }

    @Test("results that are given up before a look are no look")
    func freshEarly() throws {
        let plan = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(plan)
        try finish(plan, 5)
        try store.forget(store.lookUp(plan.stages).rows)
        for stage in plan.stages { try store.finish(stage, ["value": 2]) }
        #expect(try looks()["b"] == RowLooks(comparisons: 2))
    }

    @Test("plans of two stores were both looked at, whichever comes first")
    func merged() throws {
        let (few, many) = (
            sweep(["a", "b"], seeds: [0, 1, 2]), sweep(["a", "b"], seeds: [0, 1, 2, 3, 4])
        )
        let stores = try [few, many].map { plan in
            let store = try ResultsStore(inMemory: .init())
            try store.register(plan)
            for stage in plan.stages { try store.finish(stage, ["value": 1]) }
            return store
        }
        for order in [stores, stores.reversed()] {
            let whole = try ResultsStore(inMemory: .init())
            for part in order { _ = try whole.merge(part) }
            try whole.register(many)
            let found = try whole.trials(of: "looks").compactMap(\.looks)
            let expected = RowLooks(isOpen: true, firstSeeds: [0, 1, 2], comparisons: 2)
            #expect(found.allSatisfy { $0 == expected } && found.count == 10)
            _ = try whole.merge(order[0])
            #expect(try whole.trials(of: "looks").compactMap(\.looks) == found)
        }
    }

    @Test(
        "which of two merged plans chose its seeds is told by their times, whichever store comes first"
    )
    func leftOutMerged() throws {
        let (all, some) = (
            sweep(["a", "b"], seeds: [0, 1, 2, 3, 4, 5]), sweep(["a", "b"], seeds: [1, 4, 7])
        )
        let stores = try [all, some].enumerated().map { hour, plan in
            let store = try ResultsStore(inMemory: .init())
            try store.register(plan, at: Date(timeIntervalSince1970: 3600 * Double(hour)))
            for stage in plan.stages { try store.finish(stage, ["value": 1]) }
            return store
        }
        for order in [stores, stores.reversed()] {
            let whole = try ResultsStore(inMemory: .init())
            for part in order { _ = try whole.merge(part) }
            let found = try whole.revisions(of: "looks").map { revision in
                try whole.trials(of: revision.name).first { $0.label == "b" }?.looks?.leftOut
            }
            #expect(
                found == (order.first === stores[0] ? [[], [0, 2, 3, 5]] : [[0, 2, 3, 5], []]))
        }
    }

    @Test("a fixed plan that was looked at and is run until settled shares its errors")
    func fixedThenOpen() throws {
        let fixed = sweep(["a", "b"], seeds: [0, 1, 2])
        try store.register(fixed)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2], isOpen: true))
        #expect(try looks()["b"] == RowLooks(isOpen: true, comparisons: 2))
        let other = sweep(["a", "x"], seeds: [0, 1, 2])
        try store.register(other)
        try finish(other)
        try store.register(sweep(["a", "x"], seeds: [0, 1, 2], isOpen: true))
        #expect(
            try looks()["x"] == RowLooks(isOpen: true, firstSeeds: [0, 1, 2], comparisons: 2))
    }
}
