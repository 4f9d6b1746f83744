/// The exact sign-flip permutation test of paired differences.
///
/// Under the null hypothesis each difference could as well have had the other sign. The p-value is
/// the share of the 2^n sign patterns whose sum is at least as far from zero as the one observed
/// (Fisher 1935, The Design of Experiments, section 21). It assumes no distribution.
public enum SignFlipTest {
    /// More differences than this are too many to count exactly.
    public static let largestCount = 40

    /// The two-sided p-value; nil for no differences, for more than ``largestCount``, or where one
    /// is not finite.
    ///
    /// The sums of the two halves are sorted and matched, so that 2^(n/2) sums suffice.
    public static func pValue(_ differences: [Double]) -> Double? {
        let count = differences.count
        guard count > 0, count <= largestCount, differences.allSatisfy(\.isFinite) else {
            return nil
        }
        // Zeros do not change a sum: leaving them out changes no share.
        guard let largest = differences.map({ abs($0) }).max(), largest > 0 else { return 1 }
        // The shares do not change with the unit, in which sums of the largest numbers would overflow.
        let scaled = differences.map { $0 / largest }
        let magnitudes = scaled.map { abs($0) }.filter { $0 > 0 }.sorted()
        let observed = abs(scaled.sorted().reduce(0, +))
        // Sums that differ only by rounding are equal.
        let threshold = observed - 1e-11 * magnitudes.reduce(0, +)
        if threshold <= 0 { return 1 }
        let middle = magnitudes.count / 2
        let left = signedSums(Array(magnitudes[..<middle])).sorted()
        let right = signedSums(Array(magnitudes[middle...])).sorted()
        // Pairs with left + right >= threshold; those <= -threshold are as many, by symmetry.
        var pairs = 0.0
        var first = right.count
        for sum in left {
            while first > 0, right[first - 1] + sum >= threshold { first -= 1 }
            pairs += Double(right.count - first)
        }
        return min(1, 2 * pairs / (Double(left.count) * Double(right.count)))
    }

    /// The smallest p-value that `count` differences can ever give: 2 / 2^count.
    public static func smallestPValue(count: Int) -> Double {
        count <= 0 ? 1 : min(1, 2 * Double(sign: .plus, exponent: -count, significand: 1))
    }

    private static func signedSums(_ magnitudes: [Double]) -> [Double] {
        var sums = [0.0]
        for magnitude in magnitudes {
            sums = sums.map { $0 - magnitude } + sums.map { $0 + magnitude }
        }
        return sums
    }
}
