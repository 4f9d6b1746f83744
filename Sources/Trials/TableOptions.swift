public import Analysis
import Reports

/// A figure of merit that the comparison table can show for each evaluation.
public enum TableMetric: String, CaseIterable, Sendable, Hashable {
    case accuracy
    case error
    case medianError = "median_error"
    case within10 = "within_10"
    case within20 = "within_20"

    /// - Parameters:
    ///   - prefix: the evaluation whose figure it is, such as `probe`.
    ///   - group: the header above it.
    ///   - isOfReferences: whether references alone have it.
    func column(
        prefix: String, group: String, isOfReferences: Bool = false
    ) -> ComparisonInput.Metric {
        .init(
            key: "\(prefix)_\(rawValue)", header: header, group: group, unit: unit, better: better,
            isOfReferences: isOfReferences)
    }

    private var header: String {
        switch self {
        case .accuracy: "accuracy"
        case .error: "error"
        case .medianError: "median error"
        case .within10: "within 10°"
        case .within20: "within 20°"
        }
    }

    private var unit: String {
        switch self {
        case .error, .medianError: "°"
        case .accuracy, .within10, .within20: "%"
        }
    }

    private var better: Direction {
        switch self {
        case .error, .medianError: .lower
        case .accuracy, .within10, .within20: .higher
        }
    }
}

/// What the comparison table of a sweep shows.
public struct TableOptions: Sendable, Hashable {
    /// In the order of the columns; nil for those that the sweep's file chooses.
    public var metrics: [TableMetric]?
    /// Whether paired differences against the baseline stand beside the figures.
    public var showsDifferences: Bool
    /// How the intervals of the differences are found.
    public var interval: PairedDifference.IntervalMethod
    /// Whether the time and the memory of a trial have columns.
    public var showsCost: Bool

    public init(
        metrics: [TableMetric]? = nil, showsDifferences: Bool = false,
        interval: PairedDifference.IntervalMethod = .student, showsCost: Bool = false
    ) {
        self.metrics = metrics
        self.showsCost = showsCost
        self.showsDifferences = showsDifferences
        self.interval = interval
    }
}
