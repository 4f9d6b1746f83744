/// One configuration against another, seed by seed.
///
/// The seeds are paired: with the same seed both see the same rooms, initial weights and batch
/// order, so that the difference within a seed is far less noisy than the difference of the means.
public struct PairedDifference: Sendable, Hashable, Codable {
    /// The test that gave ``pValue``.
    public enum Test: String, Sendable, Codable {
        /// ``SignFlipTest``, up to 40 pairs.
        case signFlip
        /// ``WilcoxonSignedRank``, for more.
        case wilcoxon
        /// ``ConfidenceSequence``, of an open plan: valid at every look.
        case sequence
    }

    /// How an interval was found.
    public enum IntervalMethod: String, Sendable, Codable {
        case sequence
        case student
        /// ``Bootstrap``, BCa.
        case bootstrap
    }

    /// Mean, standard deviation and number of the differences, configuration minus baseline.
    public var summary: Summary
    /// The differences themselves, in the order of ``seeds``.
    public var differences: [Double]
    /// By how much rounding alone may part two of ``differences``, of each.
    var roundOffs: [Double]
    /// Of the mean difference; nil for a single pair, and where all differences are equal.
    public var interval: ConfidenceInterval?
    /// How ``interval`` was found.
    public var intervalMethod: IntervalMethod
    /// How many resamples ``Bootstrap`` took; nil for Student's interval.
    public var resamples: Int?
    public var test: Test
    /// Two-sided.
    public var pValue: Double
    /// The smallest p-value that this number of pairs could have given.
    public var smallestPValue: Double
    /// Cohen's d_z, the mean difference in units of the differences' standard deviation; nil where
    /// that is unknown or zero.
    public var effectSize: Double?
    /// The seeds that both have, ascending.
    public var seeds: [Int]
    /// Whether the differences are equal to the twelve digits of the values that are told from rounding, but not
    /// to the last.
    public var isEqualByRounding: Bool

    /// Compares by seed; nil where no seed has both values. Values that are not finite count as
    /// absent.
    ///
    /// - Parameter sizes: of the figures that a seed's values were worked out of, where these are differences
    ///   themselves: rounding is a share of them.
    public init?(
        of configuration: [Int: Double], against baseline: [Int: Double],
        sizes: [Int: Double] = [:], level: Double = 0.95
    ) {
        var seeds: [Int] = []
        var differences: [Double] = []
        var roundOffs: [Double] = []
        for seed in configuration.keys.sorted() {
            guard let value = configuration[seed], let other = baseline[seed],
                (value - other).isFinite
            else { continue }
            seeds.append(seed)
            let roundOff = Summary.roundOff * max(abs(value), abs(other), sizes[seed] ?? 0)
            // What rounding leaves of two large numbers is no difference.
            differences.append(abs(value - other) <= roundOff ? 0 : value - other)
            roundOffs.append(roundOff)
        }
        guard let summary = Summary(differences, roundOffs: roundOffs) else { return nil }
        self.summary = summary
        self.roundOffs = roundOffs
        self.seeds = seeds
        self.differences = differences
        isEqualByRounding =
            summary.standardDeviation == 0 && differences.contains { $0 != differences[0] }
        intervalMethod = .student
        interval = summary.interval(level: level)
        if let exact = SignFlipTest.pValue(differences) {
            test = .signFlip
            pValue = exact
        } else {
            test = .wilcoxon
            pValue = WilcoxonSignedRank.pValue(differences) ?? 1
        }
        smallestPValue = SignFlipTest.smallestPValue(count: differences.count)
        if let deviation = summary.standardDeviation, deviation > 0 {
            effectSize = summary.mean / deviation
        }
    }

    /// The same with the bootstrap's interval; unchanged where there is no interval.
    public func bootstrapped(
        level: Double = 0.95, resamples: Int = 9_999,
        using generator: inout some RandomNumberGenerator
    ) -> PairedDifference {
        guard self.interval != nil else { return self }
        var result = self
        let interval = Bootstrap.interval(
            of: differences, level: level, resamples: resamples, using: &generator)
        if let interval {
            result.interval = interval
            result.intervalMethod = .bootstrap
            result.resamples = resamples
        }
        return result
    }

    /// As an open plan shows it: interval and p-value that hold at every look; of a fixed plan
    /// unchanged.
    public func looked(_ looks: Looks, level: Double = 0.95) -> PairedDifference {
        guard looks != .fixed else { return self }
        var result = self
        result.interval = looks.interval(of: self, alpha: 1 - level)
        result.intervalMethod = .sequence
        result.resamples = nil
        result.test = .sequence
        result.pValue = looks.pValue(of: self)
        result.smallestPValue = ConfidenceSequence.smallestPValue(count: summary.count)
        return result
    }

    /// Whether this number of pairs could reach `level` at all, with `comparisons` made at once.
    public func canReach(_ level: Double, comparisons: Int = 1) -> Bool {
        smallestPValue * Double(max(1, comparisons)) <= level
    }
}
