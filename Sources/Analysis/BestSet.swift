/// The rows that may be the best of a column: those that no other row is shown to beat.
///
/// Each row is compared with every other over the seeds that both have, one-sided at
/// 0.05 / (rows - 1). The best row is left out only where one of the rows - 1 comparisons with it is
/// wrong, so that it is in the set in at least 95 % of cases, however the rows depend on each other.
public enum BestSet {
    /// - Parameters:
    ///   - rows: the values of each row by seed.
    ///   - looks: of each row, in the same order.
    /// - Returns: the positions of the rows in the set; nil where no two rows can be compared.
    public static func rows(
        _ rows: [[Int: Double]], looks: [Looks], higherIsBetter: Bool, alpha: Double = 0.05
    ) -> Set<Int>? {
        precondition(rows.count == looks.count, "each row has its looks")
        guard rows.count > 1 else { return nil }
        let share = alpha / Double(rows.count - 1)
        let series = rows.map(SeedSeries.init)
        var reach = Reach(alpha: 2 * share)
        var beaten: Set<Int> = []
        var isCompared = false
        for row in rows.indices {
            for other in rows.indices where other > row {
                let looks = Self.looks(looks[row], looks[other])
                if reach.surelyHoldsZero(series[row], series[other], looks) {
                    isCompared = true
                    continue
                }
                guard let difference = PairedDifference(of: rows[row], against: rows[other]),
                    let interval = looks.interval(of: difference, alpha: 2 * share)
                else { continue }
                isCompared = true
                guard interval.excludesZero else { continue }
                let isHigher = interval.lower > 0
                beaten.insert(isHigher == higherIsBetter ? other : row)
            }
        }
        return isCompared ? Set(rows.indices).subtracting(beaten) : nil
    }

    /// A comparison may be looked at as often as both rows may.
    private static func looks(_ one: Looks, _ other: Looks) -> Looks {
        one == other ? one : Looks(of: [one, other])
    }
}

/// A row's values in the order of their seeds.
private struct SeedSeries {
    let seeds: [Int]
    let values: [Double]
    let largest: Double

    init(_ row: [Int: Double]) {
        seeds = row.keys.sorted()
        values = seeds.map { row[$0] ?? .nan }
        largest = values.reduce(0) { max($0, abs($1)) }
    }
}

/// Tells pairs of rows that are far from a difference, without all that a comparison holds: where there are thousands of
/// rows, nearly all pairs are.
private struct Reach {
    let alpha: Double
    /// The last asked for.
    private var known: (looks: Looks, count: Int, width: Double?) = (.fixed, 0, nil)

    init(alpha: Double) { self.alpha = alpha }

    /// Whether there is an interval and zero well inside it; false also where that is not seen at once.
    mutating func surelyHoldsZero(_ one: SeedSeries, _ other: SeedSeries, _ looks: Looks) -> Bool {
        guard one.seeds == other.seeds, let width = width(looks, one.seeds.count) else {
            return false
        }
        let count = Double(one.values.count)
        var mean = 0.0
        for place in one.values.indices { mean += one.values[place] - other.values[place] }
        mean /= count
        var squares = 0.0
        for place in one.values.indices {
            let rest = one.values[place] - other.values[place] - mean
            squares += rest * rest
        }
        let deviation = (squares / (count - 1)).squareRoot()
        // Neither rounding, which an exact comparison heeds, nor this sum's order may decide.
        return deviation.isFinite && deviation > 1e-5 * max(one.largest, other.largest)
            && abs(mean) < 0.999 * width * deviation
    }

    /// Half of the interval, in deviations; nil where it is not of this alone.
    private mutating func width(_ looks: Looks, _ count: Int) -> Double? {
        if looks == .fixed || looks == .open(first: []) {
            if (looks, count) != (known.looks, known.count) {
                known = (looks, count, looks.halfWidth(count: count, alpha: alpha))
            }
            return known.width
        }
        return nil
    }
}
