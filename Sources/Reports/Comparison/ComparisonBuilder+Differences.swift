import Analysis
import Platform

extension ComparisonBuilder {
    /// A column beside each metric: the difference against the row's baseline, paired by seed.
    ///
    /// The tests are those of the whole family, whichever of its metrics the table shows: as many
    /// comparisons as there are rows with a baseline, times metrics, finished or not.
    mutating func addDifferenceColumns(_ refine: Refinement) {
        let baselines = configurations.baselines
        if let unjudged = input.unjudged { table.notes.append(unjudged) }
        guard baselines.contains(where: { $0 != nil }) else {
            table.notes.append("No differences: no configuration is marked as the baseline.")
            return
        }
        let compared = table.rows.indices.filter { baselines[$0] != nil && baselines[$0] != $0 }
        let family = Family(
            metrics: input.family, rows: compared.count,
            known: compared.map { row in
                configurations[row].comparisons.map {
                    ComparisonInput.counted($0, redone: configurations[row].redone)
                } ?? 0
            }.max() ?? 0)
        var found: [Position: PairedDifference] = [:]
        for metric in input.metrics.filter({ $0.better != nil }) + family.metrics {
            for row in compared {
                guard let baseline = baselines[row] else { continue }
                let position = Position(row: row, metric: metric.key)
                guard found[position] == nil else { continue }
                let name = [row, baseline].map { table.rows[$0].label } + [metric.key]
                found[position] = PairedDifference(
                    of: configurations[row].values(of: metric),
                    against: configurations[baseline].values(of: metric)
                ).map {
                    refine($0, name.joined(separator: "\n")).looked(configurations[row].looks)
                }
            }
        }
        // A fixed plan is tested once, when all of its seeds are there.
        let positions = found.keys.filter {
            family.contains($0.metric) && !isPending($0.row, baselines[$0.row])
                && configurations[$0.row].looks.leftOut.isEmpty
        }.sorted()
        let adjusted = HolmCorrection.adjusted(
            positions.compactMap { found[$0]?.pValue }, comparisons: family.comparisons)
        var pValues: [Position: Double] = [:]
        for (position, value) in zip(positions, adjusted) { pValues[position] = value }
        for column in table.columns.indices.reversed() where table.columns[column].better != nil {
            insertDifferences(besides: column, found, pValues, baselines)
        }
        nameBaselines(baselines)
        describe(found, family)
    }

    /// Whether pairs of a fixed plan are still to come.
    private func isPending(_ row: Int, _ baseline: Int?) -> Bool {
        guard configurations[row].looks == .fixed, let baseline else { return false }
        let own = Set(configurations[row].trials.map(\.seed))
            .intersection(configurations[baseline].trials.map(\.seed))
        return !configurations[row].pendingSeeds.union(configurations[baseline].pendingSeeds)
            .isDisjoint(with: own)
    }

    /// What is corrected for at once.
    private struct Family {
        var metrics: [ComparisonInput.Metric]
        /// Rows that are compared with another.
        var rows: Int
        /// With those that were made before, and those that count more than once.
        var known: Int

        var now: Int { metrics.count * rows }
        var comparisons: Int { max(now, known) }

        func contains(_ metric: String) -> Bool { metrics.contains { $0.key == metric } }
    }

    /// Where a difference stands.
    private struct Position: Hashable, Comparable {
        var row: Int
        /// Its key.
        var metric: String
        static func < (left: Position, right: Position) -> Bool {
            (left.row, left.metric) < (right.row, right.metric)
        }
    }

