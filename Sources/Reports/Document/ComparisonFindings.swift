public import Analysis

/// Failure signatures of the configurations of a comparison table.
public enum ComparisonFindings {
    /// Which columns and rows of the table hold the evidence; what is nil or not there is unknown.
    public struct Sources: Sendable, Hashable {
        /// Keys of columns, in percent and degrees.
        public var probeAccuracy: String?
        public var probeError: String?
        public var tunedAccuracy: String?
        public var tunedError: String?
        public var embeddingDeviation: String?
        /// Labels of reference rows.
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
        from table: Table, sources: Sources,
        thresholds: FailureSignature.Thresholds = FailureSignature.Thresholds()
    ) -> [ReportDocument.Finding] {
        func value(_ row: Row?, _ key: String?) -> Double? {
            guard let row, let key, let index = table.columns.firstIndex(where: { $0.key == key })
            else { return nil }
            return row.cells[index].value
        }
        let random = table.rows.first { $0.label == sources.randomEncoder }
        let scratch = table.rows.first { $0.label == sources.fromScratch }
        return table.rows.filter { !$0.isReference }.flatMap { row in
            let evidence = FailureSignature.Evidence(
                probeAccuracy: value(row, sources.probeAccuracy),
                probeError: value(row, sources.probeError),
                randomAccuracy: value(random, sources.probeAccuracy),
                randomError: value(random, sources.probeError),
                tunedAccuracy: value(row, sources.tunedAccuracy),
                tunedError: value(row, sources.tunedError),
                scratchAccuracy: value(scratch, sources.tunedAccuracy),
                scratchError: value(scratch, sources.tunedError),
                embeddingDeviation: value(row, sources.embeddingDeviation))
            return FailureSignature.findings(evidence, thresholds: thresholds)
                .map { ReportDocument.Finding(row: row.label, signature: $0) }
        }
    }
}
