/// When the comparisons of a row may be looked at, and how many are corrected for at once with them:
/// decided when its plan is registered, before its trials run, and kept with it.
public struct RowLooks: Sendable, Hashable, Codable {
    /// Whether intervals must hold at every number of seeds.
    public var isOpen: Bool
    /// Of an open row: the seeds of the fixed plan that it was looked at with before.
    public var firstSeeds: [Int]
    /// How many comparisons are corrected for at once; nil for all of the table.
    public var comparisons: Int?

    public init(isOpen: Bool = false, firstSeeds: [Int] = [], comparisons: Int? = nil) {
        self.isOpen = isOpen
        self.firstSeeds = firstSeeds
        self.comparisons = comparisons
    }
}

/// Works out what rows of a new plan take over from earlier plans of the same sweep.
///
/// A row whose earlier plan has finished trials has been looked at: with the same seeds it stays as it
/// was; with others it becomes open. Rows that are new are a family of their own.
struct LooksInheritance {
    /// A row of an earlier plan of which trials are finished.
    struct Earlier {
        var seeds: Set<Int>
        var looks: RowLooks
    }

    /// By the digests of the earlier plan's trials; of several plans the latest.
    var earlier: [String: Earlier] = [:]

    /// - Parameters:
    ///   - sweep: the new plan.
    ///   - isOpen: whether it is open from its first seed on.
    /// - Returns: by the row's position.
    func looks(of sweep: SweepRegistration, isOpen: Bool) -> [Int: RowLooks] {
        var seeds: [Int: Set<Int>] = [:]
        var found: [Int: Earlier] = [:]
        for trial in sweep.trials {
            seeds[trial.row, default: []].insert(trial.seed)
            if found[trial.row] == nil { found[trial.row] = earlier[trial.id.text] }
        }
        let compared = sweep.rows.filter { $0.baseline != nil && $0.baseline != $0.index }
        let isOld = Set(compared.map(\.index).filter { found[$0] != nil })
        // The comparisons that were made before stay corrected for as they were, or for more.
        let known = found.values.compactMap(\.looks.comparisons).max() ?? 0
        let ofOld = max(known, isOld.count * sweep.testedMetrics)
        let ofNew = (compared.count - isOld.count) * sweep.testedMetrics
        var result: [Int: RowLooks] = [:]
        for row in sweep.rows {
            let own = seeds[row.index] ?? []
            var looks = RowLooks(
                isOpen: isOpen, comparisons: isOld.contains(row.index) ? ofOld : ofNew)
            if let before = found[row.index] {
                looks = Self.looks(
                    of: own, after: before, isOpen: isOpen, comparisons: looks.comparisons)
            }
            result[row.index] = looks
        }
        return result
    }

    private static func looks(
        of seeds: Set<Int>, after before: Earlier, isOpen: Bool, comparisons: Int?
    ) -> RowLooks {
        var looks = before.looks
        looks.comparisons = comparisons
        if !looks.isOpen, isOpen || seeds != before.seeds {
            looks.isOpen = true
            looks.firstSeeds = before.seeds.isSubset(of: seeds) ? before.seeds.sorted() : []
        }
        return looks
    }
}
