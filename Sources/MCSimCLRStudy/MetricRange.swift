import MCSimCLR

/// Between which bounds a figure of merit lies, whatever was evaluated.
package enum MetricRange {
    /// Why a metric cannot have a value, in words; nil where it can, and for metrics of other kinds.
    package static func fault(_ metric: String, _ value: Double) -> String? {
        let bounds: (text: String, range: ClosedRange<Double>)? =
            if metric.hasSuffix("error") {
                ("but an error must be from 0 to 180 degrees", 0...180)
            } else if EventFigure.all.contains(where: { metric.hasSuffix($0.name) }) {
                ("but a share must be from 0 to 100 %", 0...100)
            } else {
                nil
            }
        // What was not evaluated is no number.
        guard let bounds, !value.isNaN, !bounds.range.contains(value) else { return nil }
        return bounds.text
    }
}