    private mutating func insertDifferences(
        besides column: Int, _ found: [Position: PairedDifference], _ pValues: [Position: Double],
        _ baselines: [Int?]
    ) {
        let metric = table.columns[column]
        var difference = metric
        difference.key += Self.differenceSuffix
        difference.header = "Δ " + difference.header
        difference.better = nil
        table.columns.insert(difference, at: column + 1)
        for row in table.rows.indices {
            let position = Position(row: row, metric: metric.key)
            var cell = Cell(.notApplicable)
            if let value = found[position] {
                cell.content = .difference(value, adjustedPValue: pValues[position])
                cell.sources = table.rows[row].cells[column].sources
                    .filter { value.seeds.contains($0.seed) }
                cell.footnotes = remarks(value, row: row, baseline: baselines[row], column).map {
                    table.footnote($0)
                }
            } else if let baseline = baselines[row], baseline != row,
                [row, baseline].contains(where: {
                    table.rows[$0].cells[column].content != .notApplicable
                })
            {
                cell.content = .missing
            }
            table.rows[row].cells.insert(cell, at: column + 1)
        }
    }

    /// On how many pairs a difference rests, where that is not what stands beside it, and why it has
    /// no interval.
    private func remarks(
        _ difference: PairedDifference, row: Int, baseline: Int?, _ column: Int
    ) -> [String] {
        let pairs = difference.summary.count
        let own = table.rows[row].cells[column].sources.count
        let other = baseline.map { table.rows[$0].cells[column].sources.count } ?? pairs
        var remarks: [String] = []
        if pairs < own || pairs < other {
            remarks.append(
                "Δ over \(Self.pairs(pairs)), \(SeedList.text(difference.seeds)): the row has \(own) "
                    + "\(Count.word(own, "seed")), its baseline \(other)")
        }
        if isPending(row, baseline) {
            remarks.append("tested when all pairs of the plan are there")
        }
        let leftOut = configurations[row].looks.leftOut
        if !leftOut.isEmpty {
            remarks.append(VerdictTable.chosen(leftOut))
        } else if pairs > 1, difference.summary.standardDeviation == 0 {
            remarks.append(
                "Δ is the same in all \(Self.pairs(pairs))"
                    + "\(difference.isEqualByRounding ? " to the twelfth digit of the figures" : ""): no "
                    + "interval can be had")
        } else if pairs > 1, difference.interval == nil, difference.test == .sequence {
            remarks.append("\(Self.pairs(pairs)) of an open plan bound nothing yet")
        } else if pairs > 1, difference.interval == nil {
            remarks.append("no interval can be had: its bounds would be no numbers")
        }
        return remarks
    }

    private static func pairs(_ count: Int) -> String { Count.text(count, "pair") }

    // MARK: Words

    /// Where rows are compared with different ones, a footnote of each says with which.
    private mutating func nameBaselines(_ baselines: [Int?]) {
        for row in table.rows.indices {
            guard let baseline = baselines[row], baseline != row else { continue }
            table.rows[row].versus = table.rows[baseline].label
        }
        guard table.baselines.count > 1 else { return }
        for row in table.rows.indices {
            guard let label = table.rows[row].versus else { continue }
            table.rows[row].footnotes.append(table.footnote("vs “\(label)”"))
        }
    }

    /// Says what the differences are, how they are tested and, where no star can appear, why.
    private mutating func describe(_ found: [Position: PairedDifference], _ family: Family) {
        let shown = found.filter { position, _ in
            input.metrics.contains { $0.key == position.metric }
        }
        guard !shown.isEmpty else {
            if !table.baselines.isEmpty, input.metrics.contains(where: { $0.better != nil }) {
                table.notes.append(
                    "No differences: no configuration shares a finished seed with its baseline.")
            }
            return
        }
        let against =
            table.baselines.count == 1
            ? "“\(table.baselines[0])”" : "the row that a footnote names"
        let resamples = shown.values.compactMap(\.resamples).max()
        var text = Self.differencesNote + "mean difference, paired by seed, against \(against)"
        if shown.values.contains(where: { $0.interval != nil }) {
            text +=
                resamples.map {
                    ", with the BCa bootstrap's 95 % interval (\(NumberText.grouped($0)) resamples)"
                } ?? Self.intervals(shown.values.map(\.intervalMethod))
            text += ", each by itself"
        }
        let tested = found.filter { family.contains($0.key.metric) }.map(\.value)
        if !tested.isEmpty {
            text +=
                "; tests: \(Self.words(for: Set(tested.map(\.test)))), Holm's correction over "
                + "\(Count.text(family.comparisons, "comparison"))"
            text += Self.makeup(of: family)
        }
        table.notes.append(text + ".")
        noteUntested(family, shown: Set(shown.keys.map(\.metric)))
        let fewest = shown.values.filter { $0.resamples != nil }.map(\.summary.count).min()
        if let fewest, fewest < 10 {
            table.notes.append(
                "The bootstrap's interval is too narrow for fewer than ten seeds: here Student's is "
                    + "the one to believe.")
        }
        noteReach(of: tested, family)
    }

