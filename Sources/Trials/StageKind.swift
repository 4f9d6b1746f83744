/// The kinds of work that a trial is made of.
public enum StageKind: String, Sendable, Codable, Hashable, CaseIterable {
    /// Simulates the recordings.
    case scenes
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

    /// Raised whenever a change makes the same settings give other results: part of a stage's digest,
    /// so that results of the old algorithm are never taken for those of the new one.
    var version: Int { 1 }

    /// What must be there before.
    var dependencies: [StageKind] {
        switch self {
        case .scenes: []
        case .pretrain, .random, .scratch, .raw: [.scenes]
        case .probe, .finetune: [.scenes, .pretrain]
        }
    }

    /// Whether the result depends on the trial's seed (the seed of the scenes is a setting).
    var usesSeed: Bool { self != .scenes && self != .raw }

    /// Whether it leaves a file in the cache that other stages read.
    var producesArtifact: Bool { self == .scenes || self == .pretrain }

    /// The settings that its result depends on, those of its dependencies included.
    package var settings: [String] {
        switch self {
        case .scenes: Self.sceneSettings
        case .raw: Self.sceneSettings + Self.featureSettings
        case .random: Self.sceneSettings + Self.featureSettings + ["encoder"]
        case .pretrain, .probe: Self.pretrainingSettings
        case .scratch:
            Self.sceneSettings + Self.featureSettings + ["encoder"] + Self.downstreamSettings
        case .finetune: Self.pretrainingSettings + Self.downstreamSettings
        }
    }

    private static let sceneSettings = [
        "microphones", "array_diameter", "rt60", "evaluation_rt60", "snr_db", "recording_seconds",
        "spatialisations", "test_spatialisations", "scene_seed",
    ]
    private static let featureSettings = [
        "gcc_weight", "mel_bands", "lag_spacing", "feature_pooling", "patch_frames",
    ]
    private static let pretrainingSettings =
        sceneSettings + featureSettings + [
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
