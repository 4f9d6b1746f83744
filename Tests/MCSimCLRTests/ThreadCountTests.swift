import MCSimCLR
import NeuralNetwork
import Platform
import Testing

@Suite("Threads that share a stage")
struct ThreadCountTests {
    private static let numbers = [2, 3, 8, 16]
    private let grid = EvaluationGrid(patchFrames: 32)

    private let configuration = {
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        encoder.channels = [8, 24, 8]
        encoder.recurrentUnits = 8
        return encoder
    }()

    private func maps(isKept: Bool = true) throws -> EvaluationMaps {
        let maps = try SmallBank.maps(isKept: isKept)
        return EvaluationMaps(
            training: maps,
            test: try FeatureMaps(
                bank: SmallBank.bank, like: maps, byteLimit: isKept ? .max : 0))
    }

    private func pretrain(isKept: Bool, _ team: ThreadTeam) throws -> [[Float]] {
        let run = try Pretraining(
            maps: SmallBank.maps(isKept: isKept), array: SmallBank.array, encoder: configuration,
            settings: PretrainingSettings(
                augmentations: AugmentationSettings(),
                optimisation: OptimisationSettings(steps: 3, batchSize: 12), projection: [16, 8],
                patchFrames: 32), seed: 3, team: team)
        try run.run(TrainingMonitor())
        let similarities = run.similarities(bins: 40)
        return run.state.map(\.tensor.values) + [
            similarities.positive, similarities.negativeCounts.map(Float.init),
            run.curve.points.map { Float($0.value) },
        ]
    }

    @Test("pretraining leaves the same bits for any number", arguments: [true, false])
    func pretraining(isKept: Bool) throws {
        let alone = try pretrain(isKept: isKept, ThreadTeam())
        for number in Self.numbers {
            #expect(
                try pretrain(isKept: isKept, ThreadTeam(threads: number)) == alone,
                "\(number) threads")
        }
    }

    /// The weights, what is predicted with them, and the figures.
    private func finetune(
        _ maps: EvaluationMaps, _ statistics: SupervisedSettings.Statistics, _ team: ThreadTeam
    ) throws -> ([[Float]], [Prediction]) {
        let run = try SupervisedTraining(
            makeEncoder(configuration, seed: 1), maps: maps,
            settings: SupervisedSettings(
                optimisation: OptimisationSettings(steps: 3, batchSize: 12), patchFrames: 32,
                augmentations: Augmentation.allCases, weightDecay: 0.1, statistics: statistics,
                selection: .best),
            seed: 3, team: team)
        try run.run(TrainingMonitor())
        return (run.state.map(\.tensor.values), try run.evaluate(grid).predictions)
    }

    @Test(
        "fine-tuning, which is also training from scratch, leaves the same bits and predictions",
        arguments: SupervisedSettings.Statistics.allCases)
    func supervised(statistics: SupervisedSettings.Statistics) throws {
        let maps = try maps()
        let alone = try finetune(maps, statistics, ThreadTeam())
        for number in Self.numbers {
            let found = try finetune(maps, statistics, ThreadTeam(threads: number))
            #expect(found.0 == alone.0, "\(number) threads")
            #expect(found.1 == alone.1, "\(number) threads")
        }
    }

    @Test("the probe, of random encoders too, has the same heads, predictions and figures")
    func probe() throws {
        func probe(_ maps: EvaluationMaps, _ team: ThreadTeam) throws -> EvaluationResult {
            let encoder = try randomEncoder(
                configuration, seed: 1, maps: maps.training, patchFrames: 32,
                calibrationBatches: 3, team: team)
            return try linearProbe(encoder, maps: maps, grid: grid, team: team)
        }
        for isKept in [true, false] {
            let maps = try maps(isKept: isKept)
            let alone = try probe(maps, ThreadTeam())
            for number in Self.numbers {
                let found = try probe(maps, ThreadTeam(threads: number))
                #expect(found.predictions == alone.predictions, "\(number) threads")
                #expect(found.extras == alone.extras, "\(number) threads")
                #expect(found.heads?.tracks == alone.heads?.tracks, "\(number) threads")
            }
        }
    }
}
