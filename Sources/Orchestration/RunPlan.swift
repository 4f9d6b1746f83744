public import ResultsStore

/// What a run will do: which stages run, which are found finished, which artifacts are made again.
public struct RunPlan: Sendable {
    public let graph: StageGraph
    public let trials: [PlannedTrial]
    /// By stage, in the order of ``StageGraph/stages``.
    public let intents: [Scheduler.Intent]
    /// Needed stages that have a result already.
    public let reused: Int
    let lookup: StageLookup
    let ledger: TrialLedger

    /// Stages to compute for their results.
    public var stagesToRun: Int { intents.count { $0 == .run } }
    /// Stages to compute again for their artifacts alone.
    public var stagesToRebuild: Int { intents.count { $0 == .rebuild } }
    public var trialsFinished: Int { ledger.finished }
    public var trialsFailed: Int { ledger.failed }
    /// True when there is nothing to compute.
    public var isComplete: Bool { !intents.contains { $0 == .run || $0 == .rebuild } }

    /// Looks the stages up and decides about each. Reads alone: a plan for a run comes from the
    /// same code as one to be shown.
    ///
    /// Throws: ``OrchestrationError`` for a faulty plan, `StoreError` for a faulty database.
    public init(
        stages: [Stage], trials: [PlannedTrial], store: ResultsStore,
        selection: RunSelection = .needed, hasArtifact: (Stage) -> Bool
    ) throws {
        let graph = try StageGraph(stages)
        var ledger = try TrialLedger(trials, graph: graph)
        var lookup = try store.lookUp(stages)
        selection.forget(&lookup.statuses, trials: trials, graph: graph)
        var intents: [Scheduler.Intent] = lookup.statuses.map { $0 == .failed ? .failed : .leave }
        let fenced = Self.fenced(graph, lookup.statuses)

        // From the stages that the trials name, through what they need.
        var front: [Int] = []
        var reused = 0
        for stage in stages.indices where !ledger.trials(of: stage).isEmpty {
            switch lookup.statuses[stage] {
            case .finished:
                reused += 1
                ledger.finish(stage: stage)
            case .pending where !fenced[stage]:
                intents[stage] = .run
                front.append(stage)
            case .pending, .failed:
                ledger.fail(stage: stage)
            }
        }
        while let stage = front.popLast() {
            for dependency in graph.dependencies(of: stage) where intents[dependency] == .leave {
                if lookup.statuses[dependency] == .pending {
                    intents[dependency] = .run
                    front.append(dependency)
                } else if stages[dependency].producesArtifact, !hasArtifact(stages[dependency]) {
                    intents[dependency] = .rebuild
                    front.append(dependency)
                }
            }
        }
        self.graph = graph
        self.trials = trials
        self.intents = intents
        self.reused = reused
        self.lookup = lookup
        self.ledger = ledger
    }

    /// The stages that cannot run because of a failed one.
    private static func fenced(_ graph: StageGraph, _ statuses: [StageStatus]) -> [Bool] {
        var fenced = Array(repeating: false, count: statuses.count)
        for stage in graph.order where statuses[stage] == .pending {
            fenced[stage] = graph.dependencies(of: stage).contains {
                fenced[$0] || statuses[$0] == .failed
            }
        }
        return fenced
    }
}

extension RunSelection {
    /// Treats what is to be computed again as not yet computed.
    func forget(_ statuses: inout [StageStatus], trials: [PlannedTrial], graph: StageGraph) {
        for stage in stages(statuses, trials: trials, graph: graph) { statuses[stage] = .pending }
    }

    /// The stages whose results the selection gives up.
    func stages(_ statuses: [StageStatus], trials: [PlannedTrial], graph: StageGraph) -> [Int] {
        switch self {
        case .needed: []
        case .failed: statuses.indices.filter { statuses[$0] == .failed }
        case .fresh: statuses.indices.filter { statuses[$0] != .pending }
        case .these(let digests):
            Set(
                digests.compactMap(graph.number(of:))
                    + trials.filter { digests.contains($0.id) }.flatMap(\.stages)
                    .compactMap(graph.number(of:))
            ).filter { statuses[$0] != .pending }.sorted()
        }
    }
}
