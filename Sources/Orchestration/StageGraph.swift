public import Digests
public import ResultsStore

/// The stages of a plan by number, with their edges in both directions in flat arrays.
public struct StageGraph: Sendable {
    public let stages: [Stage]
    private let edges: Adjacency
    private let reversed: Adjacency
    /// Every stage after its dependencies.
    package let order: [Int]
    let numbers: [Digest: Int]

    /// Throws: ``OrchestrationError`` for a stage listed twice or not at all, and for a circle.
    public init(_ stages: [Stage]) throws {
        self.stages = stages
        var numbers: [Digest: Int] = [:]
        numbers.reserveCapacity(stages.count)
        for (number, stage) in stages.enumerated() {
            if numbers.updateValue(number, forKey: stage.id) != nil {
                throw OrchestrationError.duplicate(title: stage.title)
            }
        }
        var pairs: [(from: Int, to: Int)] = []
        pairs.reserveCapacity(stages.count)
        for (number, stage) in stages.enumerated() {
            for (place, dependency) in stage.dependencies.enumerated()
            where !stage.dependencies[..<place].contains(dependency) {
                guard let target = numbers[dependency] else {
                    throw OrchestrationError.unlisted(
                        digest: dependency.description, namedBy: "stage '\(stage.title)'")
                }
                pairs.append((number, target))
            }
        }
        self.numbers = numbers
        edges = Adjacency(pairs, count: stages.count)
        reversed = Adjacency(pairs.map { ($0.to, $0.from) }, count: stages.count)
        order = try Self.sorted(stages, edges, reversed)
    }

    public func number(of digest: Digest) -> Int? { numbers[digest] }

    /// The stages that must be finished before `stage`.
    package func dependencies(of stage: Int) -> ArraySlice<Int> { edges[stage] }

    /// The stages that wait for `stage`.
    package func dependents(of stage: Int) -> ArraySlice<Int> { reversed[stage] }

    /// The work from the start of each stage to the end of the longest chain that waits for it.
    func chains(_ work: [Double]) -> [Double] {
        var chains = work
        for stage in order.reversed() {
            let longest = dependents(of: stage).lazy.map { chains[$0] }.max() ?? 0
            chains[stage] += longest
        }
        return chains
    }

    /// Kahn 1962, doi:10.1145/368996.369025.
    private static func sorted(
        _ stages: [Stage], _ edges: Adjacency, _ reversed: Adjacency
    ) throws -> [Int] {
        var missing = stages.indices.map { edges[$0].count }
        var order = stages.indices.filter { missing[$0] == 0 }
        order.reserveCapacity(stages.count)
        var next = 0
        while next < order.count {
            for dependent in reversed[order[next]] {
                missing[dependent] -= 1
                if missing[dependent] == 0 { order.append(dependent) }
            }
            next += 1
        }
        guard order.count < stages.count else { return order }
        // Every stage that is left has a dependency that is left: walking back must close a circle.
        var path: [Int] = []
        var stage = stages.indices.first { missing[$0] > 0 } ?? 0
        while !path.contains(stage) {
            path.append(stage)
            stage = edges[stage].first { missing[$0] > 0 } ?? stage
        }
        let circle = path[(path.firstIndex(of: stage) ?? 0)...] + [stage]
        throw OrchestrationError.cycle(titles: circle.map { stages[$0].title })
    }
}

/// The neighbours of each number, in one array.
private struct Adjacency: Sendable {
    private var starts: [Int]
    private var targets: [Int]

    init(_ pairs: [(from: Int, to: Int)], count: Int) {
        starts = Array(repeating: 0, count: count + 1)
        for pair in pairs { starts[pair.from + 1] += 1 }
        for number in 0..<count { starts[number + 1] += starts[number] }
        targets = Array(repeating: 0, count: pairs.count)
        var next = starts
        for pair in pairs {
            targets[next[pair.from]] = pair.to
            next[pair.from] += 1
        }
    }

    subscript(number: Int) -> ArraySlice<Int> { targets[starts[number]..<starts[number + 1]] }
}
