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
        _ rows: [String], seeds: [Int], isOpen: Bool = false, metrics: Int = 2
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
                PlannedRow(index: index, label: row, isBaseline: index == 0, baseline: 0)
            }, trials: trials, stages: stages, testedMetrics: metrics, isOpen: isOpen)
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

    @Test("fewer seeds than were looked at are no fixed plan either")
    func shrunk() throws {
        let first = sweep(["a", "b"], seeds: [0, 1, 2, 3])
        try store.register(first)
        try finish(first)
        try store.register(sweep(["a", "b"], seeds: [0, 1, 2]))
        #expect(try looks()["b"] == RowLooks(isOpen: true, comparisons: 2))
    }

    @Test("rows added later are a family of their own, and those of before keep theirs")
    func added() throws {
        let first = sweep(["a", "b", "c"], seeds: [0, 1, 2])
        try store.register(first)
        try finish(first)
        try store.register(sweep(["a", "b", "c", "d"], seeds: [0, 1, 2]))
        #expect(try looks()["c"] == RowLooks(comparisons: 4))
        #expect(try looks()["d"] == RowLooks(comparisons: 2))
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
