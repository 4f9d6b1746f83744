import Analysis
import Randomness

/// Sweeps without any effect, watched after every seed: how often anything false is said of them.
package struct SimulatedSweeps {
    var noise: SimulatedNoise
    var rows: Int
    var metrics: Int
    var runs: Int

    package init(noise: SimulatedNoise, rows: Int, metrics: Int, runs: Int) {
        self.noise = noise
        self.rows = rows
        self.metrics = metrics
        self.runs = runs
    }

    static let seeds = 50
    static let first = 5
    static let fixedCounts = [5, 10, 20, 50]

    /// Shares of sweeps.
    package struct Outcome {
        /// A difference is found at some look, by the sequence of an open plan: also one minus the
        /// coverage of all intervals at all looks.
        package var open = 0.0
        /// The same of a fixed plan of five seeds that is extended seed by seed.
        package var extended = 0.0
        /// By the number of seeds of a fixed plan.
        package var fixed: [Int: Double] = [:]
        /// Effects of exactly the smallest size are called smaller, at some look.
        package var equivalence = 0.0
        /// Comparisons with the warning that they lean to one side, at 20 and at 50 seeds.
        package var marked: [Int: Double] = [:]
    }

    var comparisons: Int { (rows - 1) * metrics }

    private struct Widths {
        var open: [Double]
        var shared: [Double]
        var fixed: [Double]
        var look: Double

        init(alpha: Double) {
            func widths(_ looks: Looks, _ alpha: Double) -> [Double] {
                (0...seeds).map { looks.halfWidth(count: $0, alpha: alpha) ?? .infinity }
            }
            open = widths(.open(first: []), alpha)
            shared = widths(.open(first: Array(0..<first)), alpha)
            fixed = widths(.fixed, alpha)
            look = Looks.fixed.halfWidth(count: first, alpha: alpha / 2) ?? .infinity
        }
    }

    /// Whether an effect of exactly the smallest size, with these deviations from it, would be called
    /// smaller.
    private static func isCalledSmaller(
        _ moments: RunningMoments, _ smallest: Double, _ width: Double
    ) -> Bool {
        guard moments.distance(from: 0) < -width else { return false }
        let half = width * moments.deviation
        let interval = ConfidenceInterval(
            lower: smallest + moments.mean - half, upper: smallest + moments.mean + half)
        switch Verdict(interval, smallest: smallest, higherIsBetter: true) {
        case .negligible, .barelyBetter, .barelyWorse: return true
        default: return false
        }
    }

    package func outcome() -> Outcome {
        let widths = Widths(alpha: 0.05 / Double(comparisons))
        // As large as the deviation: an effect that sequences can exclude within 50 seeds.
        let smallest = 1.0
        var (open, extended, equivalence) = (0, 0, 0)
        var fixed: [Int: Int] = [:]
        var marked: [Int: Int] = [:]
        for run in 0..<runs {
            var stream = Randomness.Stream(
                UInt64(run), "sweep of \(rows) rows, \(metrics) metrics, \(noise.rawValue)")
            var moments = [RunningMoments](repeating: .init(), count: comparisons)
            var values = [[Double]](repeating: [], count: comparisons)
            var (isOpen, isExtended, isEquivalent) = (false, false, false)
            for count in 1...Self.seeds {
                let drawn = noise.differences(rows: rows, metrics: metrics, &stream)
                for index in drawn.indices {
                    moments[index].add(drawn[index])
                    values[index].append(drawn[index])
                }
                guard count >= Looks.fewestPairs else { continue }
                let distances = moments.map { $0.distance(from: 0) }
                let farthest = distances.reduce(0) { max($0, abs($1)) }
                isOpen = isOpen || farthest > widths.open[count]
                isExtended =
                    isExtended || farthest > widths.shared[count]
                    || count == Self.first && farthest > widths.look
                if Self.fixedCounts.contains(count), farthest > widths.fixed[count] {
                    fixed[count, default: 0] += 1
                }
                isEquivalent =
                    isEquivalent
                    || moments.contains { Self.isCalledSmaller($0, smallest, widths.open[count]) }
                if count == 20 || count == 50 {
                    marked[count, default: 0] += values.count { Skewness.isMarked($0) }
                }
            }
            if isOpen { open += 1 }
            if isExtended { extended += 1 }
            if isEquivalent { equivalence += 1 }
        }
        func share(_ count: Int) -> Double { Double(count) / Double(runs) }
        return Outcome(
            open: share(open), extended: share(extended), fixed: fixed.mapValues(share),
            equivalence: share(equivalence),
            marked: marked.mapValues { share($0) / Double(comparisons) })
    }
}
