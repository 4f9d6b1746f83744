public import ResultsStore

/// How long a plan will take: its schedule played through with measured rates instead of work.
public struct PlanForecast: Sendable, Hashable {
    /// Units: seconds from start to end with the given workers.
    public var seconds: Double
    /// Units: seconds; one standard deviation of ``seconds``.
    public var deviation: Double
    /// Units: seconds of computing, summed over stages.
    public var workSeconds: Double
    /// Units: bytes that running stages hold at most.
    public var peakMemoryBytes: Int
    /// Kinds of stages that were never measured; they count as taking no time.
    public var unmeasured: [String]

    /// Of what is predicted, relative: what one study's rates said of the next one's work was off by 11 % of it (root mean
    /// square of eight studies), and by 25 % at most.
    static let leastDeviation = 0.15

    /// `rates` come from ``ResultsStore/measuredRates(build:)``, or a calibration.
    public init(
        _ plan: RunPlan, rates: [String: MeasuredRate], workers: Int, threads: Int? = nil,
        memoryLimit: Int? = nil
    ) {
        let stages = plan.graph.stages
        let runs = stages.indices.filter {
            plan.intents[$0] == .run || plan.intents[$0] == .rebuild
        }
        let seconds = stages.map { $0.work * (rates[$0.kind]?.secondsPerWork ?? 0) }
        workSeconds = runs.map { seconds[$0] }.reduce(0, +)
        unmeasured = Set(runs.map { stages[$0].kind }).subtracting(rates.keys).sorted()
        let scheduler = Scheduler(
            graph: plan.graph, intents: plan.intents, work: seconds,
            places: TrialOrder(plan, work: seconds).places,
            limits: Scheduler.Limits(
                workers: workers, threads: threads, memory: memoryLimit, retries: 0))
        (self.seconds, peakMemoryBytes) = Self.play(scheduler, seconds: seconds)
        deviation = Self.deviation(
            runs.map { (stages[$0].kind, seconds[$0]) }, rates: rates,
            parallelism: max(1, workSeconds / max(self.seconds, 1e-9)))
    }

    /// Lets every stage take its time, the faster the more threads it has, and returns when the last one ends.
    private static func play(
        _ start: Scheduler, seconds: [Double]
    ) -> (seconds: Double, peakMemory: Int) {
        var scheduler = start
        var now = 0.0
        var memory = 0
        // What is left of each, in seconds of one thread.
        var running: [(left: Double, stage: Int, worker: Int)] = []
        var actions = scheduler.handle(.begin)
        while true {
            for case .start(let stage, let worker, _, _, _) in actions {
                running.append((seconds[stage], stage, worker))
            }
            memory = max(memory, scheduler.memoryInUse)
            let speeds = running.map { entry -> Double in
                scheduler.graph.stages[entry.stage]
                    .speed(threads: scheduler.threads(of: entry.stage))
            }
            let times = running.indices.map { running[$0].left / speeds[$0] }
            guard
                let next = running.indices.min(by: {
                    (times[$0], running[$0].stage) < (times[$1], running[$1].stage)
                })
            else { return (now, memory) }
            now += times[next]
            for index in running.indices {
                running[index].left = max(0, running[index].left - times[next] * speeds[index])
            }
            let (_, stage, worker) = running.remove(at: next)
            actions = scheduler.handle(.finished(stage: stage, worker: worker))
        }
    }

    /// The error of a rate is common to all stages of its kind, and to all kinds, since it is one machine that is faster or
    /// slower than it was; stages' own deviations average out.
    private static func deviation(
        _ runs: [(kind: String, seconds: Double)], rates: [String: MeasuredRate],
        parallelism: Double
    ) -> Double {
        var common = 0.0
        var own = 0.0
        for (kind, seconds) in runs {
            guard let rate = rates[kind] else { continue }
            // Even many equal measurements say little about another day.
            let systematic = max(Self.leastDeviation, rate.spread / Double(rate.count).squareRoot())
            common += seconds * systematic
            // Of a single measurement it is not known how far stages lie from it, but how far off it may be.
            let scatter = rate.count > 1 ? rate.spread : 0
            own += (seconds * scatter) * (seconds * scatter)
        }
        return (common * common + own).squareRoot() / parallelism
    }
}
