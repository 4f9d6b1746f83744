public import Analysis

/// Each configuration against the references of its context, paired by seed, in every metric that is
/// tested: what summaries and findings rest on.
///
/// The intervals are simultaneous: with k comparisons each holds with probability 1 - 0.05/k, so that
/// all of them together hold in 95 % of cases (Bonferroni). They are those of the row's plan.
public struct ReferenceComparisons: Sendable, Hashable {
    public enum Verdict: Sendable, Hashable {
        case better
        case worse
        /// The interval holds zero, or there is none.
        case undecided
    }

    /// One configuration against one reference in one metric.
    public struct Item: Sendable, Hashable {
        public var row: String
        public var reference: String
        public var metric: ComparisonInput.Metric
        /// Means over all seeds that each has, as the table shows them.
        public var rowMean: Double
        public var referenceMean: Double
        /// Configuration minus reference; its interval is the simultaneous one. Nil for no common seed.
        public var difference: PairedDifference?
        /// Means over the pairs.
        public var pairedMean: Double
        public var pairedReferenceMean: Double

        public var verdict: Verdict {
            guard let difference, let interval = difference.interval, interval.excludesZero,
                let better = metric.better
            else { return .undecided }
            return better.prefers(difference.summary.mean, to: 0) ? .better : .worse
        }

        /// Whether the reference's mean is the better one; of equal means none is.
        public var favoursReference: Bool {
            metric.better?.prefers(referenceMean, to: rowMean) ?? false
        }
    }

    /// By metric, then by reference, then by configuration.
    public private(set) var items: [Item] = []
    /// How many comparisons are made at once.
    public private(set) var count = 0

    /// Of each single interval.
    public var level: Double { 1 - 0.05 / Double(max(1, count)) }

    public init(_ input: ComparisonInput) {
        let rows = input.configurations.filter { !$0.isReference }
        let references = input.configurations.filter(\.isReference)
        var pairs: [(ComparisonInput.Metric, reference: Int, row: Int)] = []
        for metric in input.family {
            for (position, reference) in references.enumerated() {
                guard !reference.values(of: metric).isEmpty else { continue }
                for (index, row) in rows.enumerated()
                where row.references?.contains(reference.label) ?? true {
                    pairs.append((metric, position, index))
                }
            }
        }
        count = pairs.count
        items = pairs.compactMap { metric, reference, row in
            item(rows[row], references[reference], metric)
        }
    }

    /// Nil where the configuration has no value.
    private func item(
        _ row: ComparisonInput.Configuration, _ reference: ComparisonInput.Configuration,
        _ metric: ComparisonInput.Metric
    ) -> Item? {
        let values = row.values(of: metric)
        var others = reference.values(of: metric)
        guard let mean = Summary(Array(values.values))?.mean,
            let otherMean = Summary(Array(others.values))?.mean
        else { return nil }
        if reference.involvesNoChance, let value = others.values.first {
            for seed in values.keys { others[seed] = value }
        }
        let isComplete =
            row.looks != .fixed || row.pendingSeeds.isEmpty && reference.pendingSeeds.isEmpty
        let alpha = 0.05 / Double(max(1, count))
        let difference = PairedDifference(of: values, against: others).map { found in
            var found = found
            found.interval = isComplete ? row.looks.interval(of: found, alpha: alpha) : nil
            return found
        }
        let seeds = difference?.seeds ?? []
        return Item(
            row: row.label, reference: reference.label, metric: metric, rowMean: mean,
            referenceMean: otherMean, difference: difference,
            pairedMean: Summary(seeds.compactMap { values[$0] })?.mean ?? mean,
            pairedReferenceMean: Summary(seeds.compactMap { others[$0] })?.mean ?? otherMean)
    }
}
