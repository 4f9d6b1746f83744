/// When a comparison may be looked at: decided when its plan is frozen, before its figures are there.
public enum Looks: Sendable, Hashable, Codable {
    /// Once, when all of its seeds are there: Student's interval.
    case fixed
    /// After every seed: a ``ConfidenceSequence``.
    ///
    /// - Parameter first: the seeds of the fixed plan that was extended to this one, empty where there
    ///   was none. The look at these and the sequence then have half of the errors each.
    case open(first: [Int])
    /// Not at all: seeds that had figures were left out. Whoever may choose among seeds by what they show can show
    /// anything, and no interval allows for that.
    case chosen(leftOut: [Int])

    /// The seeds that were left out after a look; none where seeds were not chosen.
    public var leftOut: [Int] {
        if case .chosen(let leftOut) = self { leftOut } else { [] }
    }

    /// Fewer pairs than this would rest on the assumption of a normal distribution alone.
    public static let fewestPairs = 3

    /// The interval of a mean difference that holds with probability 1 - `alpha`; nil where the pairs
    /// that there are bound nothing.
    ///
    /// Of an extended plan: what the interval over its first seeds and the sequence have in common.
    public func interval(of difference: PairedDifference, alpha: Double) -> ConfidenceInterval? {
        interval(
            of: difference.summary, values: difference.differences, seeds: difference.seeds,
            roundOffs: difference.roundOffs, alpha: alpha)
    }

    /// The interval of another mean over the seeds of such a plan, such as an effect of several rows.
    ///
    /// - Parameters:
    ///   - summary: of `values`.
    ///   - values: one a seed, in the order of `seeds`.
    ///   - roundOffs: by how much rounding alone may part two of them, of each.
    public func interval(
        of summary: Summary, values: [Double], seeds: [Int], roundOffs: [Double], alpha: Double
    ) -> ConfidenceInterval? {
        guard summary.count >= Self.fewestPairs else { return nil }
        switch self {
        case .chosen: return nil
        case .fixed: return summary.interval(level: 1 - alpha)
        case .open(let first):
            guard !first.isEmpty else {
                return ConfidenceSequence.interval(of: summary, level: 1 - alpha)
            }
            let sequence = ConfidenceSequence.interval(of: summary, level: 1 - alpha / 2)
            return Self.common(
                sequence,
                Self.firstLook(values, seeds, roundOffs, first)?.interval(level: 1 - alpha / 2),
                level: 1 - alpha)
        }
    }

    /// What allows all the looks that several rows have had.
    public init(of rows: [Looks]) {
        let leftOut = rows.flatMap(\.leftOut)
        guard leftOut.isEmpty else {
            self = .chosen(leftOut: Set(leftOut).sorted())
            return
        }
        let open = Set(rows.filter { $0 != .fixed })
        self = open.count > 1 ? .open(first: []) : open.first ?? .fixed
    }

    /// The values of the first plan; nil where one of its seeds is missing.
    private static func firstLook(
        _ values: [Double], _ seeds: [Int], _ roundOffs: [Double], _ first: [Int]
    ) -> Summary? {
        let places = seeds.indices.filter { first.contains(seeds[$0]) }
        guard places.count == first.count, places.count >= fewestPairs else { return nil }
        return Summary(places.map { values[$0] }, roundOffs: places.map { roundOffs[$0] })
    }

    /// Where the two have nothing in common, one of them is wrong, and the sequence has more seeds.
    private static func common(
        _ sequence: ConfidenceInterval?, _ first: ConfidenceInterval?, level: Double
    ) -> ConfidenceInterval? {
        guard var result = sequence ?? first else { return nil }
        if let sequence, let first {
            let lower = max(sequence.lower, first.lower)
            let upper = min(sequence.upper, first.upper)
            if lower <= upper { (result.lower, result.upper) = (lower, upper) }
        }
        result.level = level
        return result
    }

    /// A p-value of no difference that holds at every look that the plan allows; of a fixed plan the
    /// difference's own.
    public func pValue(of difference: PairedDifference) -> Double {
        switch self {
        case .chosen: return 1
        case .fixed: return difference.pValue
        case .open(let first):
            let sequence = ConfidenceSequence.pValue(of: difference.summary)
            guard !first.isEmpty else { return sequence }
            let values = zip(difference.seeds, difference.differences)
                .filter { first.contains($0.0) }.map(\.1)
            let look = values.count == first.count ? SignFlipTest.pValue(values) ?? 1 : 1
            return min(1, 2 * min(sequence, look))
        }
    }

    /// Half of the interval's width with so many pairs, in deviations; nil where they bound nothing.
    public func halfWidth(count: Int, alpha: Double) -> Double? {
        guard count >= Self.fewestPairs else { return nil }
        switch self {
        case .chosen: return nil
        case .fixed:
            let quantile = StudentT(degreesOfFreedom: Double(count - 1)).quantile(1 - alpha / 2)
            return quantile / Double(count).squareRoot()
        case .open(let first):
            return ConfidenceSequence.halfWidth(
                count: count, level: 1 - (first.isEmpty ? alpha : alpha / 2))
        }
    }

    /// As ``halfWidth(count:alpha:)``, of an extended plan with what the look at its first seeds shows: nil where
    /// neither that nor the sequence bounds anything.
    public func reach(count: Int, alpha: Double) -> Double? {
        let sequence = halfWidth(count: count, alpha: alpha)
        guard case .open(let first) = self, !first.isEmpty, count >= first.count,
            let look = Looks.fixed.halfWidth(count: first.count, alpha: alpha / 2)
        else { return sequence }
        return min(sequence ?? .infinity, look)
    }

    /// The smallest number of pairs with which the half width is at most so many deviations.
    public func count(forHalfWidth width: Double, alpha: Double, maximum: Int = 1_000) -> Int? {
        SmallestCount.find(Self.fewestPairs, maximum) { count in
            (halfWidth(count: count, alpha: alpha) ?? .infinity) <= width
        }
    }
}
