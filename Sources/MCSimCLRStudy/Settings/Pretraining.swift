import MCSimCLR
import Sweeps

// MARK: Settings of pretraining

extension TrialSchema {
    static let pretraining = TrialSetting.list("Pretraining") {
        TrialSetting.integer(
            "pretraining_steps", 1...10_000_000, default: 4000, \.pretraining.optimisation.steps,
            readBy: [.pretrain], "steps of contrastive pretraining")
        TrialSetting.integer(
            "batch_size", 2...4096, default: 128, \.pretraining.optimisation.batchSize,
            readBy: [.pretrain], "recordings in a batch; each gives two views")
        TrialSetting.number(
            "temperature", 0.001...10, default: 0.1, \.pretraining.temperature,
            readBy: [.pretrain], "temperature of NT-Xent"
        ).with(.free)
        TrialSetting.number(
            "learning_rate", 0...10, default: 0.001, \.pretraining.optimisation.learningRate,
            readBy: [.pretrain], "peak learning rate of pretraining (Adam, cosine decay)"
        ).with(.free)
        TrialSetting.number(
            "warm_up_fraction", 0...1, default: 0.05, \.pretraining.optimisation.warmUpFraction,
            readBy: [.pretrain], "share of the steps during which the learning rate rises"
        ).with(.free)
        TrialSetting.integer(
            "spatial_negatives", 1...64, default: 1, \.pretraining.spatialNegatives,
            readBy: [.pretrain], "spatialisations of one clip that meet in a batch"
        ).with(.free)
    }
}
