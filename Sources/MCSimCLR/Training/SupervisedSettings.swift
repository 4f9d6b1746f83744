/// Settings of fine-tuning and of training from scratch.
public struct SupervisedSettings: Sendable, Codable, Hashable {
    /// What the two linear heads begin as.
    public enum Heads: String, Sendable, Codable, Hashable, CaseIterable {
        /// The linear probe's solution, fitted to the same labels: with random heads the first steps would
        /// bend the encoder to fit these (linear probe, then fine-tuning: Kumar et al. 2022,
        /// arXiv 2202.10054).
        case probe
        /// Random weights.
        case random
    }

    /// What BatchNorm normalises by while it trains.
    public enum Statistics: String, Sendable, Codable, Hashable, CaseIterable {
        /// What pretraining left, as the probe does.
        case kept
        /// The batch, as in training from scratch.
        case batch
    }

    /// Which state is judged in the end.
    public enum Selection: String, Sendable, Codable, Hashable, CaseIterable {
        /// The one that was best on the validation split, the first one included.
        case best
        /// The one after the last step.
        case last
    }

    public var optimisation: OptimisationSettings
    /// How many of the training clips have labels.
    public var labels: LabelledClips
    /// Weight of the azimuth's squared error beside the cross-entropy of the class.
    public var azimuthWeight: Double
    /// (Pooled) frames of a patch.
    public var patchFrames: Int
    /// What is done to the patches: the labels go with them.
    public var augmentations: AugmentationSettings
    /// AdamW's, of encoder and heads.
    public var weightDecay: Double
    /// The encoder's learning rate as a multiple of that of the heads.
    public var encoderRate: Double
    public var heads: Heads
    public var statistics: Statistics
    public var selection: Selection
    /// How often the validation split is looked at, beside the start; with ``Selection/best``.
    public var checks: Int

    public init(
        optimisation: OptimisationSettings, labels: LabelledClips = .all, azimuthWeight: Double = 1,
        patchFrames: Int = 64, augmentations: [Augmentation] = [], weightDecay: Double = 0,
        encoderRate: Double = 1, heads: Heads = .random, statistics: Statistics = .batch,
        selection: Selection = .last, checks: Int = 20
    ) {
        self.optimisation = optimisation
        self.labels = labels
        self.azimuthWeight = azimuthWeight
        self.patchFrames = patchFrames
        self.augmentations = AugmentationSettings(enabled: augmentations)
        self.weightDecay = weightDecay
        self.encoderRate = encoderRate
        self.heads = heads
        self.statistics = statistics
        self.selection = selection
        self.checks = checks
    }

    /// The same for an encoder that has learnt nothing: there is no probe to begin with, nor anything to
    /// be careful of.
    public var fromScratch: SupervisedSettings {
        var settings = self
        settings.encoderRate = 1
        settings.heads = .random
        settings.statistics = .batch
        return settings
    }
}
