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
        let data = try SoundDataSet.load(DataSettings(clips: 40, classes: 4))
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

    @Test(
        "a random encoder has the statistics of the patches, and the test's maps those of training")
    func statistics() throws {
        let maps = try maps()
        let encoder = try encoder(maps.training)
        let fresh = try makeEncoder(encoder.configuration, seed: 1)
        for (buffer, initial) in zip(encoder.buffers, fresh.buffers) {
            #expect(buffer.value.values != initial.value.values, "\(buffer.name)")
        }
        #expect(encoder.parameters.map(\.value.values) == fresh.parameters.map(\.value.values))
        let other = try FeatureMaps(bank: bank(seed: 9), like: maps.training, byteLimit: .max)
        #expect(other.normalisation == maps.training.normalisation)
    }

    @Test("a recording's embedding is the mean over its patches, those of its end included")
    func meanOfPatches() throws {
        let maps = try maps().training
        let encoder = try encoder(maps)
        let recordings = SmallBank.bank.indices(for: .validation)
        func embeddings(_ unit: EvaluationUnit) throws -> Matrix {
            try Embedder(maps, grid: EvaluationGrid(patchFrames: 32, unit: unit))
                .embeddings(of: recordings, encoder: encoder)
        }
        let (whole, patches) = (try embeddings(.recording), try embeddings(.patch))
        // 64 frames have three patches of 32, half overlapping.
        #expect(whole.rows == recordings.count && patches.rows == 3 * recordings.count)
        for row in 0..<whole.rows {
            for column in 0..<whole.columns {
                let mean = (0..<3).reduce(0) { $0 + patches[3 * row + $1, column] } / 3
                #expect(abs(whole[row, column] - mean) < 1e-9)
            }
        }
    }

    @Test("raw features are means over all frames of a recording, or of a patch")
    func rawFeatures() throws {
        let maps = try maps()
        let bank = SmallBank.bank
        let extractor = try FeatureExtractor(SmallBank.settings, microphones: 4)
        for unit in EvaluationUnit.allCases {
            let stretches = unit == .recording ? [0..<64] : [0..<32, 16..<48, 32..<64]
            var sums = [Double](repeating: 0, count: 320)
            var count = 0.0
            for recording in bank.indices(for: .training) {
                let map = extractor(
                    bank.read(recording), sampleCount: bank.recordings[recording].sampleCount)
                for stretch in stretches {
                    count += Double(stretch.count)
                    for channel in 0..<10 {
                        for frame in stretch {
                            for bin in 0..<32 {
                                sums[channel * 32 + bin] += Double(
                                    map[(channel * 64 + frame) * 32 + bin])
                            }
                        }
                    }
                }
            }
            let result = try rawProbe(maps, grid: EvaluationGrid(patchFrames: 32, unit: unit))
            let heads = try #require(result.heads?.tracks.first)
            let difference = zip(heads.standardisation.mean, sums).map { abs($0 - $1 / count) }
                .max()
            #expect((difference ?? 1) < 1e-6, "\(unit)")
        }
    }

    @Test("the direction's penalty is the one with the least error on the validation split")
    func directionPenalty() {
        var stream = Stream(8, "directions")
        func examples(_ count: Int) -> LinearHeads.Examples {
            let azimuths = (0..<count).map { _ in stream.uniform(in: -Double.pi...Double.pi) }
            let values = azimuths.flatMap { azimuth in
                (0..<20).map { 0.3 * cos(azimuth - Double($0)) + stream.normal() }
            }
            return .init(
                features: Matrix(rows: count, columns: 20, values: values),
                labels: azimuths.map { $0 > 0 ? 1 : 0 }, azimuths: azimuths)
        }
        let (training, validation) = (examples(50), examples(80))
        let heads = LinearHeads(training: training, validation: validation, classCount: 2)
        let standardisation = Standardisation(training.features)
        #expect(heads.standardisation == standardisation)
        let sums = RidgeRegression.Sums(
            inputs: standardisation(training.features),
            outputs: Matrix(
                rows: 50, columns: 2, values: training.azimuths.flatMap { [cos($0), sin($0)] }))
        let errors = (-9...3).map { exponent in
            let answers = RidgeRegression(sums, penalty: pow(10, Double(exponent)))(
                standardisation(validation.features))
            return validation.azimuths.enumerated().reduce(0) { sum, truth in
                let found = atan2(answers[truth.offset, 1], answers[truth.offset, 0])
                return sum + abs(remainder(found - truth.element, 2 * .pi))
            }
        }
        let least = errors.min() ?? 0
        let best = errors.lastIndex { $0 <= least * (1 + 1e-9) } ?? 0
        #expect(abs(log10(heads.directionPenalty) - Double(best - 9)) < 1e-9, "\(errors)")
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
