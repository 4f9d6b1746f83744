import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import Sweeps

/// A trial's settings in the types of the modules that use them, read from checked values.
struct TrialSettings: Sendable {
    let bank: BankSettings
    let features: FeatureSettings
    let gccWeight: Double
    let encoder: CRNNConfiguration
    var pretraining: PretrainingSettings
    let supervised: SupervisedSettings

    /// - Parameter values: complete and checked against ``TrialSchema``.
    init(_ values: [String: SettingValue]) {
        let reader = SettingsReader(values)
        let array = MicrophoneArray.circular(
            count: reader.integer("microphones"), diameter: reader.number("array_diameter"))
        bank = Self.bank(reader, array: array)
        let pooling = reader.integer("feature_pooling")
        var features = FeatureSettings()
        features.melBands = reader.integer("mel_bands")
        features.lags = reader.integer("mel_bands")
        features.lagSpacing = reader.number("lag_spacing")
        features.pooling = FeaturePooling(frames: pooling, bins: pooling)
        self.features = features
        gccWeight = reader.number("gcc_weight")
        let patchFrames = max(1, reader.integer("patch_frames") / pooling)
        encoder = Self.encoder(
            reader, channels: features.channels(microphones: array.count), frames: patchFrames,
            bins: features.bins)
        pretraining = PretrainingSettings(
            augmentations: Self.augmentations(reader),
            optimisation: OptimisationSettings(
                steps: reader.integer("pretraining_steps"),
                batchSize: reader.integer("batch_size"),
                learningRate: reader.number("learning_rate"),
                warmUpFraction: reader.number("warm_up_fraction")),
            temperature: reader.number("temperature"),
            spatialNegatives: reader.integer("spatial_negatives"),
            projection: reader.integers("projection"), patchFrames: patchFrames)
        supervised = SupervisedSettings(
            optimisation: OptimisationSettings(
                steps: reader.integer("finetuning_steps"),
                batchSize: reader.integer("finetuning_batch_size"),
                learningRate: reader.number("finetuning_learning_rate")),
            labelFraction: reader.number("label_fraction"),
            azimuthWeight: reader.number("azimuth_weight"), patchFrames: patchFrames)
    }

    private static func augmentations(_ reader: SettingsReader) -> AugmentationSettings {
        var settings = AugmentationSettings()
        settings.enabled = reader.texts("augmentations").compactMap(Augmentation.init)
        settings.channelDropProbability = reader.number("channel_drop_probability")
        settings.channelSwapMode =
            AugmentationSettings.SwapMode(rawValue: reader.text("channel_swap_mode")) ?? .symmetries
        settings.channelSwapViews =
            AugmentationSettings.SwapViews(rawValue: reader.text("channel_swap_views")) ?? .both
        settings.mixupLevel = reader.range("mixup_level")
        settings.cropTime = reader.range("crop_time")
        settings.cropFrequency = reader.range("crop_frequency")
        settings.cropsLags = reader.boolean("crop_lags")
        return settings
    }

    private static func encoder(
        _ reader: SettingsReader, channels: Int, frames: Int, bins: Int
    ) -> CRNNConfiguration {
        var configuration = CRNNConfiguration(
            inputChannels: channels, frames: frames, bins: bins)
        if let sizes = reader.map("encoder") {
            configuration.channels = sizes.integers("channels")
            configuration.kernelSize = sizes.integer("kernel_size")
            configuration.recurrentUnits = sizes.integer("recurrent_units")
        } else {
            let preset = EncoderPreset(rawValue: reader.text("encoder")) ?? .paper
            configuration.channels = preset.channels
            configuration.recurrentUnits = preset.recurrentUnits
        }
        return configuration
    }

    private static func bank(_ reader: SettingsReader, array: MicrophoneArray) -> BankSettings {
        var scene = SceneSettings()
        scene.reverberationTime = reader.range("rt60")
        scene.signalToNoise = reader.range("snr_db")
        var settings = BankSettings(array: array, scene: scene)
        let seconds = reader.range("recording_seconds")
        settings.minimumSeconds = seconds.lowerBound
        settings.maximumSeconds = seconds.upperBound
        settings.spatialisations = SpatialisationCounts(
            pretraining: reader.integer("spatialisations"),
            training: reader.integer("spatialisations"), validation: 1,
            test: reader.integer("test_spatialisations"))
        settings.seed = UInt64(reader.integer("scene_seed"))
        if let evaluationTime = reader.rangeIfAny("evaluation_rt60") {
            var evaluation = scene
            evaluation.reverberationTime = evaluationTime
            settings.evaluationScene = evaluation
        }
        return settings
    }
}

/// Typed access to values that the schema has checked: a value of another kind is a fault of ours.
struct SettingsReader {
    private let values: [String: SettingValue]

    init(_ values: [String: SettingValue]) { self.values = values }

    private func value(_ key: String) -> SettingValue {
        guard let value = values[key] else { preconditionFailure("no setting \(key)") }
        return value
    }

    private func fault(_ key: String, _ kind: String) -> Never {
        preconditionFailure("setting \(key) is \(value(key)), not \(kind)")
    }

    func integer(_ key: String) -> Int {
        guard case .integer(let integer) = value(key) else { fault(key, "an integer") }
        return integer
    }

    func number(_ key: String) -> Double {
        guard let number = value(key).number else { fault(key, "a number") }
        return number
    }

    func boolean(_ key: String) -> Bool {
        guard case .boolean(let boolean) = value(key) else { fault(key, "true or false") }
        return boolean
    }

    func text(_ key: String) -> String {
        guard case .text(let text) = value(key) else { fault(key, "a text") }
        return text
    }

    func textIfAny(_ key: String) -> String? {
        if case .text(let text)? = values[key] { text } else { nil }
    }

    func texts(_ key: String) -> [String] {
        (value(key).list ?? []).compactMap(\.text)
    }

    func integers(_ key: String) -> [Int] {
        (value(key).list ?? []).compactMap(\.integer)
    }

    /// A range written as [low, high], or as one number.
    func range(_ key: String) -> ClosedRange<Double> {
        guard let range = rangeIfAny(key) else { fault(key, "a range") }
        return range
    }

    func rangeIfAny(_ key: String) -> ClosedRange<Double>? {
        let value = value(key)
        if let point = value.number { return point...point }
        let ends = (value.list ?? []).compactMap(\.number)
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[0]...ends[1]
    }

    func map(_ key: String) -> SettingsReader? {
        if case .map(let values) = value(key) { SettingsReader(values) } else { nil }
    }
}
