import Foundation

/// Intervals of what one model reaches on a test set whose values come in clusters, such as several
/// recordings of one clip: values of a cluster are alike and count for less than their number.
///
/// No values are drawn at random: the variance of the mean is the jackknife's over whole clusters
/// (CR3; MacKinnon, Nielsen and Webb 2023, doi:10.1002/jae.2969), the quantile is Student's with one
/// degree of freedom less than there are clusters (Cameron and Miller 2015,
/// doi:10.3368/jhr.50.2.317). In simulations with 6 to 100 clusters these held the truth more often
/// than the cluster bootstrap's, percentile or BCa: see `ClusteredIntervalTests`.
public enum ClusteredInterval {
    /// The interval of a share: Wilson's (1927, doi:10.1080/01621459.1927.10502953) for the number of
    /// independent values that would be as uncertain as these (Franco et al. 2019,
    /// doi:10.1093/jssam/smy019). It stays within 0 and 1, and keeps a width where all values agree.
    ///
    /// `clusters` names each value's cluster. Nil for fewer than two clusters.
    public static func share(
        of hits: [Bool], clusters: [Int], level: Double = 0.95
    ) -> ConfidenceInterval? {
        guard let sample = ClusterSums(hits.map { $0 ? 1 : 0 }, clusters: clusters) else {
            return nil
        }
        let share = sample.mean
        let variance = sample.jackknifeVariance
        let known =
            variance > 0 ? share * (1 - share) / variance : Double(sample.count)
        let size = min(max(known, 1), Double(hits.count))
        let t = sample.quantile(level)
        let shrinkage = 1 + t * t / size
        // What rounding leaves beside 0 or 1 is no uncertainty.
        func rounded(_ bound: Double) -> Double {
            bound < 1e-12 ? 0 : bound > 1 - 1e-12 ? 1 : bound
        }
        let centre = (share + t * t / (2 * size)) / shrinkage
        let spread = share * (1 - share) / size + t * t / (4 * size * size)
        let half = t * spread.squareRoot() / shrinkage
        return ConfidenceInterval(
            lower: rounded(centre - half), upper: rounded(centre + half), level: level)
    }

    /// The interval of the mean of values that are never negative, such as absolute errors:
    /// Student's on the logarithm of the mean, because errors lean to one side.
    ///
    /// `clusters` names each value's cluster. Nil for fewer than two clusters, and where a value is
    /// negative or not finite.
    public static func mean(
        of values: [Double], clusters: [Int], level: Double = 0.95
    ) -> ConfidenceInterval? {
        guard values.allSatisfy({ $0 >= 0 && $0.isFinite }),
            let sample = ClusterSums(values, clusters: clusters)
        else { return nil }
        guard sample.mean > 0 else { return ConfidenceInterval(lower: 0, upper: 0, level: level) }
        let deviation = sample.jackknifeVariance.squareRoot() / sample.mean
        let factor = exp(sample.quantile(level) * deviation)
        return ConfidenceInterval(
            lower: sample.mean / factor, upper: sample.mean * factor, level: level)
    }

    /// The interval of the median: the quantiles whose ranks bound the share of values below it
    /// (Woodruff 1952, doi:10.1080/01621459.1952.10483443).
    ///
    /// `clusters` names each value's cluster. Nil for fewer than two clusters, and where a value is
    /// not finite.
    public static func median(
        of values: [Double], clusters: [Int], level: Double = 0.95
    ) -> ConfidenceInterval? {
        guard values.allSatisfy(\.isFinite), values.count == clusters.count, values.count > 1 else {
            return nil
        }
        let sorted = values.sorted()
        let median = Bootstrap.median(values)
        // A value that equals the median stands on both sides.
        let below = values.map { $0 < median ? 1 : $0 == median ? 0.5 : 0 }
        guard let sample = ClusterSums(below, clusters: clusters) else { return nil }
        let half = sample.quantile(level) * sample.jackknifeVariance.squareRoot()
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count) - 0.5
            let position = min(max(place, 0), Double(sorted.count - 1))
            let lower = Int(position)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        return ConfidenceInterval(
            lower: quantile(0.5 - half), upper: quantile(0.5 + half), level: level)
    }
}

/// Sums and sizes of clusters.
private struct ClusterSums {
    private let sums: [Double]
    private let sizes: [Double]
    private let total: Double
    private let size: Double

    /// Nil for fewer than two clusters, and for lengths that differ.
    init?(_ values: [Double], clusters: [Int]) {
        guard values.count == clusters.count else { return nil }
        var positions: [Int: Int] = [:]
        var sums: [Double] = []
        var sizes: [Double] = []
        for (value, cluster) in zip(values, clusters) {
            let position = positions[cluster] ?? sums.count
            if position == sums.count {
                positions[cluster] = position
                sums.append(0)
                sizes.append(0)
            }
            sums[position] += value
            sizes[position] += 1
        }
        guard sums.count > 1 else { return nil }
        self.sums = sums
        self.sizes = sizes
        total = sums.reduce(0, +)
        size = sizes.reduce(0, +)
    }

    /// The number of clusters.
    var count: Int { sums.count }

    var mean: Double { total / size }

    /// The variance of the mean, by leaving out a cluster at a time.
    var jackknifeVariance: Double {
        let left = zip(sums, sizes).map { (total - $0) / (size - $1) }
        let centre = left.reduce(0, +) / Double(left.count)
        let squares = left.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        return squares * Double(count - 1) / Double(count)
    }

    func quantile(_ level: Double) -> Double {
        StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
    }
}
