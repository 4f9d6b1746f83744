import MCSimCLR
import Sweeps

// MARK: Settings of what is done with an encoder

extension TrialSchema {
    /// Of the settings that say which clips have labels.
    static let keysOfLabels = ["label_fraction", "labels_per_class"]

    static let downstream = TrialSetting.list("Probes and fine-tuning") {
        TrialSetting.number(
            "label_fraction", 0.0001...1, default: 1, \.labels.fraction,
            readBy: [.raw, .mean, .random, .probe, .finetune, .scratch],
            "share of each class's clips that have labels, for probes, fine-tuning and training "
                + "from scratch; of the validation split as well"
        ).neutral(.number(1))
        TrialSetting.integer(
            "labels_per_class", 1...1_000_000, or: "all", \.labels.perClass,
            readBy: [.raw, .mean, .random, .probe, .finetune, .scratch],
            "clips of each class that have labels, at most; of the validation split the same share"
        ).neutral(.text("all"))
        TrialSetting.integer(
            "finetuning_steps", 1...10_000_000, default: 1000, \.supervised.optimisation.steps,
            readBy: [.finetune, .scratch],
            "steps of fine-tuning, and of training from scratch")
        TrialSetting.integer(
            "finetuning_batch_size", 2...4096, default: 64, \.supervised.optimisation.batchSize,
            readBy: [.finetune, .scratch], "patches in a batch of fine-tuning")
        TrialSetting.number(
            "finetuning_learning_rate", 0...10, default: 0.001,
            \.supervised.optimisation.learningRate, readBy: [.finetune, .scratch],
            "peak learning rate of fine-tuning"
        ).with(.free)
        TrialSetting.number(
            "finetuning_encoder_rate", 0...1, default: 1, \.supervised.encoderRate,
            readBy: [.finetune],
            "learning rate of a pretrained encoder as a multiple of that of the heads"
        ).with(.free).neutral(.number(1))
        TrialSetting.choice(
            "finetuning_heads", default: .probe, \.supervised.heads, readBy: [.finetune],
            "what the heads begin as in fine-tuning: the linear probe's solution, or random"
        ).neutral(.text("probe"))
        TrialSetting.choice(
            "finetuning_statistics", default: .batch, \.supervised.statistics, readBy: [.finetune],
            "what BatchNorm normalises by in fine-tuning: what pretraining left, or the batch"
        ).with(.free).neutral(.text("batch"))
        TrialSetting.subset(
            "finetuning_augmentations", default: [.channelSwap],
            \.supervised.augmentations.enabled, readBy: [.finetune, .scratch],
            "augmentations of labelled patches; ChannelSwap turns the azimuth with them"
        ).neutral(.list([.text("channel_swap")]))
        TrialSetting.number(
            "finetuning_weight_decay", 0...1, default: 0.01, \.supervised.weightDecay,
            readBy: [.finetune, .scratch],
            "weight decay of fine-tuning and training from scratch (AdamW)"
        ).with(.free).neutral(.number(0.01))
        TrialSetting.choice(
            "finetuning_selection", default: .best, \.supervised.selection,
            readBy: [.finetune, .scratch],
            "the state that is judged: the best on the validation split, or the last"
        ).neutral(.text("best"))
        TrialSetting.integer(
            "finetuning_checks", 1...1000, default: 20, \.supervised.checks,
            readBy: [.finetune, .scratch], "looks at the validation split to find the best state"
        ).when { $0["finetuning_selection"]?.text == "best" }.neutral(.integer(20))
        TrialSetting.number(
            "azimuth_weight", 0...1000, default: 3, \.supervised.azimuthWeight,
            readBy: [.finetune, .scratch], "weight of the azimuth loss beside the class loss"
        ).with(.free)
        TrialSetting.choice(
            "evaluation_unit", default: .recording, \.unit,
            readBy: [.raw, .mean, .random, .probe, .finetune, .scratch],
            "what is judged: a recording (mean over its patches) or each patch; "
                + "moving sources always by patch"
        ).when { !moves($0) }
            .implied { _ in .text(EvaluationUnit.patch.rawValue) }
            .label { "judged by \($0)" }
        TrialSetting(
            "probe_targets", .subset(ProbeTarget.allCases.map(\.rawValue)),
            default: alwaysProbed, readBy: StageKind.probes,
            "what linear probes are asked for: class and azimuth always; elevation, distance; of the "
                + "room its rt60, volume and aspect"
        ) { value, draft in
            draft.probeTargets = (value.texts ?? []).compactMap(ProbeTarget.init)
        }.with(.free).neutral(alwaysProbed)
    }

    private static let alwaysProbed = SettingValue.list(
        ProbeTarget.always.map { .text($0.rawValue) })
}