    private static func intervals(_ methods: [PairedDifference.IntervalMethod]) -> String {
        let kinds = Set(methods)
        if kinds == [.sequence] { return ", with its 95 % confidence sequence" }
        return ", with Student's 95 % interval"
            + (kinds.contains(.sequence) ? " (of open plans the confidence sequence)" : "")
    }

    private static func makeup(of family: Family) -> String {
        let rows = Count.text(family.rows, "row")
        let metrics = family.metrics.map(\.name).joined(separator: ", ")
        let former = family.known > family.now ? ", with those of earlier looks" : ""
        return " (\(rows); \(metrics)\(former))"
    }

    /// Which tests gave the p-values.
    static func words(for tests: Set<PairedDifference.Test>) -> String {
        var words: [String] = []
        switch (tests.contains(.signFlip), tests.contains(.wilcoxon)) {
        case (true, true):
            words.append(
                "exact sign flips, beyond \(SignFlipTest.largestCount) pairs Wilcoxon's signed ranks"
            )
        case (false, true): words.append("Wilcoxon's signed ranks")
        case (true, false): words.append("exact sign flips")
        case (false, false): break
        }
        if tests.contains(.sequence) {
            words.append("confidence sequences, which hold at every look")
        }
        return words.joined(separator: ", of open plans ")
    }

    /// Differences that are shown, but belong to no family.
    private mutating func noteUntested(_ family: Family, shown: Set<String>) {
        let untested = input.metrics.filter {
            shown.contains($0.key) && !family.contains($0.key)
        }
        guard !untested.isEmpty else { return }
        let names = untested.map(\.name).joined(separator: ", ")
        table.notes.append(
            "Not tested, because the sweep's metrics are others: \(names). Their differences have "
                + "neither a star nor a corrected p-value.")
    }

    private mutating func noteReach(of tested: [PairedDifference], _ family: Family) {
        guard let smallest = tested.map(\.smallestPValue).min(),
            let most = tested.map(\.summary.count).max()
        else { return }
        let corrected = smallest * Double(family.comparisons)
        guard corrected > 0.05 else { return }
        table.notes.append(
            "No difference can have a star here: \(most) \(most == 1 ? "pair gives" : "pairs give") "
                + "p ≥ \(NumberText.short(smallest)), \(NumberText.short(min(1, corrected))) after "
                + "correction; at least "
                + "\(Self.seedsNeeded(family.comparisons, isOpen: tested.contains { $0.test == .sequence })) "
                + "seeds would be needed.")
    }

    /// How many pairs a family needs for its first star.
    static func seedsNeeded(_ comparisons: Int, isOpen: Bool = false) -> Int {
        var needed = 1
        func smallest(_ count: Int) -> Double {
            isOpen
                ? ConfidenceSequence.smallestPValue(count: count)
                : SignFlipTest.smallestPValue(count: count)
        }
        while smallest(needed) * Double(comparisons) > 0.05 {
            needed += 1
        }
        return needed
    }

    /// What the keys of the columns of differences end in.
    static let differenceSuffix = "_difference"
    /// How the note begins that says what differences are.
    static let differencesNote = "Δ: "
}

extension ComparisonInput.Metric {
    /// With the evaluation that it belongs to.
    package var name: String { group.map { "\($0): \(header)" } ?? header }
}
