/// A paired difference over seeds and groups of test items at once: what another training on other
/// recordings would give.
///
/// Every seed is judged on the same groups, so that the two are crossed. Random effects of seeds, of
/// groups and a rest (Cornfield and Tukey 1956, doi:10.1214/aoms/1177728067): the variance of the mean
/// is (MS seeds + MS groups - MS rest) / (S G), with Satterthwaite's degrees of freedom (1946,
/// doi:10.2307/3002019); not below either of the two alone.
public struct TwoWayLayout: Sendable, Hashable, Codable {
    public var mean: Double
    public var seeds: Int
    public var groups: Int
    /// Deviations between seeds, between groups, and of what is left; of the model, none below zero.
    public var seedDeviation: Double
    public var groupDeviation: Double
    public var restDeviation: Double
    /// Of the mean.
    public var variance: Double
    public var degreesOfFreedom: Double

    /// - Parameter values: shape `[seeds][groups]`; nil for fewer than two of either, for rows of
    ///   different length, and where a value is not finite.
    public init?(_ values: [[Double]]) {
        guard values.count > 1, let count = values.first?.count, count > 1,
            values.allSatisfy({ $0.count == count && $0.allSatisfy(\.isFinite) })
        else { return nil }
        let (s, g) = (Double(values.count), Double(count))
        let bySeed = values.map { $0.reduce(0, +) / g }
        let byGroup = (0..<count).map { group in values.reduce(0) { $0 + $1[group] } / s }
        let mean = bySeed.reduce(0, +) / s
        func squares(_ means: [Double]) -> Double {
            means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let ofSeeds = g * squares(bySeed) / (s - 1)
        let ofGroups = s * squares(byGroup) / (g - 1)
        var rest = 0.0
        for (seed, row) in values.enumerated() {
            for (group, value) in row.enumerated() {
                let residual = value - bySeed[seed] - byGroup[group] + mean
                rest += residual * residual
            }
        }
        let degreesOfRest = (s - 1) * (g - 1)
        let ofRest = rest / degreesOfRest
        self.mean = mean
        (seeds, groups) = (values.count, count)
        seedDeviation = max(0, (ofSeeds - ofRest) / g).squareRoot()
        groupDeviation = max(0, (ofGroups - ofRest) / s).squareRoot()
        restDeviation = ofRest.squareRoot()
        let sum = ofSeeds + ofGroups - ofRest
        let floor = max(ofSeeds, ofGroups)
        variance = max(sum, floor) / (s * g)
        if sum >= floor, sum > 0 {
            degreesOfFreedom =
                sum * sum
                / (ofSeeds * ofSeeds / (s - 1) + ofGroups * ofGroups / (g - 1)
                    + ofRest * ofRest / degreesOfRest)
        } else {
            degreesOfFreedom = ofSeeds >= ofGroups ? s - 1 : g - 1
        }
    }

    /// The layout of items in groups of different size: each group's sum, less what the mean gives it,
    /// in the size of the average group, so that the mean over groups is that over items.
    ///
    /// - Parameters:
    ///   - sums: over the items of each group, shape `[seeds][groups]`.
    ///   - sizes: how many items each group has.
    public init?(sums: [[Double]], sizes: [Int]) {
        let items = Double(sizes.reduce(0, +))
        guard items > 0, sums.allSatisfy({ $0.count == sizes.count }) else { return nil }
        let total = sums.reduce(0) { $0 + $1.reduce(0, +) }
        let grand = total / (items * Double(sums.count))
        let scale = Double(sizes.count) / items
        self.init(
            sums.map { row in
                zip(row, sizes).map { sum, size in grand + (sum - grand * Double(size)) * scale }
            })
    }

    /// Of the mean difference: other seeds and other test items, the same training data. Not valid at
    /// every look.
    public func interval(level: Double = 0.95) -> ConfidenceInterval? {
        guard variance > 0 else { return nil }
        let half =
            StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2)
            * variance.squareRoot()
        return ConfidenceInterval(lower: mean - half, upper: mean + half, level: level)
    }

    /// What seeds, groups and the rest add to the variance of the mean.
    public var shares: (seeds: Double, groups: Double, rest: Double) {
        let (s, g) = (Double(seeds), Double(groups))
        return (
            seedDeviation * seedDeviation / s, groupDeviation * groupDeviation / g,
            restDeviation * restDeviation / (s * g)
        )
    }
}
