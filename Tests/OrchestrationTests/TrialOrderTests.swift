import Digests
import Orchestration
import ResultsStore
import Testing

@Suite("The order of trials")
struct TrialOrderTests {
    /// A sweep of the usual shape: scenes that all need, `rows` with a pretraining, a probe and a
    /// fine-tuning for each seed, and two references, of which one trains from nothing.
    private func sweep(rows: Int, seeds: Int) -> SweepRegistration {
        var sweep = SweepRegistration(
            name: "sweep", parameters: ["x"], rows: [], trials: [], stages: [])
        func stage(_ kind: String, _ name: String, _ needs: [Stage], seconds: Double) -> Stage {
            let title = "\(kind) \(name)"
            let stage = Stage(
                id: Digest(of: title), kind: kind, title: title, dependencies: needs.map(\.id),
                work: seconds)
            sweep.stages.append(stage)
            return stage
        }
        let scenes = stage("scenes", "", [], seconds: 6)
        for row in 0..<rows + 2 {
            sweep.rows.append(
                PlannedRow(index: row, label: "\(row)", settings: "{\"x\":\(row)}", varied: "{}"))
            for seed in 0..<seeds {
                let name = "\(row) \(seed)"
                var own = [scenes]
                switch row {
                case rows: own.append(stage("scratch", name, [scenes], seconds: 8))
                case rows + 1: own.append(stage("random", name, [scenes], seconds: 1))
                default:
                    let pretrain = stage("pretrain", name, [scenes], seconds: 12)
                    own.append(pretrain)
                    own.append(stage("probe", name, [pretrain], seconds: 1.5))
                    own.append(stage("finetune", name, [pretrain], seconds: 6))
                }
                sweep.trials.append(
                    PlannedTrial(
                        id: Digest(of: "trial \(name)"), row: row, seed: seed,
                        stages: own.map(\.id)))
            }
        }
        return sweep
    }

    private struct Course {
        /// When each trial was complete, in the order in which they were.
        var trials: [(row: Int, seed: Int, seconds: Double)] = []
        var seconds = 0.0
    }

    /// Plays a run through with stages that take as long as they were predicted to.
    private func course(
        _ sweep: SweepRegistration, workers: Int, isInOrderOfTrials: Bool = true
    ) throws -> Course {
        let store = try ResultsStore()
        try store.register(sweep)
        let plan = try RunPlan(
            stages: sweep.stages, trials: sweep.trials, store: store, hasArtifact: { _ in true })
        let work = plan.graph.stages.map(\.work)
        var scheduler = Scheduler(
            graph: plan.graph, intents: plan.intents, work: work,
            places: isInOrderOfTrials ? TrialOrder(plan, work: work).places : nil,
            limits: .init(workers: workers))
        var course = Course()
        var done: Set<Digest> = []
        var running: [(end: Double, stage: Int, worker: Int)] = []
        var actions = scheduler.handle(.begin)
        while true {
            for case .start(let stage, let worker, _, _, _) in actions {
                running.append((course.seconds + work[stage], stage, worker))
            }
            guard let next = running.indices.min(by: { running[$0].end < running[$1].end }) else {
                return course
            }
            let (end, stage, worker) = running.remove(at: next)
            course.seconds = end
            let digest = plan.graph.stages[stage].id
            done.insert(digest)
            for trial in sweep.trials
            where trial.stages.contains(digest) && done.isSuperset(of: trial.stages) {
                course.trials.append((trial.row, trial.seed, end))
            }
            actions = scheduler.handle(.finished(stage: stage, worker: worker))
        }
    }

    @Test(
        "a quarter of the trials is complete after a third of the time, which is no longer for it")
    func early() throws {
        for (rows, seeds) in [(4, 3), (8, 5), (16, 10), (3, 2)] {
            for workers in [1, 2, 4] where rows * seeds >= 6 * workers {
                let sweep = sweep(rows: rows, seeds: seeds)
                let course = try course(sweep, workers: workers)
                let longestFirst = try self.course(
                    sweep, workers: workers, isInOrderOfTrials: false)
                let early = course.trials.count { $0.seconds <= course.seconds / 3 }
                #expect(
                    4 * early >= sweep.trials.count,
                    "\(rows) rows, \(seeds) seeds, \(workers) workers: \(early)")
                #expect(
                    course.seconds <= 1.03 * longestFirst.seconds,
                    "\(rows) rows, \(seeds) seeds, \(workers) workers")
            }
        }
    }

    @Test("one trial of each kind of row comes first, then one seed after the other")
    func rounds() throws {
        let course = try course(sweep(rows: 3, seeds: 3), workers: 1)
        #expect(Set(course.trials.prefix(3).map(\.row)) == [0, 3, 4])
        #expect(course.trials.prefix(3).allSatisfy { $0.seed == 0 })
        // Up to the end, where the longest chains go before.
        #expect(course.trials.dropFirst(3).prefix(7).map(\.seed) == [0, 0, 1, 1, 1, 1, 1])
    }

    @Test("few trials beside many workers take hardly longer than longest chain first")
    func fewTrials() throws {
        for rows in 1...8 {
            for workers in [2, 4, 16] {
                let sweep = sweep(rows: rows, seeds: 1)
                let time = try course(sweep, workers: workers).seconds
                let longestFirst = try course(sweep, workers: workers, isInOrderOfTrials: false)
                #expect(
                    time <= 1.03 * longestFirst.seconds,
                    "\(rows) rows, \(workers) workers: \(time), \(longestFirst.seconds)")
            }
        }
    }
}
