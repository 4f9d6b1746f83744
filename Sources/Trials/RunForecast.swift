import Acoustics
import Foundation
import MCSimCLR
import NeuralNetwork
public import Orchestration
public import ResultsStore
import SoundData
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

    /// - Parameters:
    ///   - store: where the sweep is or will be registered.
    ///   - calibrates: whether to calibrate what was never measured.
    ///   - isCancelled: asked at every step of a calibration.
    ///
    /// Throws: `CancellationError` for a calibration that was cancelled.
    public init(
        _ session: SweepSession, store: ResultsStore, layout: ResultsLayout, workers: Int,
        memoryLimit: Int?, build: String, selection: RunSelection = .needed, calibrates: Bool,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws {
        let stages = session.stages.stages
        let plan = try RunPlan(
            stages: stages, trials: session.stages.trials, store: store,
            selection: selection,
            hasArtifact: TrainingExecutor(layout: layout, dataSet: session.dataSet).hasArtifact)
        self.plan = plan
        var rates = try store.measuredRates(build: build)
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
        isCalibrated = calibrates
        if calibrates, !unmeasured.isEmpty {
            let examples = unmeasured.compactMap { largest[$0] }.map { stages[$0] }
            rates.merge(try Calibration(session, isCancelled).rates(of: examples)) { $1 }
        }
        self.rates = rates
        times = PlanForecast(plan, rates: rates, workers: workers, memoryLimit: memoryLimit)
        diskBytes = Self.bytesOfBanks(toRun, session)
    }

    /// Banks that differ in the sounds alone are equally large.
    private static func bytesOfBanks(_ toRun: [Int], _ session: SweepSession) -> Int {
        let positions = session.plan.changingPositions(of: [
            "array", "microphones", "recording_seconds", "spatialisations",
            "test_spatialisations",
        ])
        var known: [StageKind: [[SettingValue]: Int]] = [:]
        return toRun.reduce(0) { sum, index in
            guard let kind = StageKind(rawValue: session.stages.stages[index].kind),
                kind.makesScenes
            else { return sum }
            let row = session.plan.rows[session.stages.row(ofStage: index)]
            let values = row.values(at: positions)
            if let bytes = known[kind, default: [:]][values] { return sum + bytes }
            let bank = TrialSettings(row.settings).bank(of: kind)
            let bytes = BankPrediction(session.dataSet, bank).bytes
            known[kind, default: [:]][values] = bytes
            return sum + bytes
        }
    }
}

/// Short measurements that stand in for rates until there are real ones.
private struct Calibration {
    private let session: SweepSession
    private let isCancelled: @Sendable () -> Bool
    /// Units: seconds for each of the two measurements.
    private let budget = 0.4

    init(_ session: SweepSession, _ isCancelled: @escaping @Sendable () -> Bool) {
        self.session = session
        self.isCancelled = isCancelled
    }

    func rates(of examples: [Stage]) throws -> [String: MeasuredRate] {
        var rates: [String: MeasuredRate] = [:]
        var network: Double?
        for stage in examples {
            let settings = try StagePayload(decoding: stage.payload, kind: stage.kind)
                .trialSettings
            let seconds: Double
            if isCancelled() { throw CancellationError() }
            switch StageKind(rawValue: stage.kind) {
            case .scenes, .testScenes:
                let bank = settings.bank(of: stage.kind == "scenes" ? .scenes : .testScenes)
                let prediction = BankPrediction(session.dataSet, bank)
                let rate = try BankPrediction.measuredRate(
                    session.dataSet, bank, budget: .milliseconds(Int64(1000 * budget)),
                    isCancelled: isCancelled)
                let threads = ProcessInfo.processInfo.activeProcessorCount
                seconds = Double(prediction.recordings) / rate / Double(threads)
            case .raw:
                // Regression on some hundred features: about a millisecond a recording.
                seconds = stage.work * 1e-3
            default:
                let measured = try network ?? secondsPerWork(settings)
                network = measured
                seconds = stage.work * measured
            }
            rates[stage.kind] = MeasuredRate(
                secondsPerWork: seconds / max(stage.work, 1), spread: 0.3, count: 1)
        }
        return rates
    }

    /// Of a training step on resident data, which is most of what pretraining does.
    private func secondsPerWork(_ settings: TrialSettings) throws -> Double {
        let batchSize = min(16, settings.pretraining.optimisation.batchSize)
        let rate = try TrainingBenchmark(settings.encoder, batchSize: batchSize)
            .train(seconds: budget, isCancelled: isCancelled)
        if isCancelled() { throw CancellationError() }
        var oneStep = settings
        oneStep.pretraining.optimisation.steps = 1
        oneStep.pretraining.optimisation.batchSize = batchSize
        let work = StageCost(oneStep, clips: [:]).work(.pretrain)
        return Double(batchSize) / rate.examplesPerSecond / work
    }
}
