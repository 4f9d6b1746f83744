import Analysis
import Reports
import ResultsStore
import Sweeps

extension SweepFigures {
    /// The main figures: the differences of each metric from the baseline, with the intervals that
    /// verdicts rest on, a dot a seed, and the band of the smallest effect.
    var forests: [Figure] {
        let items = ComparisonVerdicts(input).items
        let isOfSeveral = Set(items.map(\.baseline)).count > 1
        return input.metrics.compactMap { metric in
            let own = items.filter { $0.metric.key == metric.key && $0.difference != nil }
            guard !own.isEmpty else { return nil }
            let unit = Column.inParentheses(unit: metric.unit)
            let baseline = isOfSeveral ? "its baseline" : "“\(own[0].baseline)”"
            let families = Set(own.map(\.comparisons)).sorted().map(String.init)
            let isOpen = own.contains { $0.looks != .fixed }
            return Figure(
                identifier: identifier(metric.key, "differences"),
                title:
                    "\(metric.group.map { "\($0): " } ?? "")\(metric.header) against \(baseline)",
                caption: caption(
                    "Mean differences, paired by seed, with "
                        + (isOpen ? "confidence sequences" : "Student's intervals")
                        + " that hold together in 95 % of cases (k = \(families.joined(separator: " and "))); a dot a seed.",
                    isOfSeveral ? Self.baselines(of: own) : nil,
                    metric.smallestEffect.map { size in
                        "Shaded: less than the smallest effect, \(number(size))\(VerdictText.unit(metric.unit))."
                    },
                    (metric.better == .higher ? "Higher" : "Lower") + " is better.",
                    "Blue: better; orange: worse; green: no effect beyond the band; grey: undecided."
                ),
                xLabel: "difference of \(metric.header)\(unit)",
                content: .forest(
                    own.map { item in
                        Figure.Difference(
                            label: item.row,
                            value: item.difference?.summary.mean ?? .nan,
                            lower: item.interval?.lower, upper: item.interval?.upper,
                            tone: tone(item.verdict),
                            points: item.difference?.differences ?? [])
                    }, band: metric.smallestEffect))
        }
    }

    /// "From the top: 3 rows against “a”, 1 against “b”.": labels with baselines in them leave no room for rows.
    static func baselines(of items: [ComparisonVerdicts.Item]) -> String {
        var runs: [(baseline: String, count: Int)] = []
        for item in items {
            if runs.last?.baseline == item.baseline {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((item.baseline, 1))
            }
        }
        let parts = runs.enumerated().map { index, run in
            "\(run.count)\(index > 0 ? "" : run.count == 1 ? " row" : " rows") against “\(run.baseline)”"
        }
        return "From the top: \(parts.joined(separator: ", "))."
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    }

    private func tone(_ verdict: Verdict) -> Figure.Difference.Tone {
        if verdict.isBetter { return .better }
        if verdict.isWorse { return .worse }
        return verdict == .negligible ? .negligible : .undecided
    }

    /// What pairs of a set's members do together beyond their sum.
    var interactions: [Figure] {
        attributions.enumerated().flatMap { index, part in
            part.metrics.compactMap { metric, attribution -> Figure? in
                guard !attribution.interactions.isEmpty else { return nil }
                let unit = Column.inParentheses(unit: metric.unit)
                return Figure(
                    identifier: identifier(metric.key, "interactions", "\(index)"),
                    title:
                        "\(metric.group.map { "\($0): " } ?? "")\(metric.header): interactions of pairs",
                    caption: caption(
                        "What two do together beyond the sum of what each does (Shapley interaction "
                            + "index), a dot a seed, with intervals that hold together in 95 % of cases "
                            + "(k = \(part.plan.comparisons)).", part.title + "."),
                    xLabel: "interaction\(unit)",
                    content: .forest(
                        attribution.interactions.map { pair in
                            let interval = part.plan.interval(
                                of: pair.effect, metric.key, attribution)
                            let verdict = Verdict(
                                interval, smallest: nil, higherIsBetter: metric.better != .lower)
                            return Figure.Difference(
                                label: pair.name, value: pair.effect.summary.mean,
                                lower: interval?.lower, upper: interval?.upper, tone: tone(verdict),
                                points: pair.effect.values)
                        }, band: nil))
            }
        }
    }

    /// Of a sweep over two settings, a map of each metric.
    var grids: [Figure] {
        guard let grid = SettingsGrid(trials, order: sweep.parameters), grid.down.count > 1,
            grid.across.count > 1
        else {
            return []
        }
        let words = grid.keys.map { $0.replacing("_", with: " ") }
        let found = table.rowFinder
        return table.columns.indices.compactMap { index in
            let column = table.columns[index]
            guard let better = column.better else { return nil }
            let cells = grid.down.map { value in
                grid.across.map { other in
                    grid.labels[[value, other]].flatMap { found($0)?.cells[index] }
                }
            }
            let hasBest = cells.contains { $0.contains { $0?.isBest ?? false } }
            let unit = Column.inParentheses(unit: column.unit)
            return Figure(
                identifier: identifier(column.key, "map"),
                title: "\(column.group.map { "\($0): " } ?? "")\(column.header)\(unit)",
                caption: caption(
                    "Mean over seeds. Darker is better.",
                    hasBest ? "•: may be the best: no other is shown to beat it." : nil),
                xLabel: words[1], yLabel: words[0],
                content: .grid(
                    Figure.Grid(
                        down: grid.words(down: study.schema),
                        across: grid.words(across: study.schema),
                        values: cells.map { $0.map { $0?.value } },
                        isMarked: cells.map { $0.map { $0?.isBest ?? false } },
                        decimals: column.decimals, isDarkHigh: better == .higher)))
        }
    }
}
