import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import TestSupport
import Testing

/// What fine-tuning begins with, what is done to its patches, and which of its states is judged.
@Suite("Fine-tuning")
struct FinetuningTests {
    private static let configuration: CRNNConfiguration = {
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        encoder.channels = [8, 8, 8]
        encoder.recurrentUnits = 8
        return encoder
    }()
    private let grid = EvaluationGrid(patchFrames: 32)

    private func maps(_ bank: RecordingBank = SmallBank.bank) throws -> EvaluationMaps {
        let maps = try FeatureMaps(
            bank: bank, settings: SmallBank.settings, training: bank.indices(for: .pretraining),
            gccWeight: 0.2, byteLimit: .max)
        return EvaluationMaps(
            training: maps, test: try FeatureMaps(bank: bank, like: maps, byteLimit: .max))
    }

    /// An encoder whose statistics are those of the recordings.
    private func encoder(_ maps: EvaluationMaps) throws -> CRNN {
        try randomEncoder(
            Self.configuration, seed: 1, maps: maps.training, patchFrames: 32,
            calibrationBatches: 3)
    }

    private func settings(
        rate: Double = 1e-3, steps: Int = 4, _ change: (inout SupervisedSettings) -> Void = { _ in }
    ) -> SupervisedSettings {
        var settings = SupervisedSettings(
            optimisation: OptimisationSettings(
                steps: steps, batchSize: 12, learningRate: rate, warmUpFraction: 0.25),
            patchFrames: 32, heads: .probe, statistics: .kept, selection: .best, checks: 2)
        change(&settings)
        return settings
    }

    /// Begins with the probe's heads, as the stage does.
    private func finetuning(
        _ encoder: CRNN, _ maps: EvaluationMaps, _ settings: SupervisedSettings
    ) throws -> SupervisedTraining {
        let heads = try probeHeads(
            encoder, maps: maps, grid: grid, labels: settings.labels, seed: 3)
        return try SupervisedTraining(
            encoder, heads: heads, maps: maps, settings: settings, grid: grid, seed: 3)
    }

