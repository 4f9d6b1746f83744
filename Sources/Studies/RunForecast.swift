public import Orchestration
public import ResultsStore
import Sweeps

/// How long a run will take and what it will need, before it starts.
///
/// Rates come from what the store has measured; kinds of stages that were never measured can be
/// calibrated, which takes about a second.
public struct RunForecast: Sendable {
    public let plan: RunPlan
    public let times: PlanForecast
    public let rates: [String: MeasuredRate]
    /// Kinds of stages that were never measured, or only at a tenth of the size: calibrated, or left
    /// out of the times.
    public let unmeasured: [String]
    /// Whether those were calibrated.
    public let isCalibrated: Bool
    /// New files of the cache. Units: bytes.
    public let diskBytes: Int
    /// Files that stages map while they run, at most: these give way where room is needed. Units: bytes.
    public let mappedBytes: Int

    /// - Parameters:
    ///   - store: where the sweep is or will be registered.
    ///   - calibrates: whether to calibrate what was never measured.
    ///   - isCancelled: asked at every step of a calibration.
    ///
    /// Throws: `CancellationError` for a calibration that was cancelled.
    public init(
        _ session: SweepSession, store: ResultsStore, layout: ResultsLayout, workers: Int,
        threads: Int? = nil, memoryLimit: Int?, build: String, selection: RunSelection = .needed,
        calibrates: Bool,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws {
        let stages = session.stages.stages
        let plan = try RunPlan(
            stages: stages, trials: session.stages.trials, store: store,
            selection: selection,
            hasArtifact: session.prepared.executor(layout).hasArtifact)
        self.plan = plan
        var rates = try store.measuredRates(
            build: build, builds: session.study.isTimed,
            timedByProcessor: session.study.kindsTimedByProcessor)
        let toRun = stages.indices.filter {
            plan.intents[$0] == .run || plan.intents[$0] == .rebuild
        }
        // Of each kind the stage with the most work.
        var largest: [String: Int] = [:]
        for index in toRun {
            let known = largest[stages[index].kind]
            if known.map({ stages[$0].work < stages[index].work }) ?? true {
                largest[stages[index].kind] = index
            }
        }
        unmeasured =
            largest.filter { kind, index in
                stages[index].work > 10 * (rates[kind]?.largestWork ?? 0)
            }.keys.sorted()
        if calibrates, !unmeasured.isEmpty {
            let examples = unmeasured.compactMap { largest[$0] }.map { stages[$0] }
            rates.merge(
                try session.prepared.calibratedRates(of: examples, isCancelled: isCancelled)
            ) { $1 }
        }
        isCalibrated = calibrates && unmeasured.allSatisfy { rates[$0] != nil }
        self.rates = rates
        times = PlanForecast(
            plan, rates: rates, workers: workers, threads: threads, memoryLimit: memoryLimit)
        let sizes = Self.bytesOfFiles(session)
        diskBytes = toRun.reduce(0) { $0 + sizes[$1] }
        mappedBytes = Self.mapped(toRun, sizes, plan, workers: workers)
    }

    /// The files that so many stages at once read, those with the largest, and no more than there are.
    private static func mapped(
        _ toRun: [Int], _ sizes: [Int], _ plan: RunPlan, workers: Int
    ) -> Int {
        var all: Set<Int> = []
        let own = toRun.map { stage -> Int in
            let needed = plan.graph.dependencies(of: stage).filter { sizes[$0] > 0 }
            all.formUnion(needed)
            return needed.reduce(0) { $0 + sizes[$1] }
        }
        return min(
            all.reduce(0) { $0 + sizes[$1] },
            own.sorted(by: >).prefix(max(1, workers)).reduce(0, +))
    }

    /// Of stages that differ in nothing that their file's size depends on it is worked out once.
    ///
    /// - Returns: by stage.
    private static func bytesOfFiles(_ session: SweepSession) -> [Int] {
        let positions = session.plan.changingPositions(of: session.prepared.settingsOfFileSizes)
        var known: [String: [[SettingValue]: Int]] = [:]
        return session.stages.stages.indices.map { index in
            let stage = session.stages.stages[index]
            guard stage.producesArtifact else { return 0 }
            let row = session.plan.rows[session.stages.row(ofStage: index)]
            let values = row.values(at: positions)
            if let bytes = known[stage.kind, default: [:]][values] { return bytes }
            let bytes = session.prepared.fileBytes(of: stage.kind, settings: row.settings)
            known[stage.kind, default: [:]][values] = bytes
            return bytes
        }
    }
}
