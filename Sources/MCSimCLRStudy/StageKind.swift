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
    /// What can be said of a recording without looking at it.
    case mean
    /// What ``probe`` is, judged on the validation split: for tuning, which knows no test recordings.
    case probeValidation = "probe_validation"
    /// What ``finetune`` is, judged on the validation split.
    case finetuneValidation = "finetune_validation"
    /// What ``scratch`` is, judged on the validation split.
    case scratchValidation = "scratch_validation"

    /// The kinds of a trial that is judged on the test split.
    package static let onTest = allCases.filter { !$0.isOnValidation }

    /// The same evaluation on the test split; itself for all other kinds.
    var onTest: StageKind {
        switch self {
        case .probeValidation: .probe
        case .finetuneValidation: .finetune
        case .scratchValidation: .scratch
        case .scenes, .testScenes, .pretrain, .probe, .finetune, .random, .scratch, .raw, .mean:
            self
        }
    }

    /// Whether it is judged on the validation split.
    package var isOnValidation: Bool { onTest != self }

    /// Raised whenever a change makes the same settings give other results of this kind, and of no
    /// other: part of a stage's digest, so that results of the old algorithm are never taken for those
    /// of the new one. Stages that depend on it have other digests by themselves.
    ///
    /// 2: features of sixteen frames at once; they round differently.
    /// 3: heads fitted to the minimum, wider grids of penalties, recordings brought to one level.
    /// 4: the same minimum by Newton's method; figures move by what its tolerance leaves.
    /// Of fine-tuning and training from scratch, 3: heads begin as the probe's, the best state on the
    /// validation split is judged, patches are augmented, weights decay, recordings have one level.
    package var version: Int {
        switch self {
        case .scenes, .testScenes, .mean: 1
        case .pretrain: 2
        case .finetune, .scratch: 3
        case .probe, .random, .raw: 4
        case .probeValidation, .finetuneValidation, .scratchValidation: onTest.version
        }
    }

    /// What must be there before.
    var dependencies: [StageKind] {
        switch self {
        case .scenes, .testScenes: []
        case .pretrain: [.scenes]
        case .random, .scratch, .raw, .mean: [.scenes, .testScenes]
        case .probe, .finetune: [.scenes, .testScenes, .pretrain]
        case .probeValidation, .finetuneValidation: [.scenes, .pretrain]
        case .scratchValidation: [.scenes]
        }
    }

    /// Whether the result depends on the trial's seed (the seed of the scenes is a setting), be it that this draws the
    /// clips that have labels.
    var usesSeed: Bool { !makesScenes }

    /// Whether it leaves a bank of recordings.
    var makesScenes: Bool { self == .scenes || self == .testScenes }

    /// Whether it computes with a network, which any number of threads may share.
    package var isOfNetwork: Bool { !makesScenes && self != .raw && self != .mean }

    /// Whether it leaves a file in the cache that other stages read.
    var producesArtifact: Bool { makesScenes || self == .pretrain }

    /// The kinds that fit linear heads to features of recordings.
    static let probes: Set<StageKind> = [.raw, .mean, .random, .probe]

    /// The kinds that evaluations of a sweep need, with all that these depend on.
    static func needed(for evaluations: [String]) -> Set<StageKind> {
        let kinds = evaluations.compactMap(StageKind.init)
        return Set(kinds + kinds.flatMap(\.dependencies))
    }
}
