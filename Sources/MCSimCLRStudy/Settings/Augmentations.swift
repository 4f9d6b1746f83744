import MCSimCLR
import Sweeps

// MARK: Settings of the augmentations

extension TrialSchema {
    static let augmentations = TrialSetting.list(.free) {
        TrialSetting.subset(
            "augmentations", default: Augmentation.allCases, \.pretraining.augmentations.enabled,
            readBy: [.pretrain],
            "augmentations that make the two views, in the paper's order")
        TrialSetting.number(
            "channel_drop_probability", 0...1, default: 0.1,
            \.pretraining.augmentations.channelDropProbability, readBy: [.pretrain],
            "probability that a mel or GCC channel is masked"
        ).when(uses(.channelDrop)).label { "p = \($0)" }
        TrialSetting.choice(
            "channel_swap_mode", default: .symmetries,
            \.pretraining.augmentations.channelSwapMode, readBy: [.pretrain],
            "reorderings that equal a rotation or reflection of the array, or any"
        ).when(uses(.channelSwap))
        TrialSetting.choice(
            "channel_swap_views", default: .both, \.pretraining.augmentations.channelSwapViews,
            readBy: [.pretrain], "whether both views are reordered alike, or one only"
        ).when(uses(.channelSwap))
        TrialSetting.range(
            "mixup_level", -20...60, default: 5...20, \.pretraining.augmentations.mixupLevel,
            readBy: [.pretrain], "level of a recording above the one mixed in", unit: "dB"
        ).when(uses(.mixup))
        TrialSetting.range(
            "crop_time", 0.05...1, default: 0.5...1, \.pretraining.augmentations.cropTime,
            readBy: [.pretrain], "share of a patch's time that a crop keeps"
        ).when(uses(.randomResizedCrop))
        TrialSetting.range(
            "crop_frequency", 0.05...1, default: 0.6...1,
            \.pretraining.augmentations.cropFrequency, readBy: [.pretrain],
            "share of the mel bands that a crop keeps"
        ).when(uses(.randomResizedCrop))
        TrialSetting.boolean(
            "crop_lags", default: false, \.pretraining.augmentations.cropsLags,
            readBy: [.pretrain], "whether crops apply to the lag axis of the GCC maps too"
        ).when(uses(.randomResizedCrop))
    }

    private static func uses(
        _ augmentation: Augmentation
    ) -> (@Sendable ([String: SettingValue]) -> Bool) {
        { $0["augmentations"]?.texts?.contains(augmentation.rawValue) ?? false }
    }
}
