/// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945, doi:10.2307/3001968).
///
/// Differences of zero are left out; ties share the mean of their ranks.
public enum WilcoxonSignedRank {
    /// Up to this many differences the distribution is counted exactly, ties included.
    public static let largestExactCount = 60

    /// The two-sided p-value; nil for no differences or where one is not finite.
    ///
    /// Exact up to ``largestExactCount`` differences, beyond by the normal approximation with
    /// correction for ties and none for continuity.
    public static func pValue(_ differences: [Double]) -> Double? {
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
        let kept = differences.filter { $0 != 0 }.sorted { (abs($0), $0) < (abs($1), $1) }
        if kept.isEmpty { return 1 }
        let ranks = doubledRanks(kept.map { abs($0) })
        var positive = 0
        for (difference, rank) in zip(kept, ranks) where difference > 0 { positive += rank }
        let total = ranks.reduce(0, +)
        let smaller = min(positive, total - positive)
        if kept.count <= largestExactCount {
            return exact(ranks, atMost: smaller)
        }
        // Doubled ranks: the sum of half the squares is the variance of the doubled statistic.
        let variance = ranks.reduce(0.0) { $0 + Double($1) * Double($1) } / 4
        let distance = Double(total) / 2 - Double(smaller)
        return StandardNormal.twoSided(distance / variance.squareRoot())
    }

    /// Ranks times two, so that the mean rank of a tie is a whole number.
    private static func doubledRanks(_ sorted: [Double]) -> [Int] {
        var ranks = [Int](repeating: 0, count: sorted.count)
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
            for index in start..<end { ranks[index] = start + 1 + end }
            start = end
        }
        return ranks
    }

    /// Counts, over all sign patterns, how often the positive ranks sum to at most `limit`.
    private static func exact(_ ranks: [Int], atMost limit: Int) -> Double {
        var patterns = [Double](repeating: 0, count: limit + 1)
        patterns[0] = 1
        for rank in ranks where rank <= limit {
            for sum in stride(from: limit, through: rank, by: -1) {
                patterns[sum] += patterns[sum - rank]
            }
        }
        let share =
            patterns.reduce(0, +) * Double(sign: .plus, exponent: -ranks.count, significand: 1)
        return min(1, 2 * share)
    }
}
