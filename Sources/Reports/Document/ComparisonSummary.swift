import Analysis

/// The answer of a comparison in sentences, each borne out by the tests and intervals of its table.
public enum ComparisonSummary {
    /// - Parameters:
    ///   - table: with differences, where there is a baseline.
    ///   - references: what beats the configurations is said first.
    ///   - findings: what else rests on these comparisons.
    public static func sentences(
        for table: Table, references: ReferenceComparisons? = nil,
        findings: [ReportDocument.Finding] = []
    ) -> [String] {
        var sentences = references.map(ofReferences) ?? []
        if let references,
            !sentences.isEmpty || findings.contains(where: { !$0.signature.evidence.isEmpty })
        {
            sentences.append(
                "Comparisons with references: \(references.count) at once, paired by seed, Student's "
                    + "intervals at \(NumberText.short(100 * references.level, digits: 4)) % each, "
                    + "95 % together.")
        }
        let verdicts = verdicts(in: table)
        if table.rows.count(where: { !$0.isReference }) > 1 {
            let hasDifferences = table.columns.contains {
                $0.key.hasSuffix(ComparisonBuilder.differenceSuffix)
            }
            if table.baselines.isEmpty, !table.rows.contains(where: \.isBaseline) {
                sentences.append(
                    "No configuration is the baseline, so none was tested against another: the means "
                        + "of the table settle nothing.")
            } else if hasDifferences {
                sentences += ofBaseline(table, verdicts)
            }
        }
        return sentences
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
                "\(value(first.referenceMean, first.metric)), the nearest “\(nearest.row)” with "
                + value(nearest.rowMean, first.metric)
            if worse == group.count {
                sentences.append(
                    "\(name(of: first.metric)): “\(first.reference)” beats every configuration: \(figures) "
                        + "(\(range(pairs)) each).")
            } else {
                let shown =
                    worse == 0 ? "for none of them" : "for \(worse) of \(group.count) of them"
                sentences.append(
                    "\(name(of: first.metric)): no configuration has a better mean than "
                        + "“\(first.reference)”: \(figures); \(shown) is that more than chance "
                        + "(\(range(pairs)) each).")
            }
        }
        return sentences
    }

    private static func range(_ pairs: [Int]) -> String {
        guard let least = pairs.min(), let most = pairs.max() else { return "no pairs" }
        if least == most { return least == 1 ? "1 pair" : "\(least) pairs" }
        return "\(least) to \(most) pairs"
    }

    private static func value(_ value: Double, _ metric: ComparisonInput.Metric) -> String {
        NumberText.fixed(value, decimals: metric.decimals) + unit(metric.unit)
    }

    private static func unit(_ unit: String?) -> String {
        unit.map { $0 == "°" ? $0 : " \($0)" } ?? ""
    }

    // MARK: The baseline

    /// A configuration against its baseline in one metric.
    private struct Verdict {
        var row: Row
        /// The metric's column.
        var column: Column
        var difference: PairedDifference
        var pValue: Double

        /// A star beside an interval that holds zero settles nothing, nor does the contrary.
        var isSettled: Bool { pValue <= 0.05 && difference.interval?.excludesZero == true }

        var isBetter: Bool {
            isSettled && column.better?.prefers(difference.summary.mean, to: 0) == true
        }

        var isWorse: Bool { isSettled && !isBetter }
    }

    private static func verdicts(in table: Table) -> [Verdict] {
        table.columns.indices.dropLast().flatMap { index -> [Verdict] in
            let column = table.columns[index]
            guard column.better != nil,
                table.columns[index + 1].key == column.key + ComparisonBuilder.differenceSuffix
            else { return [] }
            return table.rows.compactMap { row in
                guard
                    case .difference(let difference, adjustedPValue: let p?) =
                        row.cells[index + 1].content
                else { return nil }
                return Verdict(row: row, column: column, difference: difference, pValue: p)
            }
        }
    }

    private static func ofBaseline(_ table: Table, _ verdicts: [Verdict]) -> [String] {
        guard !verdicts.isEmpty else {
            return ["No configuration shares a finished seed with its baseline: nothing is tested."]
        }
        let baseline =
            table.baselines.count == 1 ? "“\(table.baselines[0])”" : "the row's own baseline"
        var sentences: [String] = []
        var keys: [String] = []
        for verdict in verdicts where !keys.contains(verdict.column.key) {
            keys.append(verdict.column.key)
        }
        for key in keys {
            let own = verdicts.filter { $0.column.key == key }
            guard let column = own.first?.column, own.contains(where: \.isSettled) else { continue }
            var parts: [String] = []
            for (word, chosen) in [
                ("better", own.filter(\.isBetter)), ("worse", own.filter(\.isWorse)),
            ] where !chosen.isEmpty {
                parts.append("\(word): " + names(chosen.map(text)))
            }
            let open = own.filter { !$0.isSettled }
            if !open.isEmpty {
                parts.append("undecided: " + names(open.map { "“\($0.row.label)”" }))
            }
            sentences.append(
                "\(name(of: column)), against \(baseline): \(parts.joined(separator: "; ")).")
        }
        let undecided = keys.filter { key in
            !verdicts.contains { $0.column.key == key && $0.isSettled }
        }
        if undecided.count == keys.count {
            sentences.append(
                "Nothing is decided: of \(verdicts.count) "
                    + "\(verdicts.count == 1 ? "difference" : "differences") from \(baseline) none is "
                    + "significant after correction (\(range(verdicts.map(\.difference.summary.count))))."
            )
        } else if !undecided.isEmpty {
            let names = undecided.compactMap { key in
                verdicts.first { $0.column.key == key }.map { name(of: $0.column) }
            }
            sentences.append(
                "Undecided for every configuration: \(names.joined(separator: ", and ")).")
        }
        return sentences + trades(verdicts)
    }

    /// What is better in one metric and worse in another, both tested.
    private static func trades(_ verdicts: [Verdict]) -> [String] {
        var labels: [String] = []
        for verdict in verdicts where !labels.contains(verdict.row.label) {
            labels.append(verdict.row.label)
        }
        return labels.compactMap { label in
            let own = verdicts.filter { $0.row.label == label }
            let better = own.filter(\.isBetter).map { name(of: $0.column) }
            let worse = own.filter(\.isWorse).map { name(of: $0.column) }
            guard !better.isEmpty, !worse.isEmpty else { return nil }
            return "“\(label)” is a trade-off: better in \(better.joined(separator: " and ")), "
                + "worse in \(worse.joined(separator: " and "))."
        }
    }

    private static func text(_ verdict: Verdict) -> String {
        let column = verdict.column
        let decimals = NumberText.decimals(
            showing: verdict.difference.interval, atLeast: column.decimals)
        let pairs = verdict.difference.summary.count
        return "“\(verdict.row.label)” "
            + "(\(NumberText.signed(verdict.difference.summary.mean, decimals: decimals))"
            + "\(unit(column.unit)), \(pairs) pairs, p = \(NumberText.short(verdict.pValue)) after "
            + "correction)"
    }

    /// Six names at most.
    private static func names(_ names: [String]) -> String {
        guard names.count > 6 else { return names.joined(separator: ", ") }
        return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) others"
    }

    private static func name(of metric: ComparisonInput.Metric) -> String {
        metric.group.map { "\($0), \(metric.header)" } ?? metric.header
    }

    private static func name(of column: Column) -> String {
        column.group.map { "\($0), \(column.header)" } ?? column.header
    }
}
