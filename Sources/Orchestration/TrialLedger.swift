import Digests
import ResultsStore

/// Knows which trials are finished or lost by the stages that are.
struct TrialLedger: Sendable {
    private(set) var finished = 0
    private(set) var failed = 0
    /// Trials that a fault of the machine keeps from being finished.
    private(set) var postponed = 0
    let total: Int
    /// Stages that each trial still lacks; -1 for a trial that cannot finish.
    private var lacking: [Int32]
    private var starts: [Int32]
    private var trials: [Int32]
    /// A stage that is made again for its file finishes no trial a second time.
    private var isFinished: [Bool]

    /// Throws: ``OrchestrationError/unlisted(digest:namedBy:)``.
    init(_ planned: [PlannedTrial], graph: StageGraph) throws {
        total = planned.count
        lacking = planned.map { Int32($0.stages.count) }
        starts = Array(repeating: 0, count: graph.stages.count + 1)
        var pairs: [(stage: Int, trial: Int)] = []
        pairs.reserveCapacity(planned.count)
        for (trial, plan) in planned.enumerated() {
            for digest in plan.stages {
                guard let stage = graph.number(of: digest) else {
                    throw OrchestrationError.unlisted(
                        digest: digest.description, namedBy: "trial \(plan.id.short)")
                }
                starts[stage + 1] += 1
                pairs.append((stage, trial))
            }
        }
        for stage in graph.stages.indices { starts[stage + 1] += starts[stage] }
        trials = Array(repeating: 0, count: pairs.count)
        var next = starts
        for pair in pairs {
            trials[Int(next[pair.stage])] = Int32(pair.trial)
            next[pair.stage] += 1
        }
        finished = lacking.count { $0 == 0 }
        isFinished = Array(repeating: false, count: graph.stages.count)
    }

    /// The trials that name a stage.
    func trials(of stage: Int) -> ArraySlice<Int32> {
        trials[Int(starts[stage])..<Int(starts[stage + 1])]
    }

    /// Returns the trials that are finished with this stage.
    @discardableResult
    mutating func finish(stage: Int) -> [Int] {
        guard !isFinished[stage] else { return [] }
        isFinished[stage] = true
        var complete: [Int] = []
        for trial in trials(of: stage) where lacking[Int(trial)] > 0 {
            lacking[Int(trial)] -= 1
            if lacking[Int(trial)] == 0 { complete.append(Int(trial)) }
        }
        finished += complete.count
        return complete
    }

    /// The stage failed, or cannot run because another failed.
    mutating func fail(stage: Int) {
        for trial in trials(of: stage) where lacking[Int(trial)] > 0 {
            lacking[Int(trial)] = -1
            failed += 1
        }
    }

    /// The stage will not run this time.
    mutating func postpone(stage: Int) {
        for trial in trials(of: stage) where lacking[Int(trial)] > 0 {
            lacking[Int(trial)] = -1
            postponed += 1
        }
    }
}
