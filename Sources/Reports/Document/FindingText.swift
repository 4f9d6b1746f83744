public import Analysis
import Platform

extension FailureSignature {
    /// The finding in words, with the figures that it rests on.
    public var sentence: String {
        if kind == .collapse {
            let seeds = deviations.keys.sorted()
            let largest = deviations.values.max() ?? 0
            return "\(kind.meaning) in \(seeds.count) of \(seedCount) "
                + "\(Count.word(seedCount, "seed")) (\(SeedList.text(seeds))): deviation at most "
                + "\(NumberText.fixed(largest, decimals: 3)), where 1 is spread over the sphere."
        }
        return "\(kind.meaning): " + evidence.map(\.sentence).joined(separator: "; ") + "."
    }
}

extension FailureSignature.Kind {
    /// What has gone wrong.
    public var meaning: String {
        switch self {
        case .spatialFeaturesNotLearned: "Spatial features not learned"
        case .spectralFeaturesNotLearned: "Neither spatial nor spectral features learned"
        case .embeddingsNotDiscriminative: "Pretraining gains hardly anything"
        case .collapse: "Collapse, all inputs have nearly the same embedding"
        }
    }
}

extension FailureSignature.Evidence {
    /// What is claimed of one figure, with its interval and the pairs behind it.
    var sentence: String {
        let unit = figure.isAccuracy ? " %" : "°"
        func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) + unit }
        var figures =
            "\(number(comparison.value)) against \(number(comparison.reference)), "
            + NumberText.signed(comparison.difference, decimals: 1)
        if let interval = comparison.interval {
            let decimals = NumberText.decimals(showing: interval, atLeast: 1)
            figures +=
                " [\(NumberText.signed(interval.lower, decimals: decimals)), "
                + "\(NumberText.signed(interval.upper, decimals: decimals))]"
        }
        figures += ", \(Count.text(comparison.pairs, "pair"))"
        return "\(figure.name) \(claim) (\(figures))"
    }

    private var claim: String {
        let reference = figure.reference
        switch statement {
        case .worse: return "is \(figure.isAccuracy ? "below" : "above") \(reference)'s"
        case .gainsLessThan(let gain):
            let amount = NumberText.fixed(gain, decimals: 1)
            return figure.isAccuracy
                ? "is less than \(amount) points above \(reference)'s"
                : "is less than \(amount)° below \(reference)'s"
        case .better: return "is \(figure.isAccuracy ? "above" : "below") \(reference)'s"
        case .undecided: return "is not shown to be above or below \(reference)'s"
        }
    }
}

extension FailureSignature.Evidence.Figure {
    var isAccuracy: Bool { self == .probeAccuracy || self == .tunedAccuracy }

    fileprivate var name: String {
        switch self {
        case .probeAccuracy: "the probe's accuracy"
        case .probeError: "the probe's error"
        case .tunedAccuracy: "the accuracy after fine-tuning"
        case .tunedError: "the error after fine-tuning"
        }
    }

    fileprivate var reference: String {
        switch self {
        case .probeAccuracy, .probeError: "the random encoder"
        case .tunedAccuracy, .tunedError: "training from scratch"
        }
    }
}
