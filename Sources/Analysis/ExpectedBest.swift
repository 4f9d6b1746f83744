/// The best of k random points, as it is expected from n that were tried (Dodge et al. 2019,
/// doi:10.18653/v1/D19-1224): what tuning is worth by how much of it one can pay.
public enum ExpectedBest {
    /// The mean of the best of `count` draws with replacement from the values.
    ///
    /// The largest of k draws is at most the i-th smallest of n values with probability (i/n)^k.
    public static func value(
        of values: [Double], count: Int, higherIsBetter: Bool
    ) -> Double? {
        guard !values.isEmpty, count > 0, values.allSatisfy(\.isFinite) else { return nil }
        // From the worst to the best.
        let sorted = values.sorted { higherIsBetter ? $0 < $1 : $0 > $1 }
        let n = Double(sorted.count)
        var sum = 0.0
        for (index, value) in sorted.enumerated() {
            let (below, upTo) = (Double(index) / n, Double(index + 1) / n)
            sum += value * (power(upTo, count) - power(below, count))
        }
        return sum
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
