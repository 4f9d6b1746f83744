/// A known way for contrastive pretraining to fail, recognised from its figures.
public struct FailureSignature: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The probe's error is not far below the random encoder's.
        case spatialFeaturesNotLearned
        /// Nor does its accuracy gain much on the random encoder.
        case spectralFeaturesNotLearned
        /// Fine-tuning gains hardly anything on training from scratch.
        case embeddingsNotDiscriminative
        /// All inputs have nearly the same embedding.
        case collapse
    }

    /// A configuration's figure against a reference's, paired by seed.
    public struct Comparison: Sendable, Hashable, Codable {
        /// Means over the seeds that both have. Units: percent, or degrees.
        public var value: Double
        public var reference: Double
        /// Value minus reference; nil where the seeds that there are give none.
        public var interval: ConfidenceInterval?
        public var pairs: Int

        public init(value: Double, reference: Double, interval: ConfidenceInterval?, pairs: Int) {
            self.value = value
            self.reference = reference
            self.interval = interval
            self.pairs = pairs
        }

        public var difference: Double { value - reference }
    }

    /// What a finding says of one figure, each a claim about the whole interval.
    public enum Statement: Sendable, Hashable, Codable {
        /// The figure is worse than the reference's.
        case worse
        /// It gains less than so much. Units: of the figure.
        case gainsLessThan(Double)
        /// It is better than the reference's.
        case better
        /// The interval bears none of these out.
        case undecided
    }

    /// One figure that the finding rests on.
    public struct Evidence: Sendable, Hashable, Codable {
        public enum Figure: String, Sendable, Hashable, Codable {
            case probeAccuracy
            case probeError
            case tunedAccuracy
            case tunedError
        }

        public var figure: Figure
        public var comparison: Comparison
        public var statement: Statement

        public init(figure: Figure, comparison: Comparison, statement: Statement) {
            self.figure = figure
            self.comparison = comparison
            self.statement = statement
        }
    }

    public var kind: Kind
    public var evidence: [Evidence]
    /// Of a collapse: the deviation of the embedding by seed, of the seeds that have collapsed, and
    /// how many seeds there are.
    public var deviations: [Int: Double]
    public var seedCount: Int

    public init(
        kind: Kind, evidence: [Evidence] = [], deviations: [Int: Double] = [:], seedCount: Int = 0
    ) {
        self.kind = kind
        self.evidence = evidence
        self.deviations = deviations
        self.seedCount = seedCount
    }
}
