import MCSimCLR

/// Between which bounds a figure of merit lies, whatever was evaluated.
package enum MetricRange {
    /// Why a metric cannot have a value, in words; nil where it can, and for metrics of other kinds.
    package static func fault(_ metric: String, _ value: Double) -> String? {
        // `probe_distance_error` is no `error` of an evaluation `probe_distance`.
        let figure = EventFigure.all.filter { metric.hasSuffix($0.name) }
            .max { $0.name.count < $1.name.count }
        guard let figure, !value.isNaN else { return nil }
        // What was not evaluated is no number.
        if figure.target != nil { return value < 0 ? "but an error must not be below 0" : nil }
        let bounds: (text: String, range: ClosedRange<Double>) =
            switch figure.statistic {
            case .share: ("but a share must be from 0 to 100 %", 0...100)
            case .mean, .median: ("but an error must be from 0 to 180 degrees", 0...180)
            }
        return bounds.range.contains(value) ? nil : bounds.text
    }
}
