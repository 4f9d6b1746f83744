import MCSimCLR
import SoundData
public import Sweeps

/// Every setting of a trial and of its data: name, kind, default, and when it matters.
///
/// The sweep file is checked against this list, `ablate settings` prints it, and ``TrialSettings``
/// reads its values.
public enum TrialSchema {
    /// What can be evaluated, in the order of the table's columns.
    public static let evaluations = ["raw", "random", "probe", "finetune", "scratch"]

    public static let schema = SettingsSchema(
        trial: augmentation + pretraining + network + features + scenes + downstream, data: data,
        evaluations: evaluations, metrics: metrics,
        figures: EventFigure.all.map(\.name), checks: checks, reads: reads)

    /// Every metric that an evaluation leaves, by which a publication's figures may be named.
    public static let metrics = evaluations.flatMap { evaluation in
        EventFigure.all.map { "\(evaluation)_\($0.name)" }
    }

    static func range(_ low: Double, _ high: Double) -> SettingValue {
        .list([.number(low), .number(high)])
    }

    private static func integers(_ values: Int...) -> SettingValue {
        .list(values.map { .integer($0) })
    }

    private static func whenSource(
        _ sources: DataSource...
    ) -> (@Sendable ([String: SettingValue]) -> Bool) {
        { values in sources.contains { values["source"]?.text == $0.rawValue } }
    }

    private static func whenAugmentationsContain(
        _ name: Augmentation
    ) -> (@Sendable ([String: SettingValue]) -> Bool) {
        { $0["augmentations"]?.texts?.contains(name.rawValue) ?? false }
    }

    private static let augmentation: [SettingDescriptor] = [
        SettingDescriptor(
            key: "augmentations", kind: .subset(Augmentation.allCases.map(\.rawValue)),
            defaultValue: .list(Augmentation.allCases.map { .text($0.rawValue) }),
            summary: "augmentations that make the two views, in the paper's order"),
        SettingDescriptor(
            key: "channel_drop_probability", kind: .number(0...1), defaultValue: .number(0.1),
            summary: "probability that a mel or GCC channel is masked",
            appliesWhen: whenAugmentationsContain(.channelDrop),
            label: { "p = \($0)" }),
        SettingDescriptor(
            key: "channel_swap_mode", kind: .choice(["symmetries", "permutations"]),
            defaultValue: .text("symmetries"),
            summary: "reorderings that equal a rotation or reflection of the array, or any",
            appliesWhen: whenAugmentationsContain(.channelSwap)),
        SettingDescriptor(
            key: "channel_swap_views", kind: .choice(["both", "one"]), defaultValue: .text("both"),
            summary: "whether both views are reordered alike, or one only",
            appliesWhen: whenAugmentationsContain(.channelSwap)),
        SettingDescriptor(
            key: "mixup_level", kind: .range(-20...60), defaultValue: range(5, 20),
            summary: "level of a recording above the one mixed in", unit: "dB",
            appliesWhen: whenAugmentationsContain(.mixup)),
        SettingDescriptor(
            key: "crop_time", kind: .range(0.05...1), defaultValue: range(0.5, 1),
            summary: "share of a patch's time that a crop keeps",
            appliesWhen: whenAugmentationsContain(.randomResizedCrop)),
        SettingDescriptor(
            key: "crop_frequency", kind: .range(0.05...1), defaultValue: range(0.6, 1),
            summary: "share of the mel bands that a crop keeps",
            appliesWhen: whenAugmentationsContain(.randomResizedCrop)),
        SettingDescriptor(
            key: "crop_lags", kind: .boolean, defaultValue: .boolean(false),
            summary: "whether crops apply to the lag axis of the GCC maps too",
            appliesWhen: whenAugmentationsContain(.randomResizedCrop)),
    ]

    private static let pretraining: [SettingDescriptor] = [
        SettingDescriptor(
            key: "pretraining_steps", kind: .integer(1...10_000_000), defaultValue: .integer(4000),
            summary: "steps of contrastive pretraining"),
        SettingDescriptor(
            key: "batch_size", kind: .integer(2...4096), defaultValue: .integer(128),
            summary: "recordings in a batch; each gives two views"),
        SettingDescriptor(
            key: "temperature", kind: .number(0.001...10), defaultValue: .number(0.1),
            summary: "temperature of NT-Xent"),
        SettingDescriptor(
            key: "learning_rate", kind: .number(0...10), defaultValue: .number(0.001),
            summary: "peak learning rate of pretraining (Adam, cosine decay)"),
        SettingDescriptor(
            key: "warm_up_fraction", kind: .number(0...1), defaultValue: .number(0.05),
            summary: "share of the steps during which the learning rate rises"),
        SettingDescriptor(
            key: "spatial_negatives", kind: .integer(1...64), defaultValue: .integer(1),
            summary: "spatialisations of one clip that meet in a batch"),
    ]

