import Analysis
import Randomness

/// How often an effect is found: once at a number of seeds that was fixed, or at some look until then.
package struct SimulatedPower {
    /// Units: deviations of the differences.
    var effect: Double
    var comparisons: Int
    var runs: Int

    package init(effect: Double, comparisons: Int, runs: Int) {
        self.effect = effect
        self.comparisons = comparisons
        self.runs = runs
    }

    static let counts = [5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50]

    /// By the number of seeds.
    package func shares() -> (fixed: [Int: Double], open: [Int: Double]) {
        let alpha = 0.05 / Double(comparisons)
        let most = Self.counts.max() ?? 0
        func widths(_ looks: Looks) -> [Double] {
            (0...most).map { looks.halfWidth(count: $0, alpha: alpha) ?? .infinity }
        }
        let (once, always) = (widths(.fixed), widths(.open(first: [])))
        var fixed: [Int: Int] = [:]
        var open: [Int: Int] = [:]
        for run in 0..<runs {
            var stream = Randomness.Stream(UInt64(run), "power \(effect)")
            var moments = RunningMoments()
            var isFound = false
            for count in 1...most {
                moments.add(stream.normal() + effect)
                guard count >= Looks.fewestPairs else { continue }
                let distance = moments.distance(from: 0)
                isFound = isFound || distance > always[count]
                guard Self.counts.contains(count) else { continue }
                if distance > once[count] { fixed[count, default: 0] += 1 }
                if isFound { open[count, default: 0] += 1 }
            }
        }
        func shares(_ counts: [Int: Int]) -> [Int: Double] {
            counts.mapValues { Double($0) / Double(runs) }
        }
        return (shares(fixed), shares(open))
    }
}

/// A user who adds seeds until a star appears: with the p-values of a fixed number, and with sequences.
package struct SimulatedPeeking {
    var rows: Int
    var runs: Int

    package init(rows: Int, runs: Int) {
        self.rows = rows
        self.runs = runs
    }

    /// Looks after so many seeds.
    static let looks = Array(stride(from: 8, through: 24, by: 2))

    /// Shares of sweeps without any effect that end with a star.
    package func stars() -> (fixedTests: Double, sequences: Double) {
        var (old, new) = (0, 0)
        let looks = Looks.open(first: [])
        for run in 0..<runs {
            var stream = Randomness.Stream(UInt64(run), "peeking \(rows)")
            var values = [[Int: Double]](repeating: [:], count: rows)
            var (isOld, isNew) = (false, false)
            for seed in 0..<(Self.looks.max() ?? 0) {
                for row in values.indices { values[row][seed] = stream.normal() }
                guard Self.looks.contains(seed + 1) else { continue }
                let found = (1..<rows).compactMap {
                    PairedDifference(of: values[$0], against: values[0])
                }
                func hasStar(_ values: [Double]) -> Bool {
                    HolmCorrection.adjusted(values).contains { $0 <= 0.05 }
                }
                isOld = isOld || hasStar(found.map(\.pValue))
                isNew = isNew || hasStar(found.map(looks.pValue))
            }
            if isOld { old += 1 }
            if isNew { new += 1 }
        }
        return (Double(old) / Double(runs), Double(new) / Double(runs))
    }
}
