/// What each member of a set contributes to a metric: Shapley values and interactions of pairs.
///
/// The members are switches such as augmentations; the outcome of every subset of them is known, by
/// seed. The Shapley value of a member is its marginal effect averaged over all orders of adding
/// the members (Shapley 1953, doi:10.1515/9781400881970-018); the values sum to the effect of all
/// members together. Computed within each seed, then summarised over seeds.
public struct Attribution: Sendable, Hashable, Codable {
    /// The metric with one subset of the members switched on and one seed.
    public struct Outcome: Sendable, Hashable, Codable {
        public var members: Set<String>
        public var seed: Int
        public var value: Double

        public init(members: Set<String>, seed: Int, value: Double) {
            self.members = members
            self.seed = seed
            self.value = value
        }
    }

    /// An effect over seeds.
    public struct Effect: Sendable, Hashable, Codable {
        public var summary: Summary
        /// One a seed, in the order of ``Attribution/seeds``.
        public var values: [Double]
        /// What rounding alone may part of them.
        public var roundOff: Double

        /// - Parameter largest: of the outcomes, in size: what rounding leaves of these is no effect.
        init?(_ values: [Double], largest: Double) {
            let roundOff = Summary.roundOff * largest
            let values = values.map { abs($0) <= roundOff ? 0 : $0 }
            guard let summary = Summary(values, roundOff: roundOff) else { return nil }
            self.summary = summary
            self.values = values
            self.roundOff = roundOff
        }
    }

    public struct Contribution: Sendable, Hashable, Codable {
        public var member: String
        public var effect: Effect
    }

    /// What two members do together beyond the sum of what each does: the Shapley interaction
    /// index (Grabisch and Roubens 1999, doi:10.1007/s001820050125). Positive: they help each other.
    public struct Interaction: Sendable, Hashable, Codable {
        public var first: String
        public var second: String
        public var effect: Effect
    }

    /// In the order of the members given.
    public var contributions: [Contribution]
    /// All pairs, in the order of the members given; empty for a single member, and where not all
    /// subsets are known.
    public var interactions: [Interaction]
    /// The seeds that all of this rests on.
    public var seeds: [Int]
    /// Seeds left out because a subset that they would need is missing.
    public var incompleteSeeds: [Int]

    /// From the outcomes of all 2^n subsets; nil where no seed has them all, for no members, or
    /// for more than 16.
    public init?(members: [String], outcomes: [Outcome]) {
        guard !members.isEmpty, members.count <= 16 else { return nil }
        let lattice = Lattice(members: members, outcomes: outcomes)
        let complete = lattice.seeds.filter { seed in
            lattice.values[seed]?.allSatisfy(\.isFinite) ?? false
        }
        guard !complete.isEmpty else { return nil }
        seeds = complete
        incompleteSeeds = lattice.seeds.filter { !complete.contains($0) }
        let tables = complete.compactMap { lattice.values[$0] }
        let largest = tables.joined().lazy.map(abs).max() ?? 0
        contributions = members.indices.compactMap { member in
            Effect(
                tables.map { Lattice.shapley($0, member: member, count: members.count) },
                largest: largest
            )
            .map { Contribution(member: members[member], effect: $0) }
        }
        interactions = []
        for first in members.indices {
            for second in members.indices where second > first {
                let values = tables.map {
                    Lattice.interaction($0, first, second, count: members.count)
                }
                guard let effect = Effect(values, largest: largest) else { continue }
                interactions.append(
                    Interaction(first: members[first], second: members[second], effect: effect))
            }
        }
    }

    /// From the outcomes along some orders of adding the members: the mean marginal effect over the
    /// orders given, which is the Shapley value when all orders are there.
    ///
    /// Every order names all members once. Nil where no seed has every subset on the way.
    public init?(members: [String], orders: [[String]], outcomes: [Outcome]) {
        guard !members.isEmpty, members.count <= 16, !orders.isEmpty,
            orders.allSatisfy({ $0.sorted() == members.sorted() })
        else { return nil }
        let lattice = Lattice(members: members, outcomes: outcomes)
        let chains = orders.map { order in order.compactMap { members.firstIndex(of: $0) } }
        var sums: [(seed: Int, marginals: [Double])] = []
        incompleteSeeds = []
        for seed in lattice.seeds {
            guard let values = lattice.values[seed] else { continue }
            var marginals = [Double](repeating: 0, count: members.count)
            for chain in chains {
                var subset = 0
                for member in chain {
                    marginals[member] += values[subset | 1 << member] - values[subset]
                    subset |= 1 << member
                }
            }
            if marginals.allSatisfy(\.isFinite) {
                sums.append((seed, marginals.map { $0 / Double(chains.count) }))
            } else {
                incompleteSeeds.append(seed)
            }
        }
        guard !sums.isEmpty else { return nil }
        seeds = sums.map(\.seed)
        let largest =
            seeds.compactMap { lattice.values[$0] }.joined().lazy
            .filter(\.isFinite).map(abs).max() ?? 0
        contributions = members.indices.compactMap { member in
            Effect(sums.map { $0.marginals[member] }, largest: largest)
                .map { Contribution(member: members[member], effect: $0) }
        }
        interactions = []
    }
}
