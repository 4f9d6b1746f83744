import MCSimCLR
import Sweeps

// MARK: Settings of the augmentations

extension TrialSchema {
    static let augmentations = TrialSetting.list("Augmentations", .free) {
        TrialSetting.subset(
            "augmentations", default: Augmentation.paper, \.pretraining.augmentations.enabled,
            readBy: [.pretrain],
            "augmentations that make the two views, in the order applied; all: the paper's four, "
                + "others by name: \(later.joined(separator: ", "))"
        ).with(.costs)
        TrialSetting.number(
            "channel_drop_probability", 0...1, default: 0.1,
            \.pretraining.augmentations.channelDrop.probability, readBy: [.pretrain],
            "probability that a mel or GCC channel is masked"
        ).when(uses(.channelDrop)).label { "p = \($0)" }
        TrialSetting.choice(
            "channel_swap_mode", default: .symmetries,
            \.pretraining.augmentations.channelSwap.mode, readBy: [.pretrain],
            "reorderings that equal a rotation or reflection of the array, or any"
        ).when(uses(.channelSwap))
        TrialSetting.choice(
            "channel_swap_views", default: .both, \.pretraining.augmentations.channelSwap.views,
            readBy: [.pretrain], "whether both views are reordered alike, or one only"
        ).when(uses(.channelSwap))
        TrialSetting.range(
            "mixup_level", -20...60, default: 5...20, \.pretraining.augmentations.mixup.level,
            readBy: [.pretrain], "level of a recording above the one mixed in", unit: "dB"
        ).when(uses(.mixup))
        TrialSetting.range(
            "crop_time", 0.05...1, default: 0.5...1,
            \.pretraining.augmentations.randomResizedCrop.time, readBy: [.pretrain],
            "share of a patch's time that a crop keeps"
        ).with(.costs).when(uses(.randomResizedCrop))
        TrialSetting.range(
            "crop_frequency", 0.05...1, default: 0.6...1,
            \.pretraining.augmentations.randomResizedCrop.frequency, readBy: [.pretrain],
            "share of the mel bands that a crop keeps"
        ).when(uses(.randomResizedCrop))
        TrialSetting.boolean(
            "crop_lags", default: false, \.pretraining.augmentations.randomResizedCrop.lags,
            readBy: [.pretrain], "whether crops apply to the lag axis of the GCC maps too"
        ).when(uses(.randomResizedCrop))
        TrialSetting.integer(
            "frequency_shift_bands", 1...16, default: 4,
            \.pretraining.augmentations.frequencyShift.bands, readBy: [.pretrain],
            "most bands of the (pooled) mel maps by which a view is shifted, up or down"
        ).when(uses(.frequencyShift)).neutral(.integer(4))
        TrialSetting.integer(
            "time_frequency_mask_count", 1...16, default: 1,
            \.pretraining.augmentations.timeFrequencyMask.count, readBy: [.pretrain],
            "masks in time, and as many in frequency, the same in all channels"
        ).when(uses(.timeFrequencyMask)).neutral(.integer(1))
        TrialSetting.number(
            "time_frequency_mask_time", 0...1, default: 0.25,
            \.pretraining.augmentations.timeFrequencyMask.time, readBy: [.pretrain],
            "largest share of a view's time that a mask hides"
        ).when(uses(.timeFrequencyMask)).neutral(.number(0.25))
        TrialSetting.number(
            "time_frequency_mask_frequency", 0...1, default: 0.25,
            \.pretraining.augmentations.timeFrequencyMask.frequency, readBy: [.pretrain],
            "largest share of the bands (of GCC maps, of the lags) that a mask hides"
        ).when(uses(.timeFrequencyMask)).neutral(.number(0.25))
    }

    private static let later = Augmentation.allCases.filter { !Augmentation.paper.contains($0) }
        .map(\.rawValue)

    private static func uses(
        _ augmentation: Augmentation
    ) -> (@Sendable ([String: SettingValue]) -> Bool) {
        { $0["augmentations"]?.texts?.contains(augmentation.rawValue) ?? false }
    }
}
