import Foundation

/// Bootstrap intervals: bias-corrected and accelerated, BCa (Efron 1987,
/// doi:10.1080/01621459.1987.10478410).
///
/// They assume no distribution, but they need a sample: below about ten values Student's interval
/// is the better one.
public enum Bootstrap {
    /// The interval of a statistic of `values`; nil for fewer than two, or where one is not finite.
    public static func interval(
        of values: [Double], level: Double = 0.95, resamples: Int = 9_999,
        using generator: inout some RandomNumberGenerator,
        statistic: ([Double]) -> Double = Bootstrap.mean
    ) -> ConfidenceInterval? {
        interval(
            ofClusters: values.map { [$0] }, level: level, resamples: resamples, using: &generator,
            statistic: statistic)
    }

    /// The interval where values come in clusters, such as the test clips of one recording: whole
    /// clusters are drawn, because values within one are alike and count for less than their number.
    ///
    /// `clusters` names each value's cluster. Nil for fewer than two clusters, for lengths that
    /// differ, or where a value is not finite.
    public static func interval(
        of values: [Double], clusters: [String], level: Double = 0.95, resamples: Int = 9_999,
        using generator: inout some RandomNumberGenerator,
        statistic: ([Double]) -> Double = Bootstrap.mean
    ) -> ConfidenceInterval? {
        guard values.count == clusters.count else { return nil }
        var positions: [String: Int] = [:]
        var groups: [[Double]] = []
        for (value, cluster) in zip(values, clusters) {
            if let position = positions[cluster] {
                groups[position].append(value)
            } else {
                positions[cluster] = groups.count
                groups.append([value])
            }
        }
        return interval(
            ofClusters: groups, level: level, resamples: resamples, using: &generator,
            statistic: statistic)
    }

    /// The arithmetic mean.
    public static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// The median, of an even number the mean of the middle two.
    public static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func interval(
        ofClusters groups: [[Double]], level: Double, resamples: Int,
        using generator: inout some RandomNumberGenerator, statistic: ([Double]) -> Double
    ) -> ConfidenceInterval? {
        precondition(level > 0 && level < 1, "an interval's level is in (0, 1)")
        precondition(resamples > 0, "a bootstrap needs resamples")
        guard groups.count > 1, groups.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            return nil
        }
        let observed = statistic(groups.flatMap { $0 })
        var drawn: [Double] = []
        var estimates: [Double] = []
        estimates.reserveCapacity(resamples)
        for _ in 0..<resamples {
            drawn.removeAll(keepingCapacity: true)
            for _ in groups.indices {
                let pick = Int(generator.next(upperBound: UInt64(groups.count)))
                drawn.append(contentsOf: groups[pick])
            }
            estimates.append(statistic(drawn))
        }
        estimates.sort()
        let bias = biasCorrection(estimates, observed)
        let acceleration = acceleration(groups, statistic)
        func bound(_ probability: Double) -> Double {
            let shifted = bias + StandardNormal.quantile(probability)
            let adjusted = bias + shifted / (1 - acceleration * shifted)
            return quantile(estimates, StandardNormal.cumulative(adjusted))
        }
        return ConfidenceInterval(
            lower: bound((1 - level) / 2), upper: bound((1 + level) / 2), level: level)
    }

    /// How far the median of the estimates lies from what was observed, in normal deviations.
    private static func biasCorrection(_ sorted: [Double], _ observed: Double) -> Double {
        let below = Double(sorted.count { $0 < observed })
        let equal = Double(sorted.count { $0 == observed })
        let count = Double(sorted.count)
        let share = min(max((below + equal / 2) / count, 0.5 / count), 1 - 0.5 / count)
        return StandardNormal.quantile(share)
    }

    /// How fast the standard error changes with the value, by leaving out a cluster at a time.
    private static func acceleration(
        _ groups: [[Double]], _ statistic: ([Double]) -> Double
    ) -> Double {
        let left = groups.indices.map { omitted in
            statistic(groups.indices.filter { $0 != omitted }.flatMap { groups[$0] })
        }
        let centre = mean(left)
        // Powers of the largest deviation itself could overflow, or vanish.
        let largest = left.map { abs(centre - $0) }.max() ?? 0
        guard largest > 0, largest.isFinite else { return 0 }
        let deviations = left.map { (centre - $0) / largest }
        let cubes = deviations.reduce(0) { $0 + pow($1, 3) }
        let squares = deviations.reduce(0) { $0 + pow($1, 2) }
        return cubes / (6 * pow(squares, 1.5))
    }

    private static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
        let position = probability * Double(sorted.count - 1)
        let lower = min(max(Int(position), 0), sorted.count - 1)
        let upper = min(lower + 1, sorted.count - 1)
        let fraction = position - Double(lower)
        return sorted[lower] + fraction * (sorted[upper] - sorted[lower])
    }
}
