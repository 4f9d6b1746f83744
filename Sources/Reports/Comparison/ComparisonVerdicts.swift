public import Analysis

/// Each configuration against its baseline, in every metric that is tested: what may be said of it.
///
/// The intervals are simultaneous: with k comparisons in the family of a row each holds with probability
/// 1 - 0.05/k, so that all of them together hold in 95 % of cases (Bonferroni). Of a fixed plan they are
/// there when all seeds are; of an open one they are confidence sequences.
public struct ComparisonVerdicts: Sendable, Hashable {
    /// One configuration against its baseline in one metric.
    public struct Item: Sendable, Hashable {
        public var row: String
        public var baseline: String
        public var metric: ComparisonInput.Metric
        public var looks: Looks
        /// How many comparisons are corrected for at once.
        public var comparisons: Int
        /// Which rows these comparisons are of.
        public var family: Int
        /// Whether the baseline was named when figures of both rows were there already.
        public var hasLateBaseline: Bool
        /// The keys of metrics that are corrected for, and that the file tests no more.
        public var formerMetrics: [String]
        /// How often its figures came out others when they were computed again after a look.
        public var redone: Int
        /// Configuration minus baseline; nil where no seed has both.
        public var difference: PairedDifference?
        /// Simultaneous; nil where the pairs bound nothing, and of a fixed plan that is not complete.
        public var interval: ConfidenceInterval?
        /// Pairs of the plan that are still to come.
        public var pending: Int
        /// Pairs of the plan that will never be there, by seed: in which rows they have no figure, as a sentence names them.
        public var lost: [Int: [String]] = [:]
        public var verdict: Verdict

        public var pairs: Int { difference?.summary.count ?? 0 }

        /// Whether pairs of a fixed plan are still to come: it has not been looked at.
        public var isWaiting: Bool { looks == .fixed && pending > 0 }

        /// Whether so many pairs have the same difference that more of them promise nothing: how far others
        /// would scatter stays unknown, and there is no interval.
        public var isConstant: Bool { pairs >= Self.pairsOfConstant && isWithoutScatter }

        /// Whether several pairs have the same difference: there is no interval.
        var isWithoutScatter: Bool { difference?.summary.standardDeviation == 0 }

        private static let pairsOfConstant = 10

        /// Of the interval alone.
        public var alpha: Double { 0.05 / Double(max(1, comparisons)) }

        /// Whether the differences lean to one side more than normal ones do.
        public var isSkewed: Bool { difference.map { Skewness.isMarked($0.differences) } ?? false }

        /// How many pairs in all a verdict would take if these went on as they are; nil where more than
        /// `maximum`, or where nobody knows.
        ///
        /// An interval decides where it keeps off zero, or lies between the smallest effects. Pairs are
        /// added to a plan that was looked at: the rest of it is open.
        public func pairsNeeded(maximum: Int = 1_000) -> Int? {
            guard let difference, let deviation = difference.summary.standardDeviation,
                difference.summary.count >= Looks.fewestPairs, deviation > 0
            else { return nil }
            let mean = abs(difference.summary.mean)
            let room = max(mean, (metric.smallestEffect ?? 0) - mean)
            guard room > 0 else { return nil }
            let looks: Looks =
                if case .fixed = looks { .open(first: difference.seeds) } else { looks }
            return looks.count(
                forHalfWidth: room / deviation, alpha: alpha, maximum: maximum)
        }
    }

    /// By metric, then by configuration.
    public private(set) var items: [Item] = []

    public init(_ input: ComparisonInput) {
        let rows = input.rows
        let baselines = input.baselines
        let comparisons = input.comparisonCount
        let tested = Set(input.family.map(\.key))
        for metric in input.family {
            for index in rows.indices {
                guard let baseline = baselines[index], baseline != index else { continue }
                items.append(
                    Self.item(rows[index], rows[baseline], metric, of: comparisons, tested))
            }
        }
    }

