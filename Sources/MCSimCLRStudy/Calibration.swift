import Foundation
import MCSimCLR
import NeuralNetwork
import Orchestration
import Platform
import ResultsStore
import SoundData
import Studies

/// Short measurements that stand in for rates until there are real ones.
struct Calibration {
    private let dataSet: SoundDataSet
    private let rooms: SweepRooms
    private let isCancelled: @Sendable () -> Bool
    /// Units: seconds for each of the two measurements.
    private let budget = 0.4

    /// The relative deviation of what a calibration says of another moment and another size.
    static let spread = 0.3

    /// Of a unit of a kind's work, beside one of pretraining: from two runs of quickstart on a quiet machine (pretraining
    /// 16.7 and 18.1 ms for 10^9; fine-tuning 13.2 and 15.3, from scratch 13.2 and 15.5, probe 25.1 and 22.4, random
    /// encoder 36.0 and 35.2).
    static func relativeCost(of kind: StageKind) -> Double {
        switch kind {
        case .pretrain: 1
        case .finetune, .scratch, .finetuneValidation, .scratchValidation: 0.82
        case .probe, .probeValidation: 1.4
        case .random: 2
        case .scenes, .testScenes, .raw, .mean: 1
        }
    }

    init(
        _ dataSet: SoundDataSet, _ rooms: SweepRooms, _ isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.dataSet = dataSet
        self.rooms = rooms
        self.isCancelled = isCancelled
    }

    func rates(of examples: [Stage]) throws -> [String: MeasuredRate] {
        var rates: [String: MeasuredRate] = [:]
        var network: Double?
        for stage in examples {
            let settings = try StagePayload(decoding: stage.payload, kind: stage.kind)
                .trialSettings(rooms)
            let seconds: Double
            if isCancelled() { throw CancellationError() }
            switch StageKind(rawValue: stage.kind) {
            case .scenes, .testScenes:
                let bank = settings.bank(of: stage.kind == "scenes" ? .scenes : .testScenes)
                let prediction = BankPrediction(dataSet, bank)
                let rate = try BankPrediction.measuredRate(
                    dataSet, bank, rooms: rooms.responses(of: bank),
                    budget: .milliseconds(Int64(1000 * budget)),
                    isCancelled: isCancelled)
                let threads = Processors.available
                seconds = Double(prediction.recordings) / rate / Double(threads)
            case .raw:
                // Regression on some hundred features: about a millisecond a recording.
                seconds = stage.work * 1e-3
            case .mean: seconds = stage.work * 1e-5
            // Probes of files, as regression on raw features.
            case nil: seconds = stage.work * 1e-3
            default:
                let measured = try network ?? secondsPerWork(settings)
                network = measured
                let kind = StageKind(rawValue: stage.kind)
                seconds = stage.work * measured * (kind.map(Self.relativeCost(of:)) ?? 1)
            }
            rates[stage.kind] = MeasuredRate(
                secondsPerWork: seconds / max(stage.work, 1), spread: Self.spread, count: 1)
        }
        return rates
    }

    /// Of a training step on resident data, which is most of what pretraining does.
    private func secondsPerWork(_ settings: TrialSettings) throws -> Double {
        let batchSize = min(32, settings.pretraining.optimisation.batchSize)
        let rate = try TrainingBenchmark(settings.encoder, batchSize: batchSize)
            .train(seconds: budget, isCancelled: isCancelled)
        if isCancelled() { throw CancellationError() }
        var oneStep = settings
        oneStep.pretraining.optimisation.steps = 1
        oneStep.pretraining.optimisation.batchSize = batchSize
        let work = StageCost(oneStep, clips: [:]).work(.pretrain)
        // Others may want the processor meanwhile, this run's own workers above all: their time is not ours.
        return Double(batchSize) / rate.examplesPerProcessorSecond / work
    }
}
