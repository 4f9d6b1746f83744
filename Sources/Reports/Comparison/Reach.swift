import Analysis
import Platform

/// What the seeds of a plan can show at all: known before any figure is.
package enum Reach {
    /// How the sentence begins.
    package static let beginning = "What "

    /// A sentence for below the table; nil where nothing is compared with a baseline.
    package static func sentence(_ input: ComparisonInput) -> String? {
        let verdicts = ComparisonVerdicts(input)
        let planned = verdicts.items.map { item in
            if case .fixed = item.looks { return item.pairs + item.pending }
            return item.pairs
        }
        guard let pairs = planned.max(), pairs > 0,
            let item = zip(verdicts.items, planned).first(where: { $1 == pairs })?.0
        else { return nil }
        let seeds = Count.text(pairs, "seed")
        let count = item.comparisons
        let family = Count.text(count, "comparison")
        guard let width = item.looks.halfWidth(count: pairs, alpha: item.alpha) else {
            let needed =
                item.looks.count(forHalfWidth: 1e6, alpha: item.alpha) ?? Looks.fewestPairs
            return
                beginning
                + "\(seeds) can show, in \(family) with the baseline: no difference; at least "
                + "\(needed) are needed."
        }
        return beginning
            + "\(seeds) can show, in \(family) with the baseline (95 % together): mean "
            + "differences beyond \(NumberText.fixed(width, decimals: width < 1 ? 2 : 1)) deviations of the pairs."
    }
}
