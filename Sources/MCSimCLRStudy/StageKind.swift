import Sweeps

/// The kinds of work that a trial is made of.
public enum StageKind: String, Sendable, Codable, Hashable, CaseIterable {
    /// Simulates the recordings for pretraining, training and validation.
    case scenes
    /// Simulates the recordings of the test split.
    case testScenes = "test_scenes"
    /// Contrastive pretraining of an encoder.
    case pretrain
    /// Linear probe of the pretrained encoder.
    case probe
    /// Fine-tuning of the pretrained encoder.
    case finetune
    /// Linear probe of an encoder that has learnt nothing.
    case random
    /// Supervised training from scratch.
    case scratch
    /// Regression on time-averaged features, no encoder.
    case raw

    /// Raised whenever a change makes the same settings give other results of this kind, and of no
    /// other: part of a stage's digest, so that results of the old algorithm are never taken for those
    /// of the new one. Stages that depend on it have other digests by themselves.
    ///
    /// 2: features of sixteen frames at once; they round differently.
    /// 3: heads fitted to the minimum, wider grids of penalties, recordings brought to one level.
    /// 4: the same minimum by Newton's method; figures move by what its tolerance leaves.
    package var version: Int {
        switch self {
        case .scenes, .testScenes: 1
        case .pretrain, .finetune, .scratch: 2
        case .probe, .random, .raw: 4
        }
    }

    /// What must be there before.
    var dependencies: [StageKind] {
        switch self {
        case .scenes, .testScenes: []
        case .pretrain: [.scenes]
        case .random, .scratch, .raw: [.scenes, .testScenes]
        case .probe, .finetune: [.scenes, .testScenes, .pretrain]
        }
    }

    /// Whether the result depends on the trial's seed (the seed of the scenes is a setting).
    var usesSeed: Bool { !makesScenes && self != .raw }

    /// Whether it leaves a bank of recordings.
    var makesScenes: Bool { self == .scenes || self == .testScenes }

    /// Whether it leaves a file in the cache that other stages read.
    var producesArtifact: Bool { makesScenes || self == .pretrain }

    /// The settings that its result depends on, those of its dependencies included.
    package var settings: [String] {
        switch self {
        case .scenes: Self.sceneSettings + Self.trainingSceneSettings
        case .testScenes: Self.sceneSettings + Self.testSceneSettings
        case .raw: Self.mapSettings + Self.evaluationSettings
        case .random: Self.representationSettings + ["encoder"] + Self.evaluationSettings
        case .pretrain: Self.pretrainingSettings
        case .probe: Self.pretrainingSettings + Self.evaluationSettings
        case .scratch:
            Self.representationSettings + ["encoder"] + Self.evaluationSettings
                + Self.downstreamSettings
        case .finetune:
            Self.pretrainingSettings + Self.evaluationSettings + Self.downstreamSettings
        }
    }

    /// Whether it looks at whole recordings alone: then the length of patches is no matter.
    func ignoresPatches(unit: SettingValue, motion: SettingValue) -> Bool {
        self == .raw && unit == .text("recording") && motion == .text("still")
    }

    /// The kinds that evaluations of a sweep need, with all that these depend on.
    static func needed(for evaluations: [String]) -> Set<StageKind> {
        let kinds = evaluations.compactMap(StageKind.init)
        return Set(kinds + kinds.flatMap(\.dependencies))
    }

    private static let sceneSettings = [
        "array", "microphones", "array_diameter", "simulation", "noise", "overlap",
        "source_motion", "source_speed", "recording_seconds", "scene_seed",
    ]
    private static let trainingSceneSettings = ["rt60", "snr_db", "spatialisations"]
    private static let testSceneSettings = [
        "evaluation_rt60", "evaluation_snr_db", "test_spatialisations",
    ]
    private static let evaluationSettings = testSceneSettings + ["evaluation_unit"]
    private static let mapSettings =
        sceneSettings + trainingSceneSettings + [
            "mel_bands", "lag_spacing", "feature_pooling", "patch_frames",
        ]
    private static let representationSettings = mapSettings + ["gcc_weight"]
    private static let pretrainingSettings =
        representationSettings + [
            "encoder", "projection", "augmentations", "channel_drop_probability",
            "channel_swap_mode", "channel_swap_views", "mixup_level", "crop_time",
            "crop_frequency", "crop_lags", "pretraining_steps", "batch_size", "temperature",
            "learning_rate", "warm_up_fraction", "spatial_negatives",
        ]
    private static let downstreamSettings = [
        "label_fraction", "finetuning_steps", "finetuning_batch_size",
        "finetuning_learning_rate", "azimuth_weight",
    ]
}
