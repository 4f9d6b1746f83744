public import Analysis

/// Failure signatures of the configurations of a comparison.
public enum ComparisonFindings {
    /// Which metrics and rows hold the evidence; what is nil or not there is unknown.
    public struct Sources: Sendable, Hashable {
        /// Keys of metrics, in percent and degrees.
        public var probeAccuracy: String?
        public var probeError: String?
        public var tunedAccuracy: String?
        public var tunedError: String?
        public var embeddingDeviation: String?
        /// How the labels of reference rows begin.
        public var randomEncoder: String?
        public var fromScratch: String?

        public init(
            probeAccuracy: String? = nil, probeError: String? = nil, tunedAccuracy: String? = nil,
            tunedError: String? = nil, embeddingDeviation: String? = nil,
            randomEncoder: String? = nil, fromScratch: String? = nil
        ) {
            self.probeAccuracy = probeAccuracy
            self.probeError = probeError
            self.tunedAccuracy = tunedAccuracy
            self.tunedError = tunedError
            self.embeddingDeviation = embeddingDeviation
            self.randomEncoder = randomEncoder
            self.fromScratch = fromScratch
        }
    }

    /// The findings, row by row, references left out.
    public static func make(
        from input: ComparisonInput, comparisons: ReferenceComparisons, sources: Sources,
        thresholds: FailureSignature.Thresholds = FailureSignature.Thresholds()
    ) -> [ReportDocument.Finding] {
        input.configurations.filter { !$0.isReference }.flatMap { row in
            func comparison(_ key: String?, _ reference: String?) -> FailureSignature.Comparison? {
                guard let key, let reference else { return nil }
                let item = comparisons.items.first {
                    $0.row == row.label && $0.metric.key == key
                        && $0.reference.hasPrefix(reference)
                }
                guard let item, let difference = item.difference else { return nil }
                return .init(
                    value: item.pairedMean, reference: item.pairedReferenceMean,
                    interval: difference.interval, pairs: difference.summary.count)
            }
            let deviations = sources.embeddingDeviation.map { key in
                row.values(of: .init(key: key, header: key))
            }
            let figures = FailureSignature.Figures(
                probeAccuracy: comparison(sources.probeAccuracy, sources.randomEncoder),
                probeError: comparison(sources.probeError, sources.randomEncoder),
                tunedAccuracy: comparison(sources.tunedAccuracy, sources.fromScratch),
                tunedError: comparison(sources.tunedError, sources.fromScratch),
                embeddingDeviations: deviations ?? [:])
            return FailureSignature.findings(figures, thresholds: thresholds)
                .map { ReportDocument.Finding(row: row.label, signature: $0) }
        }
    }
}
