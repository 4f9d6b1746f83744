import Acoustics
package import AudioFeatures
import Foundation
package import MCSimCLR
package import NeuralNetwork
package import SoundData
package import Sweeps

/// A trial's settings in the types of the modules that use them, read from checked values.
package struct TrialSettings: Sendable {
    /// The scenes that are learnt from.
    package let bank: BankSettings
    /// The scenes that are tested on.
    package let testBank: BankSettings
    package let features: FeatureSettings
    package let gccWeight: Double
    package let encoder: CRNNConfiguration
    package var pretraining: PretrainingSettings
    package let supervised: SupervisedSettings
    package let grid: EvaluationGrid

    /// - Parameter values: complete and checked against ``TrialSchema``.
    package init(_ values: [String: SettingValue]) {
        let reader = SettingsReader(values)
        let array = Self.array(reader)
        bank = Self.bank(reader, array: array)
        testBank = Self.testBank(reader, trainingBank: bank)
        let pooling = reader.integer("feature_pooling")
        var features = FeatureSettings()
        features.melBands = reader.integer("mel_bands")
        features.lags = reader.integer("mel_bands")
        features.lagSpacing =
            reader.numberIfAny("lag_spacing")
            ?? FeatureSettings.lagSpacing(
                aperture: array.aperture, lags: features.lags, sampleRate: features.sampleRate)
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
        let unit = EvaluationUnit(rawValue: reader.text("evaluation_unit")) ?? .recording
        // The mean of a moving source's directions is the direction of nothing.
        grid = EvaluationGrid(
            patchFrames: patchFrames, unit: bank.scene.motion == .still ? unit : .patch)
    }

    /// The bank that a stage makes.
    func bank(of kind: StageKind) -> BankSettings { kind == .testScenes ? testBank : bank }

    private static func array(_ reader: SettingsReader) -> MicrophoneArray {
        if let positions = TrialSchema.positions(reader.value("array")) {
            return MicrophoneArray(positions: positions)
        }
        let (count, extent) = (reader.integer("microphones"), reader.number("array_diameter"))
        switch ArrayShape(rawValue: reader.text("array")) {
        case .linear: return .linear(count: count, spacing: extent / Double(count - 1))
        case .tetrahedral: return .tetrahedral(radius: extent / 2)
        case .circular, nil: return .circular(count: count, diameter: extent)
        }
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
        scene.noise = NoiseKind(rawValue: reader.text("noise")) ?? .sensor
        scene.method = SimulationMethod(rawValue: reader.text("simulation")) ?? .images
        scene.sourceCount = reader.integer("overlap")
        scene.motion = SourceMotion(rawValue: reader.text("source_motion")) ?? .still
        scene.sourceSpeed = reader.range("source_speed")
        if reader.textIfAny("array") == ArrayShape.linear.rawValue {
            // The line is the y axis: what it can tell apart is in front of it.
            scene.azimuth = -Double.pi / 2...Double.pi / 2
        }
        var settings = BankSettings(array: array, scene: scene)
        let seconds = reader.range("recording_seconds")
        settings.minimumSeconds = seconds.lowerBound
        settings.maximumSeconds = seconds.upperBound
        // Sources move for as long as they are heard.
        settings.scene.motionDuration = seconds.upperBound
        settings.splits = Split.allCases.filter { $0 != .test }
        settings.spatialisations = SpatialisationCounts(
            pretraining: reader.integer("spatialisations"),
            training: reader.integer("spatialisations"), validation: 1, test: 1)
        settings.seed = UInt64(reader.integer("scene_seed"))
        return settings
    }

    /// Like the scenes for training, but for what the evaluation has of its own.
    private static func testBank(
        _ reader: SettingsReader, trainingBank: BankSettings
    ) -> BankSettings {
        var settings = trainingBank
        settings.splits = [.test]
        settings.spatialisations = SpatialisationCounts(
            pretraining: 1, training: 1, validation: 1,
            test: reader.integer("test_spatialisations"))
        if let time = reader.rangeIfAny("evaluation_rt60") {
            settings.scene.reverberationTime = time
        }
        if let level = reader.rangeIfAny("evaluation_snr_db") {
            settings.scene.signalToNoise = level
        }
        return settings
    }
}

/// Typed access to values that the schema has checked: a value of another kind is a fault of ours.
struct SettingsReader {
    private let values: [String: SettingValue]

    init(_ values: [String: SettingValue]) { self.values = values }

    func value(_ key: String) -> SettingValue {
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

    func numberIfAny(_ key: String) -> Double? { value(key).number }

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
