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
    ///
    /// - Parameter roundOff: what parts the values by rounding alone, where they come from larger ones.
    public init?(_ values: [Double], roundOff: Double = 0) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        // Where squares would be too large or too small for a number, in another unit.
        let largest = values.lazy.map(abs).max() ?? 0
        if largest > 1e100 || largest > 0 && largest < 1e-100 {
            let unit = Double(sign: .plus, exponent: largest.exponent, significand: 1)
            guard let summary = Summary(values.map { $0 / unit }, roundOff: roundOff / unit) else {
                return nil
            }
            mean = summary.mean * unit
            standardDeviation = summary.standardDeviation.map { $0 * unit }
            count = summary.count
            return
        }
        let sorted = values.sorted()
        let count = Double(sorted.count)
        if let first = sorted.first, let last = sorted.last,
            last - first <= max(roundOff, Self.roundOff * max(abs(first), abs(last)))
        {
            mean = sorted[sorted.count / 2]
            self.count = sorted.count
            standardDeviation = sorted.count < 2 ? nil : 0
            return
        }
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

    /// Of values each of which rounding may have moved by so much in all, since it comes from larger ones: where one value
    /// could be all of them, they are equal.
    init?(_ values: [Double], roundOffs: [Double]) {
        let least = zip(values, roundOffs).map { $0 + $1 / 2 }.min() ?? 0
        let most = zip(values, roundOffs).map { $0 - $1 / 2 }.max() ?? 0
        self.init(
            values, roundOff: values.count == roundOffs.count && most <= least ? .infinity : 0)
    }

    /// Values whose spread is a smaller share of their size are equal: rounding alone parts them.
    static let roundOff = 1e-12

    /// The standard deviation of the mean; nil for a single value.
    public var standardError: Double? {
        standardDeviation.map { $0 / Double(count).squareRoot() }
    }

    /// Student's interval of the mean (Student 1908, doi:10.1093/biomet/6.1.1); nil for a single
    /// value, and for values that are all equal: how far others would scatter is then as unknown,
    /// and an interval without width would say that they could not.
    public func interval(level: Double = 0.95) -> ConfidenceInterval? {
        guard let error = standardError, error > 0 else { return nil }
        let quantile = StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
        // Beyond the largest number nothing is bounded.
        guard (abs(mean) + quantile * error).isFinite else { return nil }
        return ConfidenceInterval(
            lower: mean - quantile * error, upper: mean + quantile * error, level: level)
    }
}
