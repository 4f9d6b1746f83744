import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import ResultsStore
import SoundData
import Studies
import StudyConformance
import Sweeps
import TestSupport
import Testing

/// What the executor makes of a trial is what the modules make of its settings, data and seed, put
/// together here once more by hand.
@Suite("Work of each stage", .serialized)
struct StageWorkTests {
    private static let sweep = """
        name: tiny
        data: {source: builtin, clips: 20, classes: 3, seed: 2}
        base:
          encoder: {channels: [4, 4, 4], recurrent_units: 4}
          projection: [8, 4]
          feature_pooling: 2
          gcc_weight: 0.4
          pretraining_steps: 12
          finetuning_steps: 3
          finetuning_batch_size: 6
          batch_size: 8
          learning_rate: 0.01
          finetuning_learning_rate: 0.005
          label_fraction: 0.6
          recording_seconds: 2
          spatialisations: 2
          test_spatialisations: 2
          rt60: 0.1
          evaluation_rt60: 0.15
          evaluation_unit: patch
        parameters: {temperature: [0.3]}
        seeds: [11]
        """

    @Test("stages of every kind keep what a study promises")
    func conformance() throws {
        NumericBackend.prepare()
        let folder = try TemporaryFolder()
        try folder.write(Self.sweep, to: "tiny.yaml")
        let session = try SweepSession(
            path: folder.file("tiny.yaml").path,
            overrides: ["evaluation=[raw, random, scratch, probe, finetune]"], catalogue: .builtin)
        let violations = try StudyConformance(session, in: folder.url.appending(path: "trials"))
            .violations()
        #expect(violations == [])
    }

    @Test("every stage is done with the trial's own settings, scenes, seed and encoder")
    func byHand() throws {
        let folder = try TemporaryFolder()
        let found = try TinySweep(Self.sweep, in: folder)
        let plan = try SweepFile.parse(
            Self.sweep, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema
        ).expand()
        let settings = TrialSettings(plan.rows[0].settings)
        let data = try SoundDataSet.load(DataSettings(clips: 20, classes: 3, seed: 2))
        func bank(_ bank: BankSettings, _ name: String) throws -> RecordingBank {
            try RecordingBank.build(data, bank, at: folder.url.appending(path: name))
        }
        let scenes = try bank(settings.bank, "scenes")
        let training = try FeatureMaps(
            bank: scenes, settings: settings.features, training: scenes.indices(for: .pretraining),
            gccWeight: 0.4, byteLimit: .max)
        let maps = EvaluationMaps(
            training: training,
            test: try FeatureMaps(
                bank: bank(settings.testBank, "test"), like: training, byteLimit: .max))
        let grid = EvaluationGrid(patchFrames: 32, unit: .patch)

        func expect(_ kind: StageKind, _ evaluation: EvaluationResult) throws {
            let stage = try #require(found.stage(kind))
            let text = try #require(stage.details["\(kind.rawValue)_predictions"])
            let predictions = try #require(PackedPredictions.predictions(in: text))
            #expect(predictions == evaluation.predictions, "\(kind)")
            for (name, value) in evaluation.metrics(prefix: kind.rawValue) {
                #expect(stage.metrics[name] == value, "\(name)")
            }
            for (name, value) in evaluation.extras {
                #expect(stage.metrics["\(kind.rawValue)_\(name)"] == value, "\(kind) \(name)")
            }
        }
        func supervised(
            _ encoder: CRNN, _ settings: SupervisedSettings, _ heads: TrackHeads? = nil
        ) throws -> EvaluationResult {
            let run = try SupervisedTraining(
                encoder, heads: heads, maps: maps, settings: settings, grid: grid, seed: 11)
            try run.run(TrainingMonitor())
            return try run.evaluate(grid)
        }
        // The seed draws the few clips that have labels, and nothing else.
        try expect(.raw, rawProbe(maps, grid: grid, labels: settings.labels, seed: 11))
        try expect(
            .random,
            linearProbe(
                randomEncoder(settings.encoder, seed: 11, maps: training, patchFrames: 32),
                maps: maps, grid: grid, labels: settings.labels, seed: 11))
        try expect(
            .scratch,
            supervised(
                makeEncoder(settings.encoder, seed: 11), settings.supervised.fromScratch))
        let pretraining = try Pretraining(
            maps: training, array: settings.bank.array, encoder: settings.encoder,
            settings: settings.pretraining, seed: 11)
        try pretraining.run(TrainingMonitor())
        let stage = try #require(found.stage(.pretrain))
        #expect(stage.metrics["pretrain_loss"] == pretraining.curve.points.last?.value)
        let similarities = pretraining.similarities(bins: 40)
        let curves = try found.curves(of: .pretrain)
        let (positive, negative) = (similarities.positiveShares, similarities.negativeShares)
        #expect(curves["positive_similarity"]?.map(\.value) == positive)
        #expect(curves["negative_similarity"]?.map(\.value) == negative)
        try #require(positive != negative)
        #expect(stage.metrics["positive_similarity"] == similarities.meanPositive)
        #expect(stage.metrics["negative_similarity"] == similarities.meanNegative)
        try expect(
            .probe,
            linearProbe(
                pretraining.encoder, maps: maps, grid: grid, labels: settings.labels, seed: 11))
        let heads = try probeHeads(
            pretraining.encoder, maps: maps, grid: grid, labels: settings.labels, seed: 11)
        try expect(.finetune, supervised(pretraining.encoder, settings.supervised, heads))
    }
}
