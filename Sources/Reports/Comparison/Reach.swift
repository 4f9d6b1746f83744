import Analysis
import Platform

/// What the seeds of a plan can show at all: known before any figure is.
package enum Reach {
    /// How the sentence begins.
    package static let beginning = "What "

    /// A sentence for below the table; nil where nothing is compared with a baseline.
    package static func sentence(_ input: ComparisonInput) -> String? {
        let verdicts = ComparisonVerdicts(input)
        let items = verdicts.items.filter { item in
            if case .chosen = item.looks { false } else { true }
        }
        let planned = items.map { item in
            // What a row may get until it is settled is not known before.
            if case .open = item.looks, input.addsSeeds { return item.pairs }
            return item.pairs + item.pending
        }
        guard let pairs = planned.max(), pairs > 0,
            let item = zip(items, planned).first(where: { $1 == pairs })?.0
        else { return nil }
        let seeds = Count.text(pairs, "seed")
        let count = item.comparisons
        let family = Count.text(count, "comparison") + " with the baseline"
        let former =
            verdicts.formerComparisons.map { "; \($0) of them of earlier plans of this name" } ?? ""
        guard let width = item.looks.reach(count: pairs, alpha: item.alpha) else {
            let needed =
                item.looks.count(forHalfWidth: 1e6, alpha: item.alpha) ?? Looks.fewestPairs
            return
                beginning
                + "\(seeds) can show, in \(family)\(former.isEmpty ? "" : " (\(former.dropFirst(2)))"): no difference; at least "
                + "\(needed) are needed."
        }
        return beginning
            + "\(seeds) can show, in \(family) (95 % together\(former)): mean "
            + "differences beyond \(NumberText.fixed(width, decimals: width < 1 ? 2 : 1)) deviations of the pairs."
    }
}