    private static let network: [SettingDescriptor] = [
        SettingDescriptor(
            key: "encoder",
            kind: .either([
                .choice(Array(EncoderPreset.allCases.map(\.rawValue))),
                .map([
                    SettingDescriptor(
                        key: "channels", kind: .list(.integer(1...1024), count: 3...3),
                        defaultValue: integers(64, 64, 64), summary: "channels of the convolutions"),
                    SettingDescriptor(
                        key: "kernel_size", kind: .integer(1...9), defaultValue: .integer(3),
                        summary: "kernel size of the convolutions (odd)"),
                    SettingDescriptor(
                        key: "recurrent_units", kind: .integer(1...1024),
                        defaultValue: .integer(128), summary: "units of the GRU, each direction"),
                ]),
            ]), defaultValue: .text("paper"),
            summary: "size of the CRNN: small, paper, or its channels and units"),
        SettingDescriptor(
            key: "projection", kind: .list(.integer(1...4096), count: 2...2),
            defaultValue: range(256, 128), summary: "units of the projection head: hidden, output"),
    ]

    private static let features: [SettingDescriptor] = [
        SettingDescriptor(
            key: "gcc_weight", kind: .number(0...100), defaultValue: .number(0.2),
            summary: "deviation of the GCC maps after normalisation (mel maps: 1)"),
        SettingDescriptor(
            key: "mel_bands", kind: .integer(8...256), defaultValue: .integer(64),
            summary: "mel bands from 50 Hz to 8 kHz; the GCC maps have as many lags"),
        SettingDescriptor(
            key: "lag_spacing", kind: .either([.choice(["auto"]), .number(0.01...4)]),
            defaultValue: .text("auto"),
            summary: "distance between lags; auto: as wide as the array needs", unit: "samples"),
        SettingDescriptor(
            key: "feature_pooling", kind: .integer(1...8), defaultValue: .integer(1),
            summary: "maps are averaged over blocks of this many frames and bins"),
        SettingDescriptor(
            key: "patch_frames", kind: .integer(8...4096), defaultValue: .integer(64),
            summary: "length of a view, before pooling", unit: "frames of 20 ms"),
    ]

    private static let downstream: [SettingDescriptor] = [
        SettingDescriptor(
            key: "label_fraction", kind: .number(0.0001...1), defaultValue: .number(1),
            summary: "share of the labelled clips for fine-tuning and training from scratch"),
        SettingDescriptor(
            key: "finetuning_steps", kind: .integer(1...10_000_000), defaultValue: .integer(1000),
            summary: "steps of fine-tuning, and of training from scratch"),
        SettingDescriptor(
            key: "finetuning_batch_size", kind: .integer(2...4096), defaultValue: .integer(64),
            summary: "patches in a batch of fine-tuning"),
        SettingDescriptor(
            key: "finetuning_learning_rate", kind: .number(0...10), defaultValue: .number(0.001),
            summary: "peak learning rate of fine-tuning"),
        SettingDescriptor(
            key: "azimuth_weight", kind: .number(0...1000), defaultValue: .number(1),
            summary: "weight of the azimuth loss beside the class loss"),
        SettingDescriptor(
            key: "evaluation_unit", kind: .choice(EvaluationUnit.allCases.map(\.rawValue)),
            defaultValue: .text(EvaluationUnit.recording.rawValue),
            summary: "what is judged: a recording (mean over its patches) or each patch; "
                + "moving sources always by patch",
            appliesWhen: { !moves($0) }, implied: { _ in .text(EvaluationUnit.patch.rawValue) },
            label: { "judged by \($0)" }),
    ]

    private static let data: [SettingDescriptor] = [
        SettingDescriptor(
            key: "source", kind: .choice(DataSource.allCases.map(\.rawValue)),
            defaultValue: .text(DataSource.builtin.rawValue),
            summary: "where the sounds come from"),
        SettingDescriptor(
            key: "path", kind: .text, defaultValue: .null,
            summary: "folder or manifest of the data set",
            appliesWhen: { $0["source"]?.text != DataSource.builtin.rawValue }),
        SettingDescriptor(
            key: "recordings", kind: .integer(20...1_000_000), defaultValue: .integer(600),
            summary: "number of clips of the built-in events", appliesWhen: whenSource(.builtin)),
        SettingDescriptor(
            key: "classes", kind: .integer(2...20), defaultValue: .integer(20),
            summary: "number of classes of the built-in events",
            appliesWhen: whenSource(.builtin)),
        SettingDescriptor(
            key: "seed", kind: .integer(0...Int(Int32.max)), defaultValue: .integer(0),
            summary: "seed of the built-in events, and of splits where the data set has none",
            appliesWhen: whenSource(.builtin, .folder, .manifest, .fsdnoisy18k)),
        SettingDescriptor(
            key: "validation_fraction", kind: .number(0...0.9), defaultValue: .number(0.2),
            summary: "share of each class for validation, where the data set has no splits",
            appliesWhen: whenSource(.builtin, .folder, .manifest, .fsdnoisy18k)),
        SettingDescriptor(
            key: "test_fraction", kind: .number(0.01...0.9), defaultValue: .number(0.2),
            summary: "share of each class for testing, where the data set has no splits",
            appliesWhen: whenSource(.builtin, .folder, .manifest)),
        SettingDescriptor(
            key: "fold", kind: .integer(1...5), defaultValue: .integer(1),
            summary: "fold for testing, where the data set has folds",
            appliesWhen: whenSource(.esc50, .tau2019)),
    ]
}
