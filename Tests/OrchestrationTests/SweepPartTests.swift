import Digests
import Orchestration
import ResultsStore
import Testing

@Suite("Parts of a sweep")
struct SweepPartTests {
    /// Rows of two label fractions for each of three augmentations, that share a pretraining.
    private func sweep(seeds: [Int]) -> SweepRegistration {
        var stages = [
            Stage(id: Digest(of: "scenes"), kind: "scenes", title: "", producesArtifact: true)
        ]
        var trials: [PlannedTrial] = []
        for row in 0..<6 {
            for seed in seeds {
                let pretrain = Digest(of: "pretrain \(row / 2) \(seed)")
                let probe = Digest(of: "probe \(row) \(seed)")
                if row % 2 == 0 {
                    stages.append(
                        Stage(id: pretrain, kind: "pretrain", title: "", producesArtifact: true))
                }
                stages.append(Stage(id: probe, kind: "probe", title: "", dependencies: [pretrain]))
                trials.append(
                    PlannedTrial(
                        id: Digest(of: "trial \(row) \(seed)"), row: row, seed: seed,
                        stages: [stages[0].id, pretrain, probe]))
            }
        }
        return SweepRegistration(
            name: "parts", sourceText: "", facts: [:], parameters: [], rows: [], trials: trials,
            stages: stages)
    }

    @Test("every trial is in one part", arguments: [1, 2, 3, 4, 5, 7, 18, 50])
    func partition(count: Int) throws {
        let sweep = sweep(seeds: [4, 0, 7])
        var found: [Digest] = []
        for number in 1...count {
            let part = try #require(SweepPart(number, of: count))
            found += part.trials(of: sweep).map(\.id)
        }
        #expect(found.count == sweep.trials.count)
        #expect(Set(found) == Set(sweep.trials.map(\.id)))
    }

    @Test("a part for each seed has that seed alone; the order is the plan's")
    func seeds() throws {
        let sweep = sweep(seeds: [4, 0, 7])
        for (number, seed) in [4, 0, 7].enumerated() {
            let trials = try #require(SweepPart(number + 1, of: 3)).trials(of: sweep)
            #expect(trials.map(\.seed) == Array(repeating: seed, count: 6))
            #expect(trials.map(\.row) == Array(0..<6))
        }
    }

    @Test("trials that share a pretraining stay together", arguments: [2, 4, 5, 9, 20])
    func together(count: Int) throws {
        let sweep = sweep(seeds: [0, 1, 2])
        var homes: [Digest: Set<Int>] = [:]
        for number in 1...count {
            for trial in try #require(SweepPart(number, of: count)).trials(of: sweep) {
                homes[trial.stages[1], default: []].insert(number)
            }
        }
        #expect(homes.count == 9)
        #expect(homes.values.allSatisfy { $0.count == 1 })
    }

    @Test("there is no part 0, and none beyond the count")
    func bounds() {
        #expect(SweepPart(0, of: 3) == nil)
        #expect(SweepPart(4, of: 3) == nil)
        #expect(SweepPart(1, of: 0) == nil)
    }
}
