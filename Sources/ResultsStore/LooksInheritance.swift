/// Works out what rows of a new plan take over from earlier plans of the same sweep.
///
/// A row whose earlier plan has finished trials has been looked at: with the same seeds it stays as it
/// was; with others it becomes open. Rows that are new are a family of their own, corrected for those that
/// were compared before and are left out now as well: whoever reads the table does not see these. So it is
/// with metrics that a row was tested in before, and is not any more, and with comparisons that the sweep
/// claimed before. What is claimed first when figures of its rows are there is marked. Where a
/// baseline is named for rows that figures are known of, any two of them could have been compared.
struct LooksInheritance {
    /// A row of an earlier plan of which trials are finished.
    struct Earlier {
        /// Equal for what is one row of several plans: plans share its trials.
        var identity = 0
        var seeds: Set<Int>
        /// Of these, those that it, or what it is compared with, has failed with.
        var failed: Set<Int> = []
        var looks: RowLooks
        /// The trials of the row that it is compared with; empty where it is compared with none.
        var baseline: Set<String> = []
    }

    /// By the digests of the earlier plans' trials; of several plans the latest.
    private(set) var earlier: [String: Earlier] = [:]
    /// Identities of rows that were compared with others.
    private var compared: Set<Int> = []
    private var identities = 0

    /// Later plans are added after earlier ones.
    mutating func add(_ row: Earlier, trials: [String]) {
        var row = row
        if let known = trials.first(where: { earlier[$0] != nil }).flatMap({ earlier[$0] }) {
            row.identity = known.identity
        } else {
            row.identity = identities
            identities += 1
        }
        for trial in trials { earlier[trial] = row }
        if !row.baseline.isEmpty { compared.insert(row.identity) }
    }

    /// - Parameters:
    ///   - sweep: the new plan.
    ///   - isOpen: whether it is open from its first seed on.
    /// - Returns: by the row's position.
    func looks(of sweep: SweepRegistration, isOpen: Bool) -> [Int: RowLooks] {
        var seeds: [Int: Set<Int>] = [:]
        var trials: [Int: Set<String>] = [:]
        var found: [Int: Earlier] = [:]
        for trial in sweep.trials {
            seeds[trial.row, default: []].insert(trial.seed)
            trials[trial.row, default: []].insert(trial.id.text)
            if found[trial.row] == nil { found[trial.row] = earlier[trial.id.text] }
        }
        let new = sweep.rows.filter { $0.baseline != nil && $0.baseline != $0.index }
        let isOld = Set(new.map(\.index).filter { found[$0] != nil })
        var isLate: Set<Int> = []
        for row in new {
            guard let before = found[row.index], let baseline = row.baseline else { continue }
            let isOther = before.baseline.isDisjoint(with: trials[baseline] ?? [])
            if before.looks.hasLateBaseline || isOther && found[baseline] != nil {
                isLate.insert(row.index)
            }
        }
        let pairs = found.count * (found.count - 1) / 2
        /// With those that a row was looked at in before.
        func metrics(of rows: some Sequence<Int>) -> Set<String>? {
            guard !sweep.testedNames.isEmpty else { return nil }
            return rows.reduce(into: Set(sweep.testedNames)) { names, row in
                names.formUnion(found[row]?.looks.metrics ?? [])
            }
        }
        // The comparisons that were made before stay corrected for as they were, or for more.
        func ofOld(_ family: Int) -> Int {
            let rows = isOld.filter { found[$0]?.looks.family == family }
            let known = rows.compactMap { found[$0]?.looks.comparisons }.max() ?? 0
            let count = rows.isDisjoint(with: isLate) ? rows.count : pairs
            return max(
                known, count * max(sweep.testedMetrics, metrics(of: rows)?.count ?? 0))
        }
        let leftOut = compared.subtracting(found.values.map(\.identity)).count
        let ofNew = (new.count - isOld.count + leftOut) * sweep.testedMetrics
        let claims = claims(of: sweep) { found[$0] != nil }
        let family = compared.isEmpty ? 0 : 1 + (earlier.values.map(\.looks.family).max() ?? 0)
        var result: [Int: RowLooks] = [:]
        for row in sweep.rows {
            guard let before = found[row.index] else {
                result[row.index] = RowLooks(
                    isOpen: isOpen, comparisons: ofNew, family: family,
                    metrics: metrics(of: []).map { $0.sorted() }, claims: claims.early,
                    lateClaims: claims.late)
                continue
            }
            var looks = Self.looks(of: seeds[row.index] ?? [], after: before, isOpen: isOpen)
            looks.comparisons =
                isOld.contains(row.index) ? ofOld(before.looks.family) : ofNew
            looks.hasLateBaseline = isLate.contains(row.index)
            looks.metrics = metrics(of: [row.index])?.sorted() ?? looks.metrics
            (looks.claims, looks.lateClaims) = claims
            result[row.index] = looks
        }
        return result
    }

