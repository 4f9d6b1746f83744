/// How a network is trained: steps, batch and learning rate (Adam, warm-up, cosine decay).
public struct OptimisationSettings: Sendable, Codable, Hashable {
    public var steps: Int
    public var batchSize: Int
    /// Peak learning rate.
    public var learningRate: Double
    /// Share of the steps during which the learning rate rises to its peak.
    public var warmUpFraction: Double

    public init(
        steps: Int, batchSize: Int, learningRate: Double = 1e-3, warmUpFraction: Double = 0.05
    ) {
        self.steps = steps
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.warmUpFraction = warmUpFraction
    }

    var warmUpSteps: Int { Int((Double(steps) * warmUpFraction).rounded()) }
}
