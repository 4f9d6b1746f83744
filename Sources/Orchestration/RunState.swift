import ResultsStore

/// The scheduler and what belongs to it.
struct RunState {
    var scheduler: Scheduler
    var ledger: TrialLedger
    var owner: OwnerNumber = 0
    var mark: Int64
    /// Graph numbers by row of the store, to read changes of other runs.
    let numbers: [StageRow: Int]
    var stagesRun = 0
    var stagesRebuilt = 0
    var stagesFailed = 0
    /// Stages that failed by faults of the machine.
    var postponed: Set<Int> = []
    /// Why the files of finished stages could not be made again.
    var lostFiles: [Int: String] = [:]

    /// With a rate for every kind of stage, longest means longest in seconds; else all work counts
    /// as if it were of one unit.
    init(_ plan: RunPlan, _ settings: RunSettings, rates: [String: MeasuredRate]) {
        let stages = plan.graph.stages
        let isMeasured = stages.allSatisfy { rates[$0.kind] != nil }
        let work = stages.map {
            $0.work * (isMeasured ? rates[$0.kind]?.secondsPerWork ?? 0 : 1)
        }
        scheduler = Scheduler(
            graph: plan.graph, intents: plan.intents, work: work,
            places: TrialOrder(plan, work: work).places,
            limits: Scheduler.Limits(
                workers: settings.workers, memory: settings.memoryLimit,
                retries: settings.retries, failFast: settings.failFast))
        ledger = plan.ledger
        for stage in scheduler.fencedAtStart { ledger.fail(stage: stage) }
        mark = plan.lookup.mark
        var numbers: [StageRow: Int] = [:]
        numbers.reserveCapacity(plan.lookup.rows.count)
        for (number, row) in plan.lookup.rows.enumerated() where plan.intents[number] != .leave {
            numbers[row] = number
        }
        self.numbers = numbers
    }
}
