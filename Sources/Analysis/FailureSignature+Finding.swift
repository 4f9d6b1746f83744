extension FailureSignature {
    /// A configuration's figures, with the references to judge them by; means over seeds. What is
    /// not known is nil, and findings that would need it are not made.
    public struct Evidence: Sendable, Hashable, Codable {
        /// Units: percent.
        public var probeAccuracy: Double?
        /// Units: degrees.
        public var probeError: Double?
        /// The same probe on a random encoder. Units: percent, degrees.
        public var randomAccuracy: Double?
        public var randomError: Double?
        /// Units: percent, degrees.
        public var tunedAccuracy: Double?
        public var tunedError: Double?
        /// The same network trained on the labels alone. Units: percent, degrees.
        public var scratchAccuracy: Double?
        public var scratchError: Double?
        /// The standard deviation of the normalised embedding over the test clips, mean over its
        /// dimensions, times the root of their number: 1 for embeddings spread over the sphere, 0
        /// for a single point.
        public var embeddingDeviation: Double?

        public init(
            probeAccuracy: Double? = nil, probeError: Double? = nil,
            randomAccuracy: Double? = nil, randomError: Double? = nil,
            tunedAccuracy: Double? = nil, tunedError: Double? = nil,
            scratchAccuracy: Double? = nil, scratchError: Double? = nil,
            embeddingDeviation: Double? = nil
        ) {
            self.probeAccuracy = probeAccuracy
            self.probeError = probeError
            self.randomAccuracy = randomAccuracy
            self.randomError = randomError
            self.tunedAccuracy = tunedAccuracy
            self.tunedError = tunedError
            self.scratchAccuracy = scratchAccuracy
            self.scratchError = scratchError
            self.embeddingDeviation = embeddingDeviation
        }
    }

    /// Where "hardly better" begins.
    public struct Thresholds: Sendable, Hashable, Codable {
        /// An error counts as learnt when it is below this share of the random encoder's.
        public var errorShare = 0.75
        /// An accuracy counts as learnt when it exceeds the random encoder's by so much. Units:
        /// points of percent.
        public var accuracyGain = 2.0
        /// Below this the embeddings have collapsed.
        public var embeddingDeviation = 0.1

        public init() {}
    }

    /// The signatures that the evidence shows, the gravest first.
    public static func findings(
        _ evidence: Evidence, thresholds: Thresholds = Thresholds()
    ) -> [FailureSignature] {
        var findings: [FailureSignature] = []
        if let deviation = evidence.embeddingDeviation, deviation < thresholds.embeddingDeviation {
            findings.append(
                FailureSignature(
                    kind: .collapse,
                    figures: [Figure(name: "embedding deviation", value: deviation)]))
        }
        if let finding = unlearned(evidence, thresholds) { findings.append(finding) }
        if let finding = undiscriminative(evidence) { findings.append(finding) }
        return findings
    }

    /// High error with some gain in accuracy: spatial features; with none: spectral ones as well.
    private static func unlearned(
        _ evidence: Evidence, _ thresholds: Thresholds
    ) -> FailureSignature? {
        guard let error = evidence.probeError, let randomError = evidence.randomError,
            error >= thresholds.errorShare * randomError
        else { return nil }
        var figures = [
            Figure(name: "probe error", value: error, unit: "°"),
            Figure(name: "random encoder's error", value: randomError, unit: "°"),
        ]
        guard let accuracy = evidence.probeAccuracy, let random = evidence.randomAccuracy else {
            return FailureSignature(kind: .spatialFeaturesNotLearned, figures: figures)
        }
        figures.append(Figure(name: "probe accuracy", value: accuracy, unit: "%"))
        figures.append(Figure(name: "random encoder's accuracy", value: random, unit: "%"))
        let isAccuracyLow = accuracy < random + thresholds.accuracyGain
        return FailureSignature(
            kind: isAccuracyLow ? .spectralFeaturesNotLearned : .spatialFeaturesNotLearned,
            figures: figures)
    }

    private static func undiscriminative(_ evidence: Evidence) -> FailureSignature? {
        guard let accuracy = evidence.tunedAccuracy, let scratch = evidence.scratchAccuracy,
            accuracy <= scratch
        else { return nil }
        var figures = [
            Figure(name: "fine-tuned accuracy", value: accuracy, unit: "%"),
            Figure(name: "from-scratch accuracy", value: scratch, unit: "%"),
        ]
        if let error = evidence.tunedError, let scratchError = evidence.scratchError {
            // A lower error is a gain: the pretraining was not in vain.
            guard error >= scratchError else { return nil }
            figures.append(Figure(name: "fine-tuned error", value: error, unit: "°"))
            figures.append(Figure(name: "from-scratch error", value: scratchError, unit: "°"))
        }
        return FailureSignature(kind: .embeddingsNotDiscriminative, figures: figures)
    }
}