    /// The heads are linear: the probe's mean over patches is theirs, to what 32-bit floats leave.
    private func expectSame(_ one: [Prediction], _ other: [Prediction]) {
        #expect(one.map(\.recording) == other.map(\.recording))
        #expect(one.map(\.predictedLabel) == other.map(\.predictedLabel))
        for (one, other) in zip(one, other) {
            #expect(
                Angle.absoluteDifference(one.predictedAzimuth, other.predictedAzimuth) < 1e-3)
        }
    }

    @Test("it begins as the probe, of few labels too")
    func beginning() throws {
        let maps = try maps()
        for labels in [LabelledClips.all, LabelledClips(perClass: 2)] {
            let encoder = try encoder(maps)
            let probe = try linearProbe(encoder, maps: maps, grid: grid, labels: labels, seed: 3)
            let run = try finetuning(encoder, maps, settings { $0.labels = labels })
            expectSame(try run.evaluate(grid).predictions, probe.predictions)
        }
    }

    @Test("of overlapping sources each track begins as the probe's")
    func tracks() throws {
        let folder = try TemporaryFolder()
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.1
        scene.sourceCount = 2
        let bank = try RecordingBank.build(
            SoundDataSet.load(DataSettings(clips: 20, classes: 4)),
            BankSettings(array: SmallBank.array, scene: scene),
            at: folder.file("b.bank"))
        let maps = try maps(bank)
        let encoder = try encoder(maps)
        // One patch a recording: those of several are put into one order before they are averaged.
        let grid = EvaluationGrid(patchFrames: 32, unit: .patch)
        let probe = try linearProbe(encoder, maps: maps, grid: grid, seed: 3)
        let run = try SupervisedTraining(
            encoder, heads: probeHeads(encoder, maps: maps, grid: grid, seed: 3), maps: maps,
            settings: settings(), grid: grid, seed: 3)
        expectSame(try run.evaluate(grid).predictions, probe.predictions)
    }

    @Test("steps that do harm are not taken over: the best state on the validation split is judged")
    func best() throws {
        let maps = try maps()
        let encoder = try encoder(maps)
        let before = encoder.state.map(\.tensor.values)
        let probe = try linearProbe(encoder, maps: maps, grid: grid, seed: 3)
        let run = try finetuning(encoder, maps, settings(rate: 3, steps: 9))
        try run.run(TrainingMonitor())
        #expect(run.checks.map(\.step) == [0, 4, 9])
        #expect(run.chosenStep == 0)
        #expect(encoder.state.map(\.tensor.values) == before)
        let result = try run.evaluate(grid)
        expectSame(result.predictions, probe.predictions)
        #expect(result.extras["chosen_step"] == 0)
        // The last state is another one, and worse.
        let last = try finetuning(
            self.encoder(maps), maps, settings(rate: 3, steps: 9) { $0.selection = .last })
        try last.run(TrainingMonitor())
        #expect(last.checks.isEmpty && last.chosenStep == 9)
        let worse = try last.evaluate(grid)
        #expect(worse.predictions != result.predictions && worse.extras.isEmpty)
    }

    @Test("what a look finds is what an evaluation on the validation split finds")
    func looks() throws {
        let maps = try EvaluationMaps(training: SmallBank.maps(isKept: true))
        let run = try SupervisedTraining(
            makeEncoder(Self.configuration, seed: 1), maps: maps,
            settings: settings {
                $0.statistics = .batch
                $0.heads = .random
            }, grid: grid, seed: 3)
        let first = try run.evaluate(grid)
        try run.run(TrainingMonitor())
        let checks = run.checks
        #expect(checks.map(\.step) == [0, 2, 4])
        #expect(abs(checks[0].accuracy - first.accuracy) < 1e-4)
        #expect(abs(checks[0].error - first.meanError) < 1e-4)
        let chosen = try #require(checks.first { $0.step == run.chosenStep })
        let judged = try run.evaluate(grid)
        #expect(abs(chosen.accuracy - judged.accuracy) < 1e-4)
        #expect(abs(chosen.error - judged.meanError) < 1e-4)
    }

    @Test("the encoder learns at its own rate: at none it stays, its statistics too")
    func encoderRate() throws {
        let maps = try maps()
        func change(_ rate: Double) throws -> [Float] {
            let encoder = try encoder(maps)
            let before = encoder.state.flatMap(\.tensor.values)
            let run = try finetuning(
                encoder, maps,
                settings(steps: 1) {
                    $0.encoderRate = rate
                    $0.selection = .last
                })
            let heads = run.heads.map(\.value.values)
            try run.run(TrainingMonitor())
            #expect(run.heads.map(\.value.values) != heads)
            return zip(encoder.state.flatMap(\.tensor.values), before).map { abs($0 - $1) }
        }
        #expect(try change(0).allSatisfy { $0 == 0 })
        // The first step of Adam is the rate itself.
        let most = try change(0.1).max() ?? 0
        #expect(abs(most / 1e-4 - 1) < 0.02)
    }

    @Test("a patch whose microphones are reordered has the azimuth that the array then hears")
    func turned() throws {
        let maps = try maps()
        let bank = SmallBank.bank
        let run = try SupervisedTraining(
            makeEncoder(Self.configuration, seed: 1), maps: maps,
            settings: settings { $0.augmentations.enabled = [.channelSwap] }, grid: grid, seed: 3)
        let plans = (0..<4).flatMap { run.sampler.patches(step: $0) }
        let orders = plans.compactMap { $0.drawn.channelSwap?.microphones }
        #expect(orders.count == plans.count && Set(orders).count == 8)
        let features = FeatureSettings()
        let response = try SteeredResponse(features, positions: SmallBank.array.positions)
        var errors: [Double] = []
        for plan in plans {
            let order = try #require(plan.drawn.channelSwap?.microphones)
            let count = bank.recordings[plan.recording].sampleCount
            var samples = [Float](repeating: 0, count: 4 * count)
            samples.withUnsafeMutableBufferPointer {
                bank.read(plan.recording, samples: 0..<count, order: order, into: $0)
            }
            let heard = try response.azimuth(
                FeatureExtractor(features, microphones: 4)(samples, sampleCount: count),
                frames: features.frames(samples: count))
            let truth = run.sources(of: plan)
            #expect(truth.map(\.label) == [bank.recordings[plan.recording].label])
            errors.append(Angle.absoluteDifference(truth[0].azimuth, heard) * 180 / .pi)
        }
        #expect(errors.sorted()[errors.count / 2] < 4, "\(errors)")
    }

    @Test(
        "a line's sources stay on one side of it, whichever way it is turned",
        arguments: [0, 30, -75, 90] as [Double])
    func line(ahead: Double) throws {
        let folder = try TemporaryFolder()
        let ahead = ahead * .pi / 180
        let array = MicrophoneArray(
            positions: MicrophoneArray.linear(count: 4, spacing: 0.03).positions.map {
                SIMD3(-$0.y * sin(ahead), $0.y * cos(ahead), 0)
            })
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.1
        scene.azimuth = try #require(array.side)
        #expect(abs(scene.azimuth.lowerBound - (ahead - .pi / 2)) < 1e-9)
        let bank = try RecordingBank.build(
            SoundDataSet.load(DataSettings(clips: 20, classes: 4)),
            BankSettings(array: array, scene: scene), at: folder.file("b.bank"))
        let run = try SupervisedTraining(
            makeEncoder(Self.configuration, seed: 1), maps: maps(bank),
            settings: settings { $0.augmentations.enabled = [.channelSwap] }, grid: grid, seed: 3)
        let plans = (0..<4).flatMap { run.sampler.patches(step: $0) }
        var mirrored = 0
        for plan in plans {
            let own = bank.recordings[plan.recording].azimuth
            let turned = run.sources(of: plan)[0].azimuth
            let isReversed = plan.drawn.channelSwap?.microphones == [3, 2, 1, 0]
            mirrored += isReversed ? 1 : 0
            let wanted = isReversed ? 2 * ahead - own : own
            #expect(Angle.absoluteDifference(turned, wanted) < 1e-9)
        }
        #expect(mirrored > 0 && mirrored < plans.count)
    }

    @Test("patches are brought to the level of evaluations; augmentations have their own streams")
    func patches() throws {
        let maps = try maps()
        func plans(_ augmentations: [Augmentation]) throws -> [ViewPlan] {
            try SupervisedTraining(
                makeEncoder(Self.configuration, seed: 1), maps: maps,
                settings: settings { $0.augmentations.enabled = augmentations }, grid: grid,
                seed: 3
            ).sampler.patches(step: 1)
        }
        let plain = try plans([])
        #expect(plain.contains { abs($0.gain) > 0.5 })
        let augmented = try plans(Augmentation.allCases)
        #expect(augmented.map(\.recording) == plain.map(\.recording))
        #expect(augmented.map(\.firstFrame) == plain.map(\.firstFrame))
        #expect(augmented.map(\.gain) == plain.map(\.gain))
        #expect(augmented.allSatisfy { $0.drawn.randomResizedCrop != nil && $0.drawn.mixup != nil })
        let swapped = try plans([.channelSwap])
        #expect(augmented.map(\.drawn.channelSwap) == swapped.map(\.drawn.channelSwap))
    }
}
