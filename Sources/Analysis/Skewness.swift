/// Whether differences lean to one side more than normal ones do: intervals of few of them then hold
/// less often than they say.
public enum Skewness {
    /// The sample's skewness g1, third moment over the deviation cubed; nil for fewer than three
    /// values, or where all are equal.
    public static func value(_ values: [Double]) -> Double? {
        guard values.count > 2, let summary = Summary(values),
            let deviation = summary.standardDeviation, deviation > 0
        else { return nil }
        let count = Double(values.count)
        // In deviations: powers of the values' own unit may be no numbers.
        let mean = summary.mean / deviation
        let sorted = values.sorted().map { $0 / deviation }
        let second = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        guard second > 0 else { return nil }
        let third = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
        return third / (second * second.squareRoot())
    }

    /// Whether so skewed a sample would come of a normal distribution in fewer than about 2 % of
    /// cases: beyond 2.33 of its standard errors (Fisher 1930, doi:10.1098/rspa.1930.0185).
    ///
    /// With five values or fewer no sample is so skewed: there nothing can be told.
    public static func isMarked(_ values: [Double]) -> Bool {
        guard values.count > 5, let skewness = value(values) else { return false }
        let n = Double(values.count)
        let error = (6 * (n - 2) / ((n + 1) * (n + 3))).squareRoot()
        return abs(skewness) > 2.33 * error
    }
}
