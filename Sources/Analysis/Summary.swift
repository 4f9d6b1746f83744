/// Mean, standard deviation and number of a sample.
public struct Summary: Sendable, Hashable, Codable {
    public var mean: Double
    /// The sample's standard deviation (n - 1 in the denominator); nil for a single value, which
    /// says nothing about spread.
    public var standardDeviation: Double?
    public var count: Int

    public init(mean: Double, standardDeviation: Double?, count: Int) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.count = count
    }

    /// The summary of `values`; nil where there are none or where one is not finite.
    ///
    /// The values are added in the order of their size, so that the result does not depend, not
    /// even in its last bit, on the order in which trials finished.
    public init?(_ values: [Double]) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        let sorted = values.sorted()
        let count = Double(sorted.count)
        let rough = sorted.reduce(0, +) / count
        // A second pass takes out what rounding left in the first.
        let mean = rough + sorted.reduce(0) { $0 + ($1 - rough) } / count
        self.mean = mean
        self.count = sorted.count
        if sorted.count < 2 {
            standardDeviation = nil
        } else {
            let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            standardDeviation = (squares / (count - 1)).squareRoot()
        }
    }

    /// The standard deviation of the mean; nil for a single value.
    public var standardError: Double? {
        standardDeviation.map { $0 / Double(count).squareRoot() }
    }

    /// Student's interval of the mean (Student 1908, doi:10.1093/biomet/6.1.1); nil for a single
    /// value.
    public func interval(level: Double = 0.95) -> ConfidenceInterval? {
        guard let error = standardError else { return nil }
        let quantile = StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
        return ConfidenceInterval(
            lower: mean - quantile * error, upper: mean + quantile * error, level: level)
    }
}