    /// All that was ever claimed of the sweep: early, before figures of the rows were there, and late.
    private func claims(
        of sweep: SweepRegistration, isSeen: (Int) -> Bool
    ) -> (early: [String]?, late: [String]?) {
        var early = Set(earlier.values.lazy.flatMap { $0.looks.claims ?? [] })
        var late = Set(earlier.values.lazy.flatMap { $0.looks.lateClaims ?? [] })
        for claim in sweep.claims where !early.contains(claim.id) && !late.contains(claim.id) {
            if !claim.rows.isEmpty, claim.rows.allSatisfy(isSeen) {
                late.insert(claim.id)
            } else {
                early.insert(claim.id)
            }
        }
        return Self.claims(early, late)
    }

    /// What was late in any of several plans is late.
    private static func claims(
        _ early: Set<String>, _ late: Set<String>
    ) -> (early: [String]?, late: [String]?) {
        let early = early.subtracting(late)
        return (early.isEmpty ? nil : early.sorted(), late.isEmpty ? nil : late.sorted())
    }

    /// Of a row with these seeds, some of whose trials an earlier plan has as well.
    static func looks(of seeds: Set<Int>, after before: Earlier, isOpen: Bool) -> RowLooks {
        var looks = before.looks
        if !looks.isOpen, isOpen || seeds != before.seeds {
            looks.isOpen = true
            // Also where some of them are left out now: they were a look, which has its share of the errors.
            looks.firstSeeds = before.seeds.subtracting(before.failed).sorted()
        }
        return looks
    }

    /// Of a row that comes from another store with looks of its own.
    func looks(ofForeign own: RowLooks, seeds: Set<Int>, trials: Set<String>) -> RowLooks {
        guard let before = trials.lazy.compactMap({ earlier[$0] }).first else { return own }
        var looks = own
        looks.redone = max(own.redone, before.looks.redone)
        if let metrics = own.metrics ?? before.looks.metrics {
            looks.metrics = Set(metrics).union(before.looks.metrics ?? []).sorted()
        }
        (looks.claims, looks.lateClaims) = Self.claims(
            Set(own.claims ?? []).union(before.looks.claims ?? []),
            Set(own.lateClaims ?? []).union(before.looks.lateClaims ?? []))
        if seeds == before.seeds {
            // The same look, unless it was opened in one of the stores.
            if !own.isOpen, before.looks.isOpen {
                (looks.isOpen, looks.firstSeeds) = (true, before.looks.firstSeeds)
            }
            return looks
        }
        let inherited = Self.looks(of: seeds, after: before, isOpen: own.isOpen)
        looks.isOpen = inherited.isOpen
        if own.isOpen, own.firstSeeds != inherited.firstSeeds {
            // Two first looks: the sequence alone allows both.
            looks.firstSeeds = []
        } else {
            looks.firstSeeds = inherited.firstSeeds
        }
        looks.comparisons = own.comparisons.map { max($0, before.looks.comparisons ?? 0) }
        return looks
    }
}
