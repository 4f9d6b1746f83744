public import Analysis

/// What the comparison table of a sweep shows.
public struct TableOptions: Sendable, Hashable {
    /// The names of figures, in the order of the columns; nil for those that the sweep's file chooses.
    public var metrics: [String]?
    /// Whether paired differences against the baseline stand beside the figures.
    public var showsDifferences: Bool
    /// How the intervals of the differences are found.
    public var interval: PairedDifference.IntervalMethod
    /// Whether the time and the memory of a trial have columns.
    public var showsCost: Bool

    public init(
        metrics: [String]? = nil, showsDifferences: Bool = false,
        interval: PairedDifference.IntervalMethod = .student, showsCost: Bool = false
    ) {
        self.metrics = metrics
        self.showsCost = showsCost
        self.showsDifferences = showsDifferences
        self.interval = interval
    }
}
