public import Orchestration
import ResultsStore

/// Stages that one task computes one after another, since some need the files of the others.
public struct Chain: Sendable, Hashable {
    /// Numbers in the graph, each after what it needs.
    public var stages: [Int]
    /// Units: seconds, as far as rates are known.
    public var seconds: Double

    public init(stages: [Int], seconds: Double) {
        self.stages = stages
        self.seconds = seconds
    }
}

/// The stages of a plan that are left, grouped for tasks.
public struct ChainPlan: Sendable, Hashable {
    /// What several chains need: the first job's.
    public private(set) var shared: [Chain] = []
    /// The others, each by itself.
    public private(set) var chains: [Chain] = []

    /// A stage joins the one that leaves the file that it needs: a pretraining and what evaluates it. A file
    /// that does not depend on a seed (a room's recordings) and that several chains need is computed before
    /// them.
    ///
    /// - Parameters:
    ///   - left: which stages are to be computed.
    ///   - usesSeed: by kind, whether the result depends on the trial's seed.
    ///   - seconds: of each stage.
    public init(
        _ graph: StageGraph, left: [Bool], usesSeed: (String) -> Bool, seconds: [Double]
    ) {
        let stages = graph.stages
        var groups = Groups(count: stages.count)
        var candidates: [Int] = []
        for number in graph.order where left[number] {
            let stage = stages[number]
            if stage.producesArtifact, !usesSeed(stage.kind) { candidates.append(number) }
            for needed in graph.dependencies(of: number) where left[needed] {
                let file = stages[needed]
                guard !file.producesArtifact || usesSeed(file.kind) else { continue }
                groups.join(number, needed)
            }
        }
        var isShared = Array(repeating: false, count: stages.count)
        // From those that need others to those that are needed.
        for number in candidates.reversed() {
            let waiting = graph.dependents(of: number).filter { left[$0] }
            let found = Set(waiting.map { groups.root(of: $0) })
            let needsShared = waiting.contains { isShared[$0] }
            if found.count > 1 || needsShared {
                isShared[number] = true
                for other in waiting where isShared[other] { groups.join(number, other) }
            } else if let only = waiting.first {
                groups.join(number, only)
            }
        }
        // One that a shared stage needs is shared, whoever else needs it.
        for number in candidates.reversed() where !isShared[number] {
            let root = groups.root(of: number)
            if candidates.contains(where: { isShared[$0] && groups.root(of: $0) == root }) {
                isShared[number] = true
            }
        }
        var places: [Int: Int] = [:]
        var all: [(chain: Chain, isShared: Bool)] = []
        for number in graph.order where left[number] {
            let root = groups.root(of: number)
            let place = places[root] ?? all.count
            if places[root] == nil {
                places[root] = place
                all.append((Chain(stages: [], seconds: 0), false))
            }
            all[place].chain.stages.append(number)
            all[place].chain.seconds += seconds[number]
            all[place].isShared = all[place].isShared || isShared[number]
        }
        // In the order of the plan: chains of a row lie together.
        all.sort { ($0.chain.stages.min() ?? 0) < ($1.chain.stages.min() ?? 0) }
        shared = all.filter(\.isShared).map(\.chain)
        chains = all.filter { !$0.isShared }.map(\.chain)
    }

    /// Chains put together until a task takes `taskTime`, the longest first, each where least is.
    ///
    /// - Parameter taskTime: Units: seconds; chains of unknown length stay by themselves.
    public static func packed(_ chains: [Chain], taskTime: Double) -> [Chain] {
        let known = chains.filter { $0.seconds > 0 }
        let unknown = chains.filter { $0.seconds <= 0 }
        let total = known.reduce(0) { $0 + $1.seconds }
        let count = min(known.count, max(1, Int((total / max(taskTime, 1e-9)).rounded(.up))))
        guard !known.isEmpty, count < known.count else { return known + unknown }
        var tasks = Array(repeating: Chain(stages: [], seconds: 0), count: count)
        let order = known.indices.sorted {
            (-known[$0].seconds, $0) < (-known[$1].seconds, $1)
        }
        for index in order {
            let least =
                tasks.indices.min { (tasks[$0].seconds, $0) < (tasks[$1].seconds, $1) } ?? 0
            tasks[least].stages += known[index].stages
            tasks[least].seconds += known[index].seconds
        }
        return tasks + unknown
    }
}

/// Which stages belong together.
private struct Groups {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(of number: Int) -> Int {
        var number = number
        while parents[number] != number {
            parents[number] = parents[parents[number]]
            number = parents[number]
        }
        return number
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (first, second) = (root(of: first), root(of: second))
        parents[max(first, second)] = min(first, second)
    }
}
