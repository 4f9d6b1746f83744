import Cluster
import Digests
import Orchestration
import ResultsStore
import Testing

@Suite("Chains of stages")
struct ChainPlanTests {
    private static func digest(_ name: String) -> Digest { Digest(of: name) }

    private static func stage(_ name: String, _ needs: [String] = [], leaves: Bool = false) -> Stage
    {
        Stage(
            id: digest(name), kind: String(name.prefix { !$0.isNumber }), title: name,
            dependencies: needs.map(digest), producesArtifact: leaves)
    }

    /// Rooms that all share, two pretrainings with what evaluates them, two baselines.
    private static let stages = [
        stage("scenes", leaves: true), stage("tests", leaves: true),
        stage("pretrain1", ["scenes"], leaves: true),
        stage("probe1", ["scenes", "tests", "pretrain1"]),
        stage("finetune1", ["scenes", "tests", "pretrain1"]),
        stage("pretrain2", ["scenes"], leaves: true),
        stage("probe2", ["scenes", "tests", "pretrain2"]),
        stage("random1", ["scenes", "tests"]), stage("raw", ["scenes", "tests"]),
    ]

    private func titles(
        _ stages: [Stage], left: (String) -> Bool = { _ in true }
    ) throws -> (shared: [[String]], chains: [[String]]) {
        let graph = try StageGraph(stages)
        let plan = ChainPlan(
            graph, left: stages.map { left($0.title) },
            usesSeed: {
                ["pretrain", "probe", "finetune", "random", "train", "score"].contains($0)
            },
            seconds: stages.map { _ in 1 })
        func names(_ chains: [Chain]) -> [[String]] {
            chains.map { $0.stages.map { stages[$0].title } }
        }
        return (names(plan.shared), names(plan.chains))
    }

    @Test("a pretraining is with what evaluates it, rooms come before, baselines by themselves")
    func grouped() throws {
        let (shared, chains) = try titles(Self.stages)
        #expect(shared == [["scenes"], ["tests"]])
        #expect(
            chains == [
                ["pretrain1", "probe1", "finetune1"], ["pretrain2", "probe2"], ["random1"], ["raw"],
            ])
    }

    @Test("only what is left is grouped; rooms that one chain needs are made in it")
    func left() throws {
        let (shared, chains) = try titles(Self.stages) {
            ["scenes", "pretrain2", "probe2"].contains($0)
        }
        #expect(shared.isEmpty)
        #expect(chains == [["scenes", "pretrain2", "probe2"]])
        let (_, single) = try titles(Self.stages) { ["probe1", "finetune1"].contains($0) }
        #expect(single == [["probe1"], ["finetune1"]])
    }

    @Test("data that is prepared from data is shared with it, in one chain")
    func preparedTwice() throws {
        let stages = [
            Self.stage("fetch", leaves: true), Self.stage("clean", ["fetch"], leaves: true),
            Self.stage("train1", ["clean"], leaves: true), Self.stage("score1", ["train1"]),
            Self.stage("train2", ["clean"], leaves: true), Self.stage("score2", ["train2"]),
        ]
        let (shared, chains) = try titles(stages)
        #expect(shared == [["fetch", "clean"]])
        #expect(chains == [["train1", "score1"], ["train2", "score2"]])
    }

    @Test("every stage that is left is in one chain, after what it needs, whatever is left")
    func complete() throws {
        let graph = try StageGraph(Self.stages)
        for mask in 0..<1 << Self.stages.count {
            let left = Self.stages.indices.map { mask >> $0 & 1 == 1 }
            let plan = ChainPlan(
                graph, left: left, usesSeed: { $0 == "pretrain" },
                seconds: Self.stages.map { _ in 1 })
            let shared = Set(plan.shared.flatMap(\.stages))
            let all = plan.shared.flatMap(\.stages) + plan.chains.flatMap(\.stages)
            #expect(all.sorted() == left.indices.filter { left[$0] })
            for chain in plan.shared + plan.chains {
                for (place, stage) in chain.stages.enumerated() {
                    for needed in graph.dependencies(of: stage) where left[needed] {
                        let isBefore = chain.stages[..<place].contains(needed)
                        #expect(isBefore || shared.contains(needed), "\(mask)")
                    }
                }
            }
        }
    }

    @Test("short chains become tasks of the wanted length, of equal size as far as can be")
    func packed() {
        let chains = (0..<9).map { Chain(stages: [$0], seconds: $0 == 0 ? 50 : 10) }
        let tasks = ChainPlan.packed(chains, taskTime: 50)
        #expect(tasks.count == 3)
        #expect(tasks.map(\.seconds).sorted() == [40, 40, 50])
        #expect(tasks.flatMap(\.stages).sorted() == Array(0..<9))
        #expect(ChainPlan.packed(chains, taskTime: 1).count == 9)
        let unknown = [Chain(stages: [0], seconds: 0), Chain(stages: [1], seconds: 0)]
        #expect(ChainPlan.packed(unknown, taskTime: 600) == unknown)
    }
}
