import Analysis
import Reports
import Testing

@Suite("Verdicts of a table")
struct VerdictTableTests {
    private static let scatter = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, -0.1, 0.4, 0.0, -0.3]

    private func input(
        _ shifts: [Double], seeds: Int = 10, looks: Looks = .fixed, smallest: Double? = 1
    ) -> ComparisonInput {
        var metric = Examples.metrics[0]
        metric.smallestEffect = smallest
        return ComparisonInput(
            name: "verdicts",
            configurations: shifts.enumerated().map { row, shift in
                .init(
                    label: "row \(row)",
                    trials: (0..<seeds).map { seed in
                        let scatter = Self.scatter[(seed * 3 + row * 7) % 10]
                        return Examples.trial(seed, (50 + shift + scatter) / 100, 10)
                    }, isBaseline: row == 0, looks: looks)
            }, metrics: [metric])
    }

    @Test("verdicts follow from intervals that hold together")
    func verdicts() throws {
        let items = ComparisonVerdicts(input([0, 3, 0.1, -2])).items
        #expect(items.map(\.verdict) == [.clearlyBetter, .negligible, .clearlyWorse])
        #expect(items.allSatisfy { $0.comparisons == 3 })
        let summary = try #require(items[0].difference?.summary)
        #expect(items[0].interval == summary.interval(level: 1 - 0.05 / 3))
        let without = ComparisonVerdicts(input([0, 3, 0.1, -2], smallest: nil)).items
        #expect(without.map(\.verdict) == [.better, .undecided, .worse])
    }

    @Test("which figures nobody has said a smallest effect of is named where others have one")
    func smallestEffects() throws {
        func note(_ smallest: [Double?]) -> String? {
            var input = input([0, 3])
            input.metrics = zip(Examples.metrics, smallest).map { metric, smallest in
                var metric = metric
                metric.smallestEffect = smallest
                return metric
            }
            return VerdictTable.make(from: input).notes.first { $0.hasPrefix("Without a smallest") }
        }
        let start = "Without a smallest effect (section 'smallest_effect' of the file) no effect "
        #expect(note([1, 1]) == nil)
        #expect(note([nil, nil]) == start + "is ever found to be absent.")
        let name = Examples.metrics[1].name
        #expect(note([1, nil]) == start + "on \(name) is ever found to be absent.")
    }

    @Test(
        "seeds that were chosen after a look give no interval, no verdict, no star and no mark of the best"
    )
    func chosen() throws {
        var input = input([0, 3])
        input.showsDifferences = true
        for index in input.configurations.indices {
            input.configurations[index].looks = .chosen(leftOut: [10, 11])
        }
        let item = try #require(ComparisonVerdicts(input).items.first)
        #expect(item.interval == nil && item.verdict == .undecided)
        let reason =
            "no verdict: seeds 10 and 11 had figures in an earlier plan and are left out, and seeds that are chosen "
            + "after a look can show anything"
        let verdicts = VerdictTable.make(from: input)
        #expect(verdicts.footnotes.contains(reason))
        #expect(!verdicts.notes.contains { $0.contains("hold at every number of seeds") })
        let table = ComparisonTable.make(from: input)
        #expect(table.footnotes.contains(reason))
        #expect(!table.rows.contains { $0.cells.contains(where: \.isBest) })
        #expect(!table.notes.contains { $0.hasPrefix("What 10 seeds can show") })
        let difference = try #require(
            table.rows[1].cells.first { if case .difference = $0.content { true } else { false } })
        guard case .difference(let found, adjustedPValue: let adjusted) = difference.content else {
            return
        }
        #expect(found.interval == nil && adjusted == nil)
    }

    @Test("what seeds and what items make uncertain has no interval over chosen seeds")
    func variance() throws {
        func intervals(_ looks: Looks) throws -> Int {
            let item = try #require(ComparisonVerdicts(input([0, 3], looks: looks)).items.first)
            let difference = try #require(item.difference)
            let layout = TwoWayLayout(
                sums: difference.differences.map { [$0, 2 * $0, 0.5] }, sizes: [1, 2, 1])
            let table = VarianceTable.make(
                [
                    VarianceTable.Item(
                        row: item.row, baseline: item.baseline, metric: item.metric,
                        difference: difference, layout: layout, leftOut: looks.leftOut)
                ], title: "variance", identifier: "variance", labelHeader: "Row", noun: "clip")
            return table.rows[0].cells.count {
                if case .effect(_, let interval) = $0.content { interval != nil } else { false }
            }
        }
        #expect(try intervals(.fixed) == 2)
        #expect(try intervals(.chosen(leftOut: [10, 11])) == 0)
    }

    @Test("a fixed plan has no verdict before its last seed; an open one has")
    func early() {
        for (looks, isDecided) in [(Looks.fixed, false), (.open(first: []), true)] {
            var input = input([0, 5], looks: looks)
            input.configurations[1].trials[9].status = .running
            let items = ComparisonVerdicts(input).items
            #expect(items[0].verdict.isDecided == isDecided)
            #expect(items[0].pending == 1)
            // A failed seed is not waited for.
            input.configurations[1].trials[9].status = .failed
            #expect(ComparisonVerdicts(input).items[0].verdict.isDecided)
        }
    }

    @Test("a verdict says which pairs it lacks for good, and whom it holds of")
    func lost() throws {
        var input = input([0, 3, 0.1])
        input.configurations[1].trials[9].status = .failed
        input.configurations[1].trials[4].status = .failed
        input.configurations[0].trials[2].status = .failed
        let items = ComparisonVerdicts(input).items
        #expect(items[0].lost == [2: ["“row 0”"], 4: ["“row 1”"], 9: ["“row 1”"]])
        #expect(items[1].lost == [2: ["“row 0”"]] && items[1].pairs == 9)
        #expect(items.map(\.verdict) == [.clearlyBetter, .negligible])
        let tail =
            ". Trainings that fail seldom do so by chance: what is said holds of those that succeed in both"
        #expect(
            VerdictTable.make(from: input).footnotes == [
                "7 of 10 pairs: seed 2 has no figure in “row 0”; seeds 4 and 9 have no figure in “row 1”\(tail)",
                "9 of 10 pairs: seed 2 has no figure in “row 0”\(tail)",
            ])
        #expect(VerdictText.figures(items[1]).hasSuffix(", 9 of 10 pairs"))
        // What is to come is not lost, and of a whole row nothing is said.
        input.configurations[0].trials[2].status = .pending
        #expect(ComparisonVerdicts(input).items[1].lost.isEmpty)
        #expect(
            !VerdictText.figures(ComparisonVerdicts(self.input([0, 1])).items[0]).contains(" of "))
    }

    @Test("rows that were added later have a family of their own")
    func families() {
        var input = input([0, 3, 1])
        input.configurations[2].comparisons = 7
        #expect(ComparisonVerdicts(input).items.map(\.comparisons) == [2, 7])
    }

    @Test("the table says what was added after a look, and what leans to one side")
    func remarks() {
        var extended = input([0, 3], looks: .open(first: [0, 1, 2, 3]))
        let table = VerdictTable.make(from: extended)
        #expect(
            table.footnotes.contains(
                "seeds 4–9 added after seeds 0–3 had been looked at: each look has 2.5 %"))
        #expect(table.notes.contains { $0.hasPrefix("Open plan:") })
        for seed in 0..<10 {
            extended.configurations[1].trials[seed].metrics["probe_accuracy"] =
                seed == 4 ? 0.9 : 0.52 + Double(seed) / 10_000
        }
        extended.configurations[1].looks = .fixed
        #expect(VerdictTable.make(from: extended).footnotes == [VerdictTable.skewed])
    }

    /// Seeds of an extended plan: two were looked at, two came later.
    private func extended(pending: Int = 0) -> ComparisonInput {
        var input = input([0, 3], seeds: 4, looks: .open(first: [0, 1]))
        for row in 0..<2 {
            for seed in 4 - pending..<4 {
                input.configurations[row].trials[seed] = .init(seed: seed, status: .pending)
            }
        }
        return input
    }

    @Test(
        "what an extended plan lacks is footnoted; of a plan that adds seeds it is not wanted yet")
    func missingOfExtended() {
        var input = extended(pending: 2)
        input.configurations[1].trials[2].status = .running
        let table = ComparisonTable.make(from: input)
        #expect(
            table.footnotes == [
                "2 of 4 seeds: seeds 2 and 3 not run yet",
                "2 of 4 seeds: seed 2 still running; seed 3 not run yet",
            ])
        #expect(!table.notes.contains { $0.hasPrefix("Open plan: rows have") })
        input.addsSeeds = true
        input.configurations[1].trials[2] = Examples.trial(2, 0.53, 10)
        let settling = ComparisonTable.make(from: input)
        #expect(settling.footnotes == [])
        #expect(settling.notes.contains { $0.hasPrefix("Open plan: rows have as many seeds") })
    }

    @Test("the table itself says what was added after a look, with differences and without")
    func added() {
        var input = extended()
        let sentence =
            "Extended plan: seeds 2 and 3 added after seeds 0 and 1 had been looked at. Its intervals "
            + "hold at every look: each is what those of both looks have in common, and need not hold the mean of "
            + "all seeds."
        #expect(ComparisonTable.make(from: input).notes.contains(sentence))
        input.showsDifferences = true
        #expect(ComparisonTable.make(from: input).notes.contains(sentence))
        // Before the first of them has finished there is nothing to say.
        #expect(
            !ComparisonTable.make(from: extended(pending: 2)).notes.contains {
                $0.hasPrefix("Extended plan")
            })
    }

    @Test("an extended plan can show what the look at its first seeds can")
    func reachOfExtended() throws {
        let first = Array(0..<5)
        let input = input([0, 3, 3, 3, 3, 3, 3], seeds: 5, looks: .open(first: first))
        #expect(ConfidenceSequence.halfWidth(count: 5, level: 1 - 0.025 / 6) == nil)
        let sentence = try #require(Reach.sentence(input))
        // Student's at 1 - 0.05/24 with four degrees, over the root of five: 5.885 / 2.236.
        #expect(sentence.hasSuffix("mean differences beyond 2.6 deviations of the pairs."))
    }

    @Test("a row that is beaten though its mean is better than a marked one's is explained")
    func beatenInBetween() {
        var input = input([0, 0, 0])
        let even: [[Double]] = [[20, 40], [10, 30], [38, 2]]
        for row in 0..<3 {
            for seed in 0..<10 {
                let more = row == 1 ? Double(seed % 3) : 0
                let value = even[row][seed % 2] + more
                input.configurations[row].trials[seed].metrics["probe_accuracy"] = value / 100
            }
        }
        let table = ComparisonTable.make(from: input)
        // Means of 30, 21 and 20: the second is beaten by the first in every pair, the third scatters.
        #expect(table.rows.map { $0.cells[1].isBest } == [true, false, true])
        #expect(
            TerminalTable().text(of: table).replacing("\n", with: " ").contains(
                "rows are compared seed by seed"))
        #expect(
            !TerminalTable().text(of: ComparisonTable.make(from: self.input([0, 3, 1]))).contains(
                "seed by seed"))
    }

    @Test("pairs needed bring the interval off zero, or between the smallest effects")
    func needed() throws {
        let item = try #require(
            ComparisonVerdicts(input([0, 0.3], seeds: 6, looks: .open(first: []))).items.first)
        #expect(item.verdict == .undecided)
        let needed = try #require(item.pairsNeeded())
        let summary = try #require(item.difference?.summary)
        let deviation = try #require(summary.standardDeviation)
        let room = max(abs(summary.mean), 1 - abs(summary.mean)) / deviation
        #expect(try #require(item.looks.halfWidth(count: needed, alpha: 0.05)) <= room)
        #expect((item.looks.halfWidth(count: needed - 1, alpha: 0.05) ?? 99) > room)
    }

    @Test("what a plan can show is said before any figure is there")
    func reach() throws {
        let sentence = try #require(Reach.sentence(input([0, 1, 2], seeds: 5)))
        // Student's quantile at 1 - 0.05/4 with four degrees, over the root of five: 3.495 / 2.236.
        #expect(
            sentence
                == "What 5 seeds can show, in 2 comparisons with the baseline (95 % together): mean "
                + "differences beyond 1.6 deviations of the pairs.")
        #expect(
            try #require(Reach.sentence(input([0, 1], seeds: 2)))
                == "What 2 seeds can show, in 1 comparison with the baseline: no difference; at least 3 "
                + "are needed.")
        #expect(Reach.sentence(input([0], seeds: 5)) == nil)
    }
}