    /// What is corrected for at once, in the order of the rows.
    public var families: [(comparisons: Int, rows: [String])] {
        var found: [(key: [Int], comparisons: Int, rows: [String])] = []
        for item in items {
            let key = [item.family, item.comparisons]
            guard let place = found.firstIndex(where: { $0.key == key }) else {
                found.append((key, item.comparisons, [item.row]))
                continue
            }
            if !found[place].rows.contains(item.row) { found[place].rows.append(item.row) }
        }
        return found.map { ($0.comparisons, $0.rows) }
    }

    /// How many comparisons are corrected for that were made with rows of earlier plans, which this plan has no
    /// more; nil for none, and where k is larger for another reason.
    public var formerComparisons: Int? {
        let isOtherwise = items.contains {
            $0.hasLateBaseline || $0.redone > 0 || !$0.formerMetrics.isEmpty
        }
        guard !isOtherwise else { return nil }
        let metrics = Set(items.map(\.metric.key)).count
        // Later families are corrected for what was left out when they came.
        let count = families.map { $0.comparisons - $0.rows.count * metrics }.max() ?? 0
        return count > 0 ? count : nil
    }

    private static func item(
        _ row: ComparisonInput.Configuration, _ baseline: ComparisonInput.Configuration,
        _ metric: ComparisonInput.Metric, of comparisons: Int, _ tested: Set<String>
    ) -> Item {
        let difference = PairedDifference(
            of: row.values(of: metric), against: baseline.values(of: metric))
        let planned = Set(row.trials.map(\.seed)).intersection(baseline.trials.map(\.seed))
        let pending = row.pendingSeeds.union(baseline.pendingSeeds).intersection(planned)
        var item = Item(
            row: row.label, baseline: baseline.label, metric: metric, looks: row.looks,
            comparisons: ComparisonInput.counted(
                row.comparisons ?? comparisons, redone: row.redone), family: row.family,
            hasLateBaseline: row.hasLateBaseline,
            formerMetrics: row.formerMetrics.filter { !tested.contains($0) }, redone: row.redone,
            difference: difference, pending: pending.count,
            verdict: .undecided)
        let (values, others) = (row.values(of: metric), baseline.values(of: metric))
        for seed in planned.subtracting(pending).subtracting(difference?.seeds ?? []) {
            item.lost[seed] = [
                values[seed]?.isFinite ?? false ? nil : "“\(row.label)”",
                others[seed]?.isFinite ?? false ? nil : "“\(baseline.label)”",
            ].compactMap(\.self)
        }
        item.judge()
        return item
    }
}

extension ComparisonVerdicts.Item {
    /// Takes the interval and the verdict from all else.
    mutating func judge() {
        interval = isWaiting ? nil : difference.flatMap { looks.interval(of: $0, alpha: alpha) }
        verdict = Verdict(
            interval, smallest: metric.smallestEffect, higherIsBetter: metric.better == .higher)
    }
}

extension ComparisonInput {
    /// The configurations that are no references.
    var rows: [Configuration] { configurations.filter { !$0.isReference } }

    /// Of each of ``rows`` the position of the one that it is compared with.
    var baselines: [Int?] { rows.baselines }
}

extension [ComparisonInput.Configuration] {
    /// Of each the position of the one that it is compared with: the one it names; where none names any,
    /// the first baseline; nil of a reference.
    var baselines: [Int?] {
        let namesAny = contains { $0.versus != nil }
        let first = namesAny ? nil : firstIndex(where: \.isBaseline)
        let positions = Dictionary(
            enumerated().filter { !$0.element.isReference }.map { ($0.element.label, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        return map { configuration in
            guard !configuration.isReference else { return nil }
            return configuration.versus.map { positions[$0] } ?? first
        }
    }
}

extension ComparisonInput.Configuration {
    /// The seeds whose trials may still finish.
    var pendingSeeds: Set<Int> {
        Set(trials.filter { $0.status == .pending || $0.status == .running }.map(\.seed))
    }
}
