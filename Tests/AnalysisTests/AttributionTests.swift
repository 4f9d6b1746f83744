import Analysis
import Testing

@Suite("Attribution")
struct AttributionTests {
    private typealias Outcome = Attribution.Outcome

    private func outcomes(
        _ members: [String], seeds: [Int], _ value: (Set<String>, Int) -> Double
    ) -> [Outcome] {
        seeds.flatMap { seed in
            (0..<1 << members.count).map { bits in
                let subset = Set(members.indices.filter { bits & 1 << $0 != 0 }.map { members[$0] })
                return Outcome(members: subset, seed: seed, value: value(subset, seed))
            }
        }
    }

    @Test("where effects add up, each member's value is its effect and no pair interacts")
    func additive() throws {
        let effects = ["swap": 1.0, "mixup": 4, "crop": -2]
        let members = ["swap", "mixup", "crop"]
        let attribution = try #require(
            Attribution(
                members: members,
                outcomes: outcomes(members, seeds: [0, 1]) { subset, seed in
                    50 + Double(seed) + subset.reduce(0) { $0 + (effects[$1] ?? 0) }
                }))
        #expect(attribution.contributions.map(\.member) == members)
        for contribution in attribution.contributions {
            let expected = effects[contribution.member] ?? .nan
            #expect(abs(contribution.effect.summary.mean - expected) < 1e-12)
            #expect(contribution.effect.summary.standardDeviation ?? 1 < 1e-12)
        }
        #expect(attribution.interactions.count == 3)
        #expect(attribution.interactions.allSatisfy { abs($0.effect.summary.mean) < 1e-12 })
        #expect(attribution.seeds == [0, 1])
    }

    @Test("the glove game: the one left glove is worth two thirds, each right one a sixth")
    func gloveGame() throws {
        let members = ["left", "right 1", "right 2"]
        let attribution = try #require(
            Attribution(
                members: members,
                outcomes: outcomes(members, seeds: [7]) { subset, _ in
                    subset.contains("left") && subset.count > 1 ? 1 : 0
                }))
        let values = attribution.contributions.map(\.effect.summary.mean)
        for (value, expected) in zip(values, [2.0 / 3, 1.0 / 6, 1.0 / 6]) {
            #expect(agree(value, expected, relative: 1e-12))
        }
        // A left with a right: 1/2 (1 - 0) + 1/2 (0); two rights replace each other: 1/2 (0 - 1).
        let pairs = attribution.interactions.map(\.effect.summary.mean)
        for (value, expected) in zip(pairs, [0.5, 0.5, -0.5]) {
            #expect(agree(value, expected, relative: 1e-12))
        }
    }

    @Test("the values sum to the effect of all members together, in any game")
    func efficiency() throws {
        let members = ["a", "b", "c", "d"]
        var generator = SimulationGenerator(9)
        let all = outcomes(members, seeds: [0, 1, 2]) { _, _ in generator.normal() }
        let attribution = try #require(Attribution(members: members, outcomes: all))
        let sum = attribution.contributions.reduce(0) { $0 + $1.effect.summary.mean }
        let effects = [0, 1, 2].map { seed in
            (all.first { $0.seed == seed && $0.members.count == 4 }?.value ?? .nan)
                - (all.first { $0.seed == seed && $0.members.isEmpty }?.value ?? .nan)
        }
        #expect(abs(sum - effects.reduce(0, +) / 3) < 1e-12)
        #expect(attribution.contributions.allSatisfy { $0.effect.values.count == 3 })
    }

    @Test("all orders give the same values as all subsets")
    func orders() throws {
        let members = ["a", "b", "c"]
        var generator = SimulationGenerator(10)
        let all = outcomes(members, seeds: [0, 1]) { _, _ in generator.normal() }
        let orders = [
            ["a", "b", "c"], ["a", "c", "b"], ["b", "a", "c"], ["b", "c", "a"], ["c", "a", "b"],
            ["c", "b", "a"],
        ]
        let byOrders = try #require(Attribution(members: members, orders: orders, outcomes: all))
        let bySubsets = try #require(Attribution(members: members, outcomes: all))
        for (one, other) in zip(byOrders.contributions, bySubsets.contributions) {
            #expect(abs(one.effect.summary.mean - other.effect.summary.mean) < 1e-12)
        }
    }

    @Test("one order needs only the subsets on its way")
    func cumulative() throws {
        let outcomes = [
            Outcome(members: [], seed: 0, value: 10), Outcome(members: ["a"], seed: 0, value: 13),
            Outcome(members: ["a", "b"], seed: 0, value: 12),
        ]
        let attribution = try #require(
            Attribution(members: ["a", "b"], orders: [["a", "b"]], outcomes: outcomes))
        #expect(attribution.contributions.map(\.effect.summary.mean) == [3, -1])
        #expect(Attribution(members: ["a", "b"], outcomes: outcomes) == nil)
        #expect(Attribution(members: ["a", "b"], orders: [["b", "a"]], outcomes: outcomes) == nil)
    }

    @Test("a seed with a missing subset is left out and named")
    func incomplete() throws {
        let members = ["a", "b"]
        var all = outcomes(members, seeds: [0, 1]) { subset, _ in Double(subset.count) }
        all.removeLast()
        let attribution = try #require(Attribution(members: members, outcomes: all))
        #expect(attribution.seeds == [0])
        #expect(attribution.incompleteSeeds == [1])
        #expect(Attribution(members: [], outcomes: all) == nil)
    }
}
