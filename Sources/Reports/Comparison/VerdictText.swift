package import Analysis
import Platform

/// Verdicts in words.
package enum VerdictText {
    /// "better by at least 1 %", "no effect beyond ±1°", "undecided".
    package static func words(_ verdict: Verdict, _ metric: ComparisonInput.Metric) -> String {
        let size =
            metric.smallestEffect.map { NumberText.short($0, digits: 4) + unit(metric.unit) } ?? ""
        return switch verdict {
        case .clearlyBetter: "better by at least \(size)"
        case .better: "better"
        case .barelyBetter: "better, by less than \(size)"
        case .negligible: "no effect beyond ±\(size)"
        case .barelyWorse: "worse, by less than \(size)"
        case .worse: "worse"
        case .clearlyWorse: "worse by at least \(size)"
        case .undecided: "undecided"
        }
    }

    /// Why there are none, and what to do.
    package static let noBaseline =
        "no configuration is compared with a baseline. Name one under 'baseline' of the file "
        + "(sweeps/FORMAT.md) and run the sweep again: nothing is computed twice."

    /// A unit behind a number: " %", "°".
    package static func unit(_ unit: String?) -> String {
        unit.map { $0 == "°" ? $0 : " \($0)" } ?? ""
    }

    /// "4 of 5 pairs, seed 3 has no figure in “a”: ..."; nil where none is missing.
    static func lost(_ item: ComparisonVerdicts.Item) -> String? {
        guard !item.lost.isEmpty else { return nil }
        var rows: [[String]: [Int]] = [:]
        for (seed, names) in item.lost { rows[names, default: []].append(seed) }
        let parts = rows.sorted { ($0.value.min() ?? 0) < ($1.value.min() ?? 0) }.map {
            names, seeds in
            "\(SeedList.text(seeds)) \(seeds.count == 1 ? "has" : "have") "
                + (names.isEmpty
                    ? "differences beyond the largest number"
                    : "no figure in " + names.joined(separator: " and "))
        }
        let all = item.pairs + item.lost.count
        return
            "\(item.pairs) of \(pairs(all)): \(parts.joined(separator: "; ")). Trainings that fail seldom do so by "
            + "chance: what is said holds of those that succeed in both"
    }

    static func pairs(_ count: Int) -> String { Count.text(count, "pair") }

    /// "+3.1 % [+2.0, +4.2], 10 pairs"
    package static func figures(_ item: ComparisonVerdicts.Item) -> String {
        guard let difference = item.difference else { return "no pairs" }
        let decimals = NumberText.decimals(showing: item.interval, atLeast: item.metric.decimals)
        func number(_ value: Double) -> String { NumberText.signed(value, decimals: decimals) }
        let interval = item.interval.map { " [\(number($0.lower)), \(number($0.upper))]" } ?? ""
        let count =
            item.lost.isEmpty
            ? pairs(item.pairs) : "\(item.pairs) of \(pairs(item.pairs + item.lost.count))"
        return number(difference.summary.mean) + unit(item.metric.unit) + interval + ", " + count
    }
}
