import Analysis
import Platform

/// The answer of a comparison in sentences, each a verdict of its intervals.
public enum ComparisonSummary {
    /// - Parameters:
    ///   - references: what beats the configurations is said first.
    ///   - findings: what else rests on these comparisons.
    public static func sentences(
        for input: ComparisonInput, references: ReferenceComparisons? = nil,
        findings: [ReportDocument.Finding] = []
    ) -> [String] {
        var sentences = references.map(ofReferences) ?? []
        if let references,
            !sentences.isEmpty || findings.contains(where: { !$0.signature.evidence.isEmpty })
        {
            sentences.append(
                "Comparisons with references: \(references.count) at once, paired by seed, intervals "
                    + "at \(NumberText.short(100 * references.level, digits: 4)) % each, 95 % together."
            )
        }
        guard input.rows.count > 1 else { return sentences }
        guard
            input.rows.contains(where: \.isBaseline)
                || input.rows.contains(where: { $0.versus != nil })
        else {
            return sentences + [
                "No configuration is the baseline, so none was tested against another: the means "
                    + "of the table settle nothing."
            ]
        }
        return sentences + ofBaseline(ComparisonVerdicts(input).items)
    }

    // MARK: References

    /// What no configuration is better than.
    private static func ofReferences(_ comparisons: ReferenceComparisons) -> [String] {
        var sentences: [String] = []
        var groups: [[ReferenceComparisons.Item]] = []
        for item in comparisons.items {
            if let last = groups.last?.last, last.metric.key == item.metric.key,
                last.reference == item.reference
            {
                groups[groups.count - 1].append(item)
            } else {
                groups.append([item])
            }
        }
        for group in groups where group.allSatisfy(\.favoursReference) {
            guard let first = group.first, let better = first.metric.better,
                let nearest = group.min(by: { better.prefers($0.rowMean, to: $1.rowMean) })
            else { continue }
            let worse = group.count { $0.verdict == .worse }
            let pairs = group.map { $0.difference?.summary.count ?? 0 }
            let figures =
                "\(value(first.referenceMean, first.metric)), the nearest configuration, “\(nearest.row)”, has "
                + value(nearest.rowMean, first.metric)
            if worse == group.count {
                sentences.append(
                    "\(name(of: first.metric)): “\(first.reference)” beats every configuration: \(figures) "
                        + "(\(range(pairs)) each).")
            } else {
                let others =
                    worse == 0
                    ? "nor is that shown to be better than any of them"
                    : "which is shown to be better than \(worse) of the \(group.count) configurations"
                sentences.append(
                    "\(name(of: first.metric)): no configuration is shown to be better than "
                        + "“\(first.reference)”, \(others) (\(figures); \(range(pairs)) each).")
            }
        }
        return sentences
    }

    private static func range(_ pairs: [Int]) -> String {
        guard let least = pairs.min(), let most = pairs.max() else { return "no pairs" }
        if least == most { return Count.text(least, "pair") }
        return "\(least) to \(most) pairs"
    }

    private static func value(_ value: Double, _ metric: ComparisonInput.Metric) -> String {
        NumberText.fixed(value, decimals: metric.decimals) + unit(metric.unit)
    }

    private static func unit(_ unit: String?) -> String { VerdictText.unit(unit) }

    // MARK: The baseline

    private static func ofBaseline(_ items: [ComparisonVerdicts.Item]) -> [String] {
        guard items.contains(where: { $0.pairs > 0 }) else {
            return ["No configuration shares a finished seed with its baseline: nothing is tested."]
        }
        let baselines = Set(items.map(\.baseline))
        let baseline =
            baselines.count == 1 ? "“\(items[0].baseline)”" : "the row's own baseline"
        var metrics: [ComparisonInput.Metric] = []
        for item in items where metrics.last?.key != item.metric.key { metrics.append(item.metric) }
        var sentences: [String] = []
        var undecided: [ComparisonInput.Metric] = []
        for metric in metrics {
            let own = items.filter { $0.metric.key == metric.key }
            guard own.contains(where: \.verdict.isDecided) else {
                undecided.append(metric)
                continue
            }
            let parts = Verdict.allCases.compactMap { verdict -> String? in
                let chosen = own.filter { $0.verdict == verdict && !$0.isWaiting }
                guard !chosen.isEmpty else { return nil }
                let texts = chosen.map { item in
                    "“\(item.row)”"
                        + (verdict.isDecided ? " (\(VerdictText.figures(item)))" : "")
                }
                return "\(VerdictText.words(verdict, metric)): \(names(texts))"
            }
            let waiting = own.filter(\.isWaiting).map { "“\($0.row)”" }
            let rest = waiting.isEmpty ? [] : ["not looked at yet: \(names(waiting))"]
            sentences.append(
                "\(name(of: metric)), against \(baseline): "
                    + "\((parts + rest).joined(separator: "; ")).")
        }
        let pairs = range(items.map(\.pairs))
        if items.allSatisfy(\.isWaiting) {
            let planned = range(items.map { $0.pairs + $0.pending })
            sentences.append(
                "Not looked at yet: a fixed plan is looked at when all of its seeds are there (\(pairs) "
                    + "so far, of \(planned)).")
        } else if undecided.count == metrics.count {
            let intervals =
                items.contains { $0.interval != nil }
                ? "intervals that hold together in 95 % of cases"
                : items.allSatisfy(\.isWithoutScatter)
                    ? "the same difference in all: no interval can be had"
                    : "too few for an interval"
            sentences.append(
                "Nothing is decided: of \(items.count) "
                    + "\(Count.word(items.count, "difference")) from \(baseline) none has a "
                    + "verdict (\(pairs), \(intervals)).")
        } else if !undecided.isEmpty {
            let names = undecided.map { name(of: $0) }
            sentences.append(
                "Undecided for every configuration: \(names.joined(separator: ", and ")).")
        }
        if items.contains(where: \.isSkewed) {
            sentences.append(
                "Some differences lean to one side; verdicts of few of these are less certain than "
                    + "95 % (docs/statistics.md).")
        }
        return sentences + trades(items)
    }

    /// What is better in one metric and worse in another, both decided.
    private static func trades(_ items: [ComparisonVerdicts.Item]) -> [String] {
        var labels: [String] = []
        for item in items where !labels.contains(item.row) { labels.append(item.row) }
        return labels.compactMap { label in
            let own = items.filter { $0.row == label }
            let better = own.filter(\.verdict.isBetter).map { name(of: $0.metric) }
            let worse = own.filter(\.verdict.isWorse).map { name(of: $0.metric) }
            guard !better.isEmpty, !worse.isEmpty else { return nil }
            return "“\(label)” is a trade-off: better in \(better.joined(separator: " and ")), "
                + "worse in \(worse.joined(separator: " and "))."
        }
    }

    /// Six names at most.
    private static func names(_ names: [String]) -> String {
        guard names.count > 6 else { return names.joined(separator: ", ") }
        return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) others"
    }

    private static func name(of metric: ComparisonInput.Metric) -> String {
        metric.group.map { "\($0), \(metric.header)" } ?? metric.header
    }
}
