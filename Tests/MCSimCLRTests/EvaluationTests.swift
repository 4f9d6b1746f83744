import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import Randomness
import SoundData
import Testing

@Suite("Evaluation")
struct EvaluationTests {
    private let grid = EvaluationGrid(patchFrames: 32)

    private func bank(seed: UInt64 = 0, splits: [Split] = Split.allCases) throws -> RecordingBank {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = try SoundDataSet.load(DataSettings(recordings: 40, classes: 4))
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.15
        var settings = BankSettings(array: SmallBank.array, scene: scene)
        settings.seed = seed
        settings.splits = splits
        return try RecordingBank.build(data, settings, at: folder.appending(path: "b.bank"))
    }

    private func maps(test: RecordingBank = SmallBank.bank) throws -> EvaluationMaps {
        let maps = try SmallBank.maps(isKept: true)
        return EvaluationMaps(
            training: maps, test: try FeatureMaps(bank: test, like: maps, byteLimit: .max))
    }

    private func encoder(_ maps: FeatureMaps, seed: UInt64 = 1) throws -> CRNN {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [8, 8, 8]
        configuration.recurrentUnits = 8
        return try randomEncoder(
            configuration, seed: seed, maps: maps, patchFrames: 32, calibrationBatches: 3)
    }

    private func state(_ encoder: CRNN) -> [[Float]] { encoder.state.map(\.tensor.values) }

    @Test("training, validation and test have the recordings of their splits and no others")
    func splits() throws {
        let bank = SmallBank.bank
        let splits = try EvaluationSplits(maps())
        for (recordings, split) in [
            (splits.training, Split.training), (splits.validation, .validation),
            (splits.test, .test),
        ] {
            #expect(!recordings.isEmpty)
            #expect(recordings.allSatisfy { bank.recordings[$0].split == split })
        }
    }

    @Test("an evaluation leaves the encoder as it is, BatchNorm's statistics too")
    func frozen() throws {
        let maps = try maps()
        let encoder = try encoder(maps.training)
        let before = state(encoder)
        _ = try linearProbe(encoder, maps: maps, grid: grid)
        #expect(state(encoder) == before)
        let training = try SupervisedTraining(
            encoder, maps: maps,
            settings: SupervisedSettings(
                optimisation: OptimisationSettings(steps: 2, batchSize: 8), patchFrames: 32),
            seed: 1)
        try training.run(TrainingMonitor())
        let trained = state(encoder)
        _ = try training.evaluate(grid)
        #expect(state(encoder) == trained)
    }

    @Test("what is chosen and learnt does not depend on the test split")
    func testSplitUnseen() throws {
        let (one, other) = (try maps(), try maps(test: bank(seed: 9)))
        #expect(
            try rawProbe(one, grid: grid).heads?.tracks == rawProbe(other, grid: grid).heads?.tracks
        )
        let encoder = try encoder(one.training)
        #expect(
            try linearProbe(encoder, maps: one, grid: grid).heads?.tracks
                == linearProbe(encoder, maps: other, grid: grid).heads?.tracks)
    }

    @Test("a random encoder is calibrated on the training splits alone")
    func calibration() throws {
        let whole = try SmallBank.maps(isKept: true)
        let small = try bank(splits: Split.allCases.filter { $0 != .test && $0 != .validation })
        let part = try FeatureMaps(
            bank: small, settings: SmallBank.settings,
            training: small.indices(for: .pretraining), gccWeight: 0.2, byteLimit: .max)
        #expect(try state(encoder(whole)) == state(encoder(part)))
    }

    @Test("penalties are chosen on validation: many noisy features want a strong one")
    func penalties() {
        var stream = Stream(6, "penalties")
        func examples(_ count: Int) -> LinearHeads.Examples {
            let azimuths = (0..<count).map { _ in stream.uniform(in: -Double.pi...Double.pi) }
            var values: [Double] = []
            for azimuth in azimuths {
                values += [cos(azimuth) + stream.normal(), sin(azimuth) + stream.normal()]
                values += (0..<30).map { _ in stream.normal() }
            }
            return .init(
                features: Matrix(rows: count, columns: 32, values: values),
                labels: azimuths.map { $0 > 0 ? 1 : 0 }, azimuths: azimuths)
        }
        let heads = LinearHeads(training: examples(40), validation: examples(400), classCount: 2)
        #expect(heads.directionPenalty >= 0.1 && heads.classPenalty >= 0.1)
    }
}
