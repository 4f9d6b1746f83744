/// A known way for contrastive pretraining to fail, recognised from its figures.
public struct FailureSignature: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The probe's error is hardly below the random encoder's.
        case spatialFeaturesNotLearned
        /// Neither accuracy nor error improves on the random encoder.
        case spectralFeaturesNotLearned
        /// Fine-tuning is no better than training from scratch.
        case embeddingsNotDiscriminative
        /// All inputs have nearly the same embedding.
        case collapse
    }

    /// A number that the finding rests on.
    public struct Figure: Sendable, Hashable, Codable {
        public var name: String
        public var value: Double
        public var unit: String

        public init(name: String, value: Double, unit: String = "") {
            self.name = name
            self.value = value
            self.unit = unit
        }
    }

    public var kind: Kind
    public var figures: [Figure]

    public init(kind: Kind, figures: [Figure]) {
        self.kind = kind
        self.figures = figures
    }
}
