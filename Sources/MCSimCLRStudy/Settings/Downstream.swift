import MCSimCLR
import Sweeps

// MARK: Settings of what is done with an encoder

extension TrialSchema {
    static let downstream = TrialSetting.list("Probes and fine-tuning") {
        TrialSetting.number(
            "label_fraction", 0.0001...1, default: 1, \.supervised.labelFraction,
            readBy: [.finetune, .scratch],
            "share of the labelled clips for fine-tuning and training from scratch"
        ).with(.free)
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
            "azimuth_weight", 0...1000, default: 1, \.supervised.azimuthWeight,
            readBy: [.finetune, .scratch], "weight of the azimuth loss beside the class loss"
        ).with(.free)
        TrialSetting.choice(
            "evaluation_unit", default: .recording, \.unit,
            readBy: [.raw, .mean, .random, .probe, .finetune, .scratch],
            "what is judged: a recording (mean over its patches) or each patch; "
                + "moving sources always by patch"
        ).with(.free).when { !moves($0) }
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
