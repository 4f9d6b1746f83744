/// Holm's step-down correction for testing several hypotheses at once.
public enum HolmCorrection {
    /// The adjusted p-values, in the order given: with all of them compared with 0.05, the
    /// probability of even one false finding is at most 0.05 (Holm 1979, https://www.jstor.org/stable/4615733).
    ///
    /// - Parameter comparisons: how many the family has, where some of its p-values are not known
    ///   (yet): these count as 1, so that none that is known gains by it.
    public static func adjusted(_ pValues: [Double], comparisons: Int? = nil) -> [Double] {
        let count = max(pValues.count, comparisons ?? 0)
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var adjusted = [Double](repeating: 1, count: pValues.count)
        var largest = 0.0
        for (position, index) in order.enumerated() {
            largest = max(largest, min(1, pValues[index] * Double(count - position)))
            adjusted[index] = largest
        }
        return adjusted
    }
}
