public import ResultsStore

/// The trials that fit into a given time: whole configurations with all their seeds first, in the
/// order of the plan, then single trials.
public struct BudgetChoice: Sendable {
    /// Trials to run, in the order of the plan; those finished before are among them.
    public var trials: [PlannedTrial]
    /// Trials left out.
    public var left: [PlannedTrial]
    /// Rows of which some or all trials were left out.
    public var incompleteRows: [Int]
    /// Units: seconds, predicted.
    public var seconds: Double

    /// A kind of stage that has no rate counts as taking no time.
    ///
    /// - Parameters:
    ///   - threads: that may be busy at once; as many as workers if left out.
    ///   - budget: Units: seconds.
    public init(
        _ plan: RunPlan, rates: [String: MeasuredRate], workers: Int, threads: Int? = nil,
        budget: Double
    ) {
        let stages = plan.graph.stages
        let seconds = stages.map { $0.work * (rates[$0.kind]?.secondsPerWork ?? 0) }
        var needs = Needs(plan, seconds: seconds, workers: workers, threads: threads)
        var isChosen = Array(repeating: false, count: plan.trials.count)
        let byRow = Dictionary(grouping: plan.trials.indices) { plan.trials[$0].row }
        for (_, trials) in byRow.sorted(by: { $0.value[0] < $1.value[0] }) {
            if needs.add(trials, within: budget) { for trial in trials { isChosen[trial] = true } }
        }
        for trial in plan.trials.indices where !isChosen[trial] {
            isChosen[trial] = needs.add([trial], within: budget)
        }
        trials = plan.trials.indices.filter { isChosen[$0] }.map { plan.trials[$0] }
        left = plan.trials.indices.filter { !isChosen[$0] }.map { plan.trials[$0] }
        incompleteRows = Set(left.map(\.row)).sorted()
        self.seconds = needs.wallSeconds
    }
}

/// What the chosen trials cost so far. A schedule takes at least its work over the workers and at
/// least its longest chain; longest-first schedules stay close to the larger of the two. Stages that share their
/// work are faster where there are more threads than workers, and where a chain is alone at the end.
private struct Needs {
    let plan: RunPlan
    /// Of each stage, with its worker's share of the threads, and with all of them.
    let shared: [Double]
    let alone: [Double]
    let workers: Int
    private var isChosen: [Bool]
    private var work = 0.0
    private var chain = 0.0

    init(_ plan: RunPlan, seconds: [Double], workers: Int, threads: Int?) {
        self.plan = plan
        let workers = max(1, workers)
        self.workers = workers
        let threads = Double(max(workers, threads ?? 1))
        func faster(_ threads: Double) -> [Double] {
            zip(plan.graph.stages, seconds).map { stage, seconds in
                seconds / stage.speed(threads: threads)
            }
        }
        (shared, alone) = (faster(threads / Double(workers)), faster(threads))
        isChosen = Array(repeating: false, count: seconds.count)
    }

    /// Graham 1969 (doi:10.1137/0117039): work / m + (1 - 1/m) of the longest chain is the most
    /// that a schedule without idling takes.
    var wallSeconds: Double {
        let share = 1 / Double(workers)
        return work * share + (1 - share) * chain
    }

    /// Takes the trials in if they still fit; nothing changes where they do not.
    mutating func add(_ trials: [Int], within budget: Double) -> Bool {
        let before = (work, chain)
        var taken: [Int] = []
        for trial in trials {
            for digest in plan.trials[trial].stages {
                if let stage = plan.graph.number(of: digest) {
                    chain = max(chain, take(stage, &taken))
                }
            }
        }
        if wallSeconds <= budget { return true }
        (work, chain) = before
        for stage in taken { isChosen[stage] = false }
        return false
    }

    /// Adds a stage with what it needs, and returns the length of the chain that ends with it.
    private mutating func take(_ stage: Int, _ taken: inout [Int]) -> Double {
        guard plan.intents[stage] == .run || plan.intents[stage] == .rebuild else { return 0 }
        var longest = 0.0
        for dependency in plan.graph.dependencies(of: stage) {
            longest = max(longest, take(dependency, &taken))
        }
        if !isChosen[stage] {
            isChosen[stage] = true
            taken.append(stage)
            work += shared[stage]
        }
        return longest + alone[stage]
    }
}
