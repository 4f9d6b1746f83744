/// The outcomes of all subsets of some members, by seed; a subset is the bits of its index.
struct Lattice {
    /// Ascending.
    let seeds: [Int]
    /// 2^n values a seed; NaN where the outcome is unknown.
    let values: [Int: [Double]]

    init(members: [String], outcomes: [Attribution.Outcome]) {
        var values: [Int: [Double]] = [:]
        for outcome in outcomes {
            var subset = 0
            for (index, member) in members.enumerated() where outcome.members.contains(member) {
                subset |= 1 << index
            }
            // A subset with a member that is not asked about says nothing about those that are.
            guard subset.nonzeroBitCount == outcome.members.count else { continue }
            let unknown = [Double](repeating: .nan, count: 1 << members.count)
            values[outcome.seed, default: unknown][subset] = outcome.value
        }
        self.values = values
        seeds = values.keys.sorted()
    }

    /// The weight of one subset of `size` in the mean over all orders of `count` members.
    private static func weight(size: Int, count: Int) -> Double {
        // size! (count - size - 1)! / count!, as 1 / (count * binomial(count - 1, size)).
        var binomial = 1.0
        for index in 0..<size {
            binomial = binomial * Double(count - 1 - index) / Double(index + 1)
        }
        return 1 / (Double(count) * binomial)
    }

    static func shapley(_ values: [Double], member: Int, count: Int) -> Double {
        var sum = 0.0
        for subset in values.indices where subset & 1 << member == 0 {
            let marginal = values[subset | 1 << member] - values[subset]
            sum += weight(size: subset.nonzeroBitCount, count: count) * marginal
        }
        return sum
    }

    static func interaction(_ values: [Double], _ first: Int, _ second: Int, count: Int) -> Double {
        let pair = 1 << first | 1 << second
        var sum = 0.0
        for subset in values.indices where subset & pair == 0 {
            let together = values[subset | pair] - values[subset | 1 << first]
            let alone = values[subset | 1 << second] - values[subset]
            sum += weight(size: subset.nonzeroBitCount, count: count - 1) * (together - alone)
        }
        return sum
    }
}
