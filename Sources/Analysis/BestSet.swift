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
        var beaten: Set<Int> = []
        var isCompared = false
        for row in rows.indices {
            for other in rows.indices where other > row {
                guard let difference = PairedDifference(of: rows[row], against: rows[other]),
                    let interval = Self.looks(looks[row], looks[other])
                        .interval(of: difference, alpha: 2 * share)
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
        Looks(of: [one, other])
    }
}
