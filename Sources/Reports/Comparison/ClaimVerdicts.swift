public import Analysis

/// What a sweep is made to show, comparison by comparison, and what may be said of it.
///
/// The intervals are simultaneous, those of the claims among themselves: with k comparisons each holds with
/// probability 1 - 0.05/k, so that all of them together hold in 95 % of cases (Bonferroni). They follow the plan as
/// those of ``ComparisonVerdicts`` do.
public struct ClaimVerdicts: Sendable, Hashable {
    /// One claim in one metric.
    public struct Claim: Sendable, Hashable {
        /// In the words of whoever claims it.
        public var text: String
        /// What is compared with what.
        public var comparison: String
        public var metric: ComparisonInput.Metric
        /// What is said to be better, and what it is compared with, by seed and in the metric's unit.
        public var values: [Int: Double]
        public var others: [Int: Double]
        /// The largest figure, by seed, that these were worked out of.
        public var sizes: [Int: Double]
        /// ``ComparisonVerdicts/Item/lost``
        public var lost: [Int: [String]]
        /// Seeds of the plan that are still to come.
        public var pending: Int
        public var looks: Looks
        /// How many comparisons are corrected for at once.
        public var comparisons: Int
        /// Whether it was written down when figures of its rows were there.
        public var isLate: Bool
        /// ``ComparisonInput/Configuration/redone``
        public var redone: Int
        /// Why it can have no figures, as a footnote; nil where it can.
        public var obstacle: String?

        public init(
            text: String, comparison: String, metric: ComparisonInput.Metric, values: [Int: Double],
            others: [Int: Double], sizes: [Int: Double] = [:], lost: [Int: [String]] = [:],
            pending: Int = 0, looks: Looks = .fixed, comparisons: Int,
            isLate: Bool = false, redone: Int = 0, obstacle: String? = nil
        ) {
            self.text = text
            self.comparison = comparison
            self.metric = metric
            self.values = values
            self.others = others
            self.sizes = sizes
            self.lost = lost
            self.pending = pending
            self.looks = looks
            self.comparisons = comparisons
            self.isLate = isLate
            self.redone = redone
            self.obstacle = obstacle
        }
    }

    /// What became of a claim.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// The difference is better, by however little.
        case holds
        /// It is worse, or without an effect that matters.
        case fails
        case undecided

        public init(_ verdict: Verdict) {
            self = verdict.isBetter ? .holds : verdict.isDecided ? .fails : .undecided
        }

        public var words: String {
            switch self {
            case .holds: "holds"
            case .fails: "does not hold"
            case .undecided: "undecided"
            }
        }
    }

    /// A claim that was judged.
    public struct Item: Sendable, Hashable {
        public var claim: Claim
        /// Its difference, interval and verdict.
        public var judged: ComparisonVerdicts.Item

        public var outcome: Outcome { Outcome(judged.verdict) }
    }

    /// As they were given.
    public let items: [Item]

    public init(_ claims: [Claim]) {
        items = claims.map { claim in
            var item = ComparisonVerdicts.Item(
                row: claim.text, baseline: claim.comparison, metric: claim.metric,
                looks: claim.looks,
                comparisons: ComparisonInput.counted(claim.comparisons, redone: claim.redone),
                family: claim.isLate ? 1 : 0, hasLateBaseline: false, formerMetrics: [],
                redone: claim.redone,
                difference: PairedDifference(
                    of: claim.values, against: claim.others, sizes: claim.sizes),
                pending: claim.pending, lost: claim.lost, verdict: .undecided)
            item.judge()
            return Item(claim: claim, judged: item)
        }
    }

    /// A sentence a claim: what became of it in each metric.
    public var sentences: [String] {
        var texts: [String] = []
        for item in items where !texts.contains(item.claim.text) { texts.append(item.claim.text) }
        return texts.map { text in
            let parts = items.filter { $0.claim.text == text }.map { item in
                "\(item.outcome.words) in \(item.claim.metric.name) (\(VerdictText.figures(item.judged)))"
            }
            return "Claim “\(text)”: \(parts.joined(separator: "; "))."
        }
    }
}
