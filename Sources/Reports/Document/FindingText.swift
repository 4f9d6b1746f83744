public import Analysis

extension FailureSignature {
    /// The finding in words, with the figures that it rests on.
    public var sentence: String {
        let figures = figures.map { figure in
            "\(figure.name) \(NumberText.fixed(figure.value, decimals: figure.unit.isEmpty ? 3 : 1))"
                + (figure.unit == "%" ? " %" : figure.unit)
        }
        return "\(kind.meaning): \(figures.joined(separator: ", "))."
    }
}

extension FailureSignature.Kind {
    /// What has gone wrong.
    public var meaning: String {
        switch self {
        case .spatialFeaturesNotLearned:
            "Spatial features not learned, the error is hardly below the random encoder's"
        case .spectralFeaturesNotLearned:
            "Spectral features not learned, neither accuracy nor error improves on the random encoder"
        case .embeddingsNotDiscriminative:
            "Embeddings not discriminative, fine-tuning is no better than training from scratch"
        case .collapse: "Collapse, all inputs have nearly the same embedding"
        }
    }
}
