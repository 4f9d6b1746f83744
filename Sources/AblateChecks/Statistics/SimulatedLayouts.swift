import Analysis
import Randomness

/// How often intervals over seeds and groups of test items hold the truth.
package struct SimulatedLayouts {
    var seeds: Int
    var groups: Int
    /// Deviations between seeds, between groups, and of the rest.
    var deviations: (seeds: Double, groups: Double, rest: Double)
    var runs: Int

    /// Shares of runs in which the interval over both, and that over seeds alone, holds the truth.
    func coverage() -> (both: Double, seedsAlone: Double) {
        var (both, alone) = (0, 0)
        for run in 0..<runs {
            var stream = Randomness.Stream(
                UInt64(run), "layout \(seeds) \(groups) \(deviations)")
            let ofGroups = (0..<groups).map { _ in deviations.groups * stream.normal() }
            let values = (0..<seeds).map { _ -> [Double] in
                let ofSeed = deviations.seeds * stream.normal()
                return ofGroups.map { ofSeed + $0 + deviations.rest * stream.normal() }
            }
            if TwoWayLayout(values)?.interval()?.contains(0) ?? false { both += 1 }
            let means = values.map { $0.reduce(0, +) / Double(groups) }
            if Summary(means)?.interval()?.contains(0) ?? false { alone += 1 }
        }
        return (Double(both) / Double(runs), Double(alone) / Double(runs))
    }
}
