import Analysis
import Randomness

/// How often the set of rows that may be the best holds the best one, and how small it is.
package struct SimulatedBest {
    var noise: SimulatedNoise
    var rows: Int
    /// How far the best row's mean is above the others'. Units: deviations of a row.
    var lead: Double
    var runs: Int

    package init(noise: SimulatedNoise, rows: Int, lead: Double, runs: Int) {
        self.noise = noise
        self.rows = rows
        self.lead = lead
        self.runs = runs
    }

    package struct Outcome {
        /// By the number of seeds of a fixed plan: share of sweeps, and rows in the set on average.
        package var fixed: [Int: (held: Double, size: Double)] = [:]
        /// At every look from 3 to 50 seeds at once.
        package var open = 0.0
    }

    static let counts = [5, 10, 20]

    package func outcome() -> Outcome {
        var fixed: [Int: (held: Int, size: Int)] = [:]
        var open = 0
        let alpha = 2 * 0.05 / Double(rows - 1)
        let widths = (0...SimulatedSweeps.seeds).map {
            Looks.open(first: []).halfWidth(count: $0, alpha: alpha) ?? .infinity
        }
        for run in 0..<runs {
            var stream = Randomness.Stream(
                UInt64(run), "best of \(rows) rows, \(noise.rawValue), \(lead)")
            var values = [[Int: Double]](repeating: [:], count: rows)
            var behind = [RunningMoments](repeating: .init(), count: rows - 1)
            var isHeld = true
            for seed in 0..<SimulatedSweeps.seeds {
                let drawn = (0..<rows).map { noise.value(&stream) + ($0 == 0 ? lead : 0) }
                for row in 1..<rows { behind[row - 1].add(drawn[row] - drawn[0]) }
                let count = seed + 1
                isHeld = isHeld && !behind.contains { $0.distance(from: 0) > widths[count] }
                if seed < Self.counts.max() ?? 0 {
                    for row in values.indices { values[row][seed] = drawn[row] }
                }
                guard Self.counts.contains(count) else { continue }
                let set = BestSet.rows(
                    values, looks: [Looks](repeating: .fixed, count: rows), higherIsBetter: true)
                fixed[count, default: (0, 0)].held += set?.contains(0) ?? true ? 1 : 0
                fixed[count, default: (0, 0)].size += set?.count ?? rows
            }
            if isHeld { open += 1 }
        }
        let n = Double(runs)
        return Outcome(
            fixed: fixed.mapValues { (Double($0.held) / n, Double($0.size) / n) },
            open: Double(open) / n)
    }
}
