/// One measured number: a metric of the trial of one configuration with one seed.
public struct Observation: Sendable, Hashable, Codable {
    /// The configuration, by its position in the sweep.
    public var row: Int
    public var seed: Int
    /// The metric's key, such as `probe_accuracy`.
    public var metric: String
    /// Units: the metric's own.
    public var value: Double

    public init(row: Int, seed: Int, metric: String, value: Double) {
        self.row = row
        self.seed = seed
        self.metric = metric
        self.value = value
    }
}
