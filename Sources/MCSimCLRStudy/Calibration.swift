import Foundation
import MCSimCLR
import NeuralNetwork
import Orchestration
import Platform
import ResultsStore
import SoundData
import Studies

/// Short measurements that stand in for rates until there are real ones.
package struct Calibration {
    private let dataSet: SoundDataSet
    private let rooms: SweepRooms
    private let isCancelled: @Sendable () -> Bool
    /// Units: seconds for each of the two measurements.
    private let budget = 0.4

    /// The relative deviation of what a calibration says of another moment and another size.
    package static let spread = 0.2
    /// Of a recording: regression on some hundred features.
    package static let secondsOfRaw = 4e-4

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
                seconds = Double(prediction.recordings) / rate
            case .raw:
                seconds = stage.work * Self.secondsOfRaw
            case .mean: seconds = stage.work * 1e-5
            // Probes of files, as regression on raw features.
            case nil: seconds = stage.work * 1e-3
            default:
                let measured = try network ?? secondsPerWork(settings)
                network = measured
                seconds = stage.work * measured
            }
            rates[stage.kind] = MeasuredRate(
                secondsPerWork: seconds / max(stage.work, 1), spread: Self.spread, count: 1)
        }
        return rates
    }

    /// Of a multiply-addition of a training step on resident data, the unit of ``StageCost``.
    private func secondsPerWork(_ settings: TrialSettings) throws -> Double {
        let batchSize = min(32, settings.pretraining.optimisation.batchSize)
        let rate = try TrainingBenchmark(settings.encoder, batchSize: batchSize)
            .train(seconds: budget, isCancelled: isCancelled)
        if isCancelled() { throw CancellationError() }
        // Two views an example, each of three passes.
        let work = 2 * 3 * StageCost(settings, clips: [:]).viewWork
        // Others may want the processor meanwhile, this run's own workers above all: their time is not ours.
        return 1 / rate.examplesPerProcessorSecond / work
    }
}
