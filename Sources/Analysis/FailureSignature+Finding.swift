extension FailureSignature {
    /// A configuration's figures beside those of the references to judge them by. What is not known is
    /// nil, and findings that would need it are not made.
    public struct Figures: Sendable, Hashable, Codable {
        /// Against the same probe on a random encoder.
        public var probeAccuracy: Comparison?
        public var probeError: Comparison?
        /// Against the same network trained on the labels alone.
        public var tunedAccuracy: Comparison?
        public var tunedError: Comparison?
        /// By seed: the standard deviation of the normalised embedding, mean over its dimensions, times
        /// the root of their number: 1 for embeddings spread over the sphere, 0 for a single point.
        public var embeddingDeviations: [Int: Double]

        public init(
            probeAccuracy: Comparison? = nil, probeError: Comparison? = nil,
            tunedAccuracy: Comparison? = nil, tunedError: Comparison? = nil,
            embeddingDeviations: [Int: Double] = [:]
        ) {
            self.probeAccuracy = probeAccuracy
            self.probeError = probeError
            self.tunedAccuracy = tunedAccuracy
            self.tunedError = tunedError
            self.embeddingDeviations = embeddingDeviations
        }
    }

    /// How much has to be gained for anything to count as learnt.
    public struct Thresholds: Sendable, Hashable, Codable {
        /// The probe's error, as a share of the random encoder's.
        public var errorShare = 0.25
        /// Units: points of percent.
        public var accuracyGain = 2.0
        /// Of fine-tuning. Units: degrees.
        public var errorGain = 1.0
        /// Below this an embedding has collapsed.
        public var embeddingDeviation = 0.1

        public init() {}
    }

    /// The signatures that the figures bear out, the gravest first: a gain counts as missing only
    /// where the whole interval lies below what would be one, not where too few seeds found none.
    public static func findings(
        _ figures: Figures, thresholds: Thresholds = Thresholds()
    ) -> [FailureSignature] {
        [
            collapse(figures, thresholds), unlearned(figures, thresholds),
            undiscriminative(figures, thresholds),
        ].compactMap { $0 }
    }

    private static func collapse(
        _ figures: Figures, _ thresholds: Thresholds
    ) -> FailureSignature? {
        let collapsed = figures.embeddingDeviations.filter {
            $0.value < thresholds.embeddingDeviation
        }
        guard !collapsed.isEmpty else { return nil }
        return FailureSignature(
            kind: .collapse, deviations: collapsed, seedCount: figures.embeddingDeviations.count)
    }

    /// No gain in error: spatial features; nor in accuracy: spectral ones as well.
    private static func unlearned(
        _ figures: Figures, _ thresholds: Thresholds
    ) -> FailureSignature? {
        guard let error = figures.probeError else { return nil }
        let ofError = statement(
            error, gain: thresholds.errorShare * error.reference, higherIsBetter: false)
        guard lacksGain(ofError) else { return nil }
        var evidence = [Evidence(figure: .probeError, comparison: error, statement: ofError)]
        guard let accuracy = figures.probeAccuracy else {
            return FailureSignature(kind: .spatialFeaturesNotLearned, evidence: evidence)
        }
        let ofAccuracy = statement(
            accuracy, gain: thresholds.accuracyGain, higherIsBetter: true)
        evidence.append(
            Evidence(figure: .probeAccuracy, comparison: accuracy, statement: ofAccuracy))
        return FailureSignature(
            kind: lacksGain(ofAccuracy) ? .spectralFeaturesNotLearned : .spatialFeaturesNotLearned,
            evidence: evidence)
    }

    /// A gain in either figure is a gain: the pretraining was not in vain.
    private static func undiscriminative(
        _ figures: Figures, _ thresholds: Thresholds
    ) -> FailureSignature? {
        guard let accuracy = figures.tunedAccuracy else { return nil }
        let ofAccuracy = statement(
            accuracy, gain: thresholds.accuracyGain, higherIsBetter: true)
        guard lacksGain(ofAccuracy) else { return nil }
        var evidence = [
            Evidence(figure: .tunedAccuracy, comparison: accuracy, statement: ofAccuracy)
        ]
        if let error = figures.tunedError {
            let ofError = statement(error, gain: thresholds.errorGain, higherIsBetter: false)
            guard lacksGain(ofError) else { return nil }
            evidence.append(Evidence(figure: .tunedError, comparison: error, statement: ofError))
        }
        return FailureSignature(kind: .embeddingsNotDiscriminative, evidence: evidence)
    }

    /// The strongest statement that holds for the whole interval.
    static func statement(
        _ comparison: Comparison, gain: Double, higherIsBetter: Bool
    ) -> Statement {
        guard let interval = comparison.interval else { return .undecided }
        // Gains upwards, whichever way is better.
        let most = higherIsBetter ? interval.upper : -interval.lower
        if higherIsBetter ? interval.isBelowZero : interval.isAboveZero { return .worse }
        if most < gain { return .gainsLessThan(gain) }
        let isBetter = higherIsBetter ? interval.isAboveZero : interval.isBelowZero
        return isBetter ? .better : .undecided
    }

    private static func lacksGain(_ statement: Statement) -> Bool {
        switch statement {
        case .worse, .gainsLessThan: true
        case .better, .undecided: false
        }
    }
}
