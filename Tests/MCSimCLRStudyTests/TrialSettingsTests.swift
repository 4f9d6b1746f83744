import Acoustics
import AudioFeatures
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import SoundData
import Studies
import Sweeps
import Testing

@Suite("A trial's settings in the types that use them")
struct TrialSettingsTests {
    private func read(_ base: String) throws -> TrialSettings {
        let plan = try SweepFile.parse(
            "name: x\nbase: {\(base)}\n", fileName: "x.yaml", overrides: [],
            schema: TrialSchema.schema
        ).expand()
        return TrialSettings(plan.rows[0].settings)
    }

    @Test("every setting of a pretraining and a fine-tuning has its place, no two of one value")
    func training() throws {
        let settings = try read(
            """
            augmentations: [mixup, channel_drop, random_resized_crop, channel_swap,
              time_frequency_mask, frequency_shift],
            frequency_shift_bands: 7, time_frequency_mask_count: 9,
            time_frequency_mask_time: 0.61, time_frequency_mask_frequency: 0.51,
            channel_drop_probability: 0.21, channel_swap_mode: permutations,
            channel_swap_views: one, mixup_level: [-3, 17], crop_time: [0.31, 0.71],
            crop_frequency: [0.41, 0.81], crop_lags: true, pretraining_steps: 701,
            batch_size: 26, temperature: 0.27, learning_rate: 0.0013, warm_up_fraction: 0.11,
            spatial_negatives: 3, projection: [96, 48], label_fraction: 0.37,
            labels_per_class: 29,
            finetuning_steps: 301, finetuning_batch_size: 14, finetuning_learning_rate: 0.0017,
            finetuning_encoder_rate: 0.47, finetuning_heads: random,
            finetuning_statistics: batch, finetuning_augmentations: [mixup, channel_drop],
            finetuning_weight_decay: 0.043, finetuning_selection: last,
            azimuth_weight: 2.5, patch_frames: 48, feature_pooling: 2, mel_bands: 80,
            lag_spacing: 0.3, gcc_weight: 0.45, evaluation_unit: patch,
            encoder: {channels: [12, 14, 16], kernel_size: 5, recurrent_units: 18}
            """)
        var augmentations = AugmentationSettings()
        augmentations.channelDrop.probability = 0.21
        augmentations.channelSwap.mode = .permutations
        augmentations.channelSwap.views = .one
        augmentations.mixup.level = -3...17
        augmentations.randomResizedCrop.time = 0.31...0.71
        augmentations.randomResizedCrop.frequency = 0.41...0.81
        augmentations.randomResizedCrop.lags = true
        augmentations.frequencyShift.bands = 7
        augmentations.timeFrequencyMask.count = 9
        augmentations.timeFrequencyMask.time = 0.61
        augmentations.timeFrequencyMask.frequency = 0.51
        var pretraining = settings.pretraining
        #expect(Set(pretraining.augmentations.enabled) == Set(Augmentation.allCases))
        pretraining.augmentations.enabled = augmentations.enabled
        #expect(
            pretraining
                == PretrainingSettings(
                    augmentations: augmentations,
                    optimisation: OptimisationSettings(
                        steps: 701, batchSize: 26, learningRate: 0.0013, warmUpFraction: 0.11),
                    temperature: 0.27, spatialNegatives: 3, projection: [96, 48], patchFrames: 24))
        #expect(
            settings.supervised
                == SupervisedSettings(
                    optimisation: OptimisationSettings(
                        steps: 301, batchSize: 14, learningRate: 0.0017),
                    labels: LabelledClips(fraction: 0.37, perClass: 29), azimuthWeight: 2.5,
                    patchFrames: 24, augmentations: [.mixup, .channelDrop], weightDecay: 0.043,
                    encoderRate: 0.47, heads: .random, statistics: .batch, selection: .last))
        #expect(try read("finetuning_checks: 7").supervised.checks == 7)
        let scratch = try read("label_fraction: 0.4").supervised.fromScratch
        #expect(scratch.heads == .random && scratch.statistics == .batch)
        #expect(scratch.encoderRate == 1 && scratch.labels.fraction == 0.4)
        #expect(settings.labels == settings.supervised.labels)
        #expect(
            settings.features
                == FeatureSettings(
                    melBands: 80, lags: 80, lagSpacing: 0.3,
                    pooling: FeaturePooling(frames: 2, bins: 2)))
        #expect(settings.gccWeight == 0.45)
        #expect(settings.grid == EvaluationGrid(patchFrames: 24, unit: .patch))
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 24, bins: 40)
        encoder.channels = [12, 14, 16]
        encoder.kernelSize = 5
        encoder.recurrentUnits = 18
        #expect(settings.encoder == encoder)
    }

    @Test("every setting of the scenes has its place; the test's own replace those of training")
    func scenes() throws {
        let settings = try read(
            """
            array: circular, microphones: 3, array_diameter: 0.16, simulation: hybrid,
            noise: diffuse, overlap: 2, source_motion: line, source_speed: [0.4, 0.9],
            recording_seconds: [1.5, 2.5], scene_seed: 9, rt60: [0.2, 0.3], snr_db: [12, 15],
            spatialisations: 5, evaluation_rt60: [0.5, 0.6], evaluation_snr_db: [3, 4],
            test_spatialisations: 7
            """)
        var scene = SceneSettings()
        scene.reverberationTime = 0.2...0.3
        scene.signalToNoise = 12...15
        scene.noise = .diffuse
        scene.method = .hybrid
        scene.sourceCount = 2
        scene.motion = .line
        scene.sourceSpeed = 0.4...0.9
        scene.motionDuration = 2.5
        var bank = BankSettings(
            minimumSeconds: 1.5, maximumSeconds: 2.5,
            spatialisations: SpatialisationCounts(
                pretraining: 5, training: 5, validation: 1, test: 1),
            array: .circular(count: 3, diameter: 0.16), scene: scene,
            splits: [.pretraining, .training, .validation], seed: 9)
        #expect(settings.bank == bank)
        bank.scene.reverberationTime = 0.5...0.6
        bank.scene.signalToNoise = 3...4
        bank.splits = [.test]
        bank.spatialisations = SpatialisationCounts(
            pretraining: 1, training: 1, validation: 1, test: 7)
        #expect(settings.testBank == bank)
        // Directions of moving sources are not averaged.
        #expect(settings.grid.unit == .patch)
    }

    @Test("test scenes are like those of training but for what is said of them")
    func sameScenes() throws {
        let settings = try read("rt60: [0.2, 0.3], snr_db: [12, 15], test_spatialisations: 3")
        #expect(settings.testBank.scene == settings.bank.scene)
        #expect(settings.testBank.array == settings.bank.array)
        #expect(settings.testBank.seed == settings.bank.seed)
        #expect(settings.grid == EvaluationGrid(patchFrames: 64))
    }

    @Test("arrays have the size asked for, and lags that reach across them")
    func arrays() throws {
        let line = try read("array: linear, microphones: 5, array_diameter: 0.2")
        #expect(line.bank.array == .linear(count: 5, spacing: 0.05))
        #expect(line.bank.scene.azimuth == -Double.pi / 2...Double.pi / 2)
        #expect(line.testBank.scene.azimuth == -Double.pi / 2...Double.pi / 2)
        let tetrahedron = try read("array: tetrahedral, array_diameter: 0.3")
        #expect(tetrahedron.bank.array == .tetrahedral(radius: 0.15))
        #expect(tetrahedron.bank.scene.azimuth == -Double.pi...Double.pi)
        let own = try read("array: {positions: [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]]}")
        #expect(
            own.bank.array.positions == [
                SIMD3(0.1, 0, 0), SIMD3(0, 0.1, 0), SIMD3(0, 0, 0.1),
            ])
        #expect(own.encoder.inputChannels == 6)
        for settings in [line, tetrahedron, own] {
            let reach = settings.features.lagValues.last ?? 0
            let needed = settings.bank.array.aperture / 343 * 16_000
            #expect(reach >= needed && reach < 2 * needed + 1)
        }
    }

    @Test("the presets are the paper's network and one half as wide")
    func presets() throws {
        #expect(try read("encoder: paper").encoder.channels == [64, 64, 64])
        #expect(try read("encoder: paper").encoder.recurrentUnits == 128)
        let small = try read("encoder: small").encoder
        #expect(small.channels == [32, 32, 32] && small.recurrentUnits == 64)
    }
}
