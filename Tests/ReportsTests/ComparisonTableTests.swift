import Analysis
import Reports
import Testing

@Suite("Comparison table")
struct ComparisonTableTests {
    let table = ComparisonTable.make(from: Examples.troubled)

    private func row(_ label: String) throws -> Row {
        try #require(table.rows.first { $0.label == label })
    }

    private func remarks(_ footnotes: [Int]) -> [String] { footnotes.map { table.footnotes[$0] } }

    @Test("references come last; configurations keep the order given")
    func order() {
        #expect(
            table.rows.map(\.label) == [
                "none", "ChannelSwap + Mixup", "- Mixup", Examples.awkward, "raw features",
                "from scratch",
            ])
    }

    @Test("a cell is mean and deviation over seeds, scaled, with the trials behind it")
    func cell() throws {
        let cell = try row("ChannelSwap + Mixup").cells[1]
        guard case .summary(let summary) = cell.content else {
            Issue.record("no summary")
            return
        }
        #expect(abs(summary.mean - 60) < 1e-9)
        #expect(abs((summary.standardDeviation ?? 0) - 8.0.squareRoot()) < 1e-9)
        #expect(summary.count == 2)
        #expect(cell.sources.map(\.trial) == ["d0", "d2"])
        #expect(cell.sources.map(\.seed) == [0, 2])
    }

    @Test("failed, pending and absent seeds are footnoted at n with seed and reason")
    func missingTrials() throws {
        #expect(
            remarks(try row("ChannelSwap + Mixup").cells[0].footnotes)
                == ["2 of 3 seeds: seed 1 failed (loss not finite at step 12)"])
        #expect(
            remarks(try row("- Mixup").cells[0].footnotes) == ["2 of 3 seeds: seed 2 not run yet"])
        #expect(
            remarks(try row(Examples.awkward).cells[0].footnotes)
                == ["0 of 3 seeds: seeds 0–2 no such trial"])
        #expect(try row(Examples.awkward).cells[1].content == .missing)
        #expect(try row("none").cells[0].footnotes == [])
    }

    @Test("a metric that a finished trial lacks, or that is not finite, is footnoted at its cell")
    func missingMetrics() throws {
        #expect(
            remarks(try row("ChannelSwap + Mixup").cells[3].footnotes)
                == ["n = 1: seed 0: not measured"])
        #expect(
            remarks(try row("- Mixup").cells[4].footnotes) == ["n = 1: seed 0: value not finite"])
    }

    @Test("a reference lacks metrics and seeds without a footnote")
    func references() throws {
        let raw = try row("raw features")
        #expect(raw.isReference)
        #expect(raw.cells[0] == Cell(.count(1)))
        #expect(raw.cells[3] == Cell(.notApplicable))
        #expect(try row("from scratch").cells[1] == Cell(.notApplicable))
    }

    @Test("the row computed by another build than most is footnoted")
    func mixedBuilds() throws {
        #expect(remarks(try row("- Mixup").footnotes) == ["seed 1 computed by build 9f8e7d"])
        #expect(
            table.notes == [
                "Mixed builds: what is not marked otherwise was computed by build 1a2b3c.",
                "What 3 seeds can show, in 12 comparisons with the baseline (95 % together): mean "
                    + "differences beyond 8.9 deviations of the pairs.",
            ])
    }

    /// Six seeds; three rows, of which the last is clearly behind in both metrics; a reference before
    /// all of them.
    private var race: ComparisonInput {
        let scatter = [0.2, -0.3, 0.4, 0.0, -0.1, 0.3]
        func trials(_ accuracy: Double, _ error: Double, _ step: Int) -> [ComparisonInput.Trial] {
            (0..<6).map { seed in
                let noise = scatter[(seed * step + step) % 6]
                return Examples.trial(seed, (accuracy + noise) / 100, error - noise)
            }
        }
        return ComparisonInput(
            name: "race",
            configurations: [
                .init(label: "a", trials: trials(60, 10, 1), isBaseline: true),
                .init(label: "b", trials: trials(60.1, 10.1, 5)),
                .init(label: "c", trials: trials(50, 20, 1)),
                .init(label: "raw", trials: trials(90, 1, 2), isReference: true),
            ], metrics: Array(Examples.metrics.prefix(2)))
    }

    private func best(_ input: ComparisonInput) -> [[String]] {
        let table = ComparisonTable.make(from: input)
        return table.columns.indices.map { column in
            table.rows.filter { $0.cells[column].isBest }.map(\.label)
        }
    }

    @Test("the rows that no other row is shown to beat are marked, references apart")
    func bestSet() {
        #expect(best(race) == [[], ["a", "b"], ["a", "b"]])
        var input = race
        input.referencesCompete = true
        #expect(best(input) == [[], ["raw"], ["raw"]])
    }

    @Test("where no row is shown to be beaten, none is marked; nor before a fixed plan is complete")
    func undecidedRace() {
        var input = race
        for row in input.configurations.indices {
            input.configurations[row].trials.removeLast(4)
        }
        #expect(best(input) == [[], [], []])
        input = race
        input.configurations[2].trials[5].status = .pending
        #expect(best(input) == [[], [], []])
        for row in input.configurations.indices {
            input.configurations[row].looks = .open(first: [])
        }
        // An open plan is looked at whenever one likes, and one that adds seeds lacks none.
        input.addsSeeds = true
        #expect(best(input) == [[], ["a", "b"], ["a", "b"]])
        #expect(
            !ComparisonTable.make(from: input).footnotes.contains { $0.contains("not run yet") })
    }

    @Test("one seed has no deviation")
    func oneSeed() {
        let table = ComparisonTable.make(from: Examples.single)
        #expect(!table.hasBest)
        #expect(!TerminalTable().text(of: table).contains("±"))
        #expect(table.caption == "A single seed has no standard deviation.")
    }

    @Test("alone in the race no row is the best")
    func alone() {
        var input = Examples.single
        input.configurations.removeLast()
        #expect(!ComparisonTable.make(from: input).hasBest)
    }

    @Test("the order of the trials changes no byte")
    func deterministic() {
        var input = Examples.troubled
        for index in input.configurations.indices { input.configurations[index].trials.reverse() }
        #expect(ComparisonTable.make(from: input) == table)
    }

    @Test("differences are paired by seed, tested and corrected over the whole table")
    func differences() throws {
        let table = ComparisonTable.make(from: Examples.paired)
        #expect(
            table.columns.map(\.key) == [
                "n", "probe_accuracy", "probe_accuracy_difference", "probe_error",
                "probe_error_difference",
            ])
        let row = table.rows[1]
        guard case .difference(let accuracy, adjustedPValue: let p?) = row.cells[2].content else {
            Issue.record("no difference")
            return
        }
        // 17 + 0.25 a seed: the mean of 0 ... 7 is 3.5.
        #expect(abs(accuracy.summary.mean - 17.875) < 1e-9)
        #expect(accuracy.pValue == 2.0 / 256)
        #expect(p == 4.0 / 256)
        #expect(table.rows[0].cells[2].content == .notApplicable)
        #expect(table.notes.contains { $0.contains("Holm's correction over 2 comparisons") })
    }

    @Test("the bootstrap's intervals are taken where asked for, and named")
    func bootstrap() {
        let table = ComparisonTable.make(from: Examples.paired, resamples: 1_999) { _ in
            SystemRandomNumberGenerator()
        }
        guard case .difference(let difference, adjustedPValue: _) = table.rows[1].cells[2].content
        else {
            Issue.record("no difference")
            return
        }
        #expect(difference.intervalMethod == .bootstrap)
        // The differences run from 17 to 18.75; so does any resample's mean.
        #expect(difference.differences.count == 8)
        let interval = difference.interval ?? .init(lower: 0, upper: 0)
        #expect(interval.lower >= 17 && interval.upper <= 18.75 && interval.contains(17.875))
        #expect(
            table.notes.contains {
                $0.contains("with the BCa bootstrap's 95 % interval (1,999 resamples)")
            })
        // Eight seeds are few for a bootstrap.
        #expect(table.notes.contains { $0.hasPrefix("The bootstrap's interval is too narrow") })
    }

    @Test("an interval by bootstrap does not depend on which other comparisons the table has")
    func bootstrapByName() {
        func interval(_ input: ComparisonInput) -> ConfidenceInterval? {
            let table = ComparisonTable.make(from: input, resamples: 99) { name in
                Counter(state: UInt64(name.utf8.count))
            }
            let column = table.columns.firstIndex { $0.key == "probe_error_difference" }
            guard let column,
                case .difference(let found, adjustedPValue: _) = table.rows[1].cells[column].content
            else { return nil }
            return found.interval
        }
        var fewer = Examples.paired
        fewer.metrics.removeFirst()
        #expect(interval(Examples.paired) != nil)
        #expect(interval(Examples.paired) == interval(fewer))
    }

    /// A crossed sweep: two sizes, each with its own baseline.
    private var crossed: ComparisonInput {
        func configuration(
            _ label: String, _ error: Double, versus: String?, isBaseline: Bool = false
        ) -> ComparisonInput.Configuration {
            .init(
                label: label,
                trials: (0..<3).map { Examples.trial($0, 0.5, error + Double($0)) },
                isBaseline: isBaseline, versus: versus)
        }
        var input = Examples.paired
        input.configurations = [
            configuration("small", 20, versus: "small", isBaseline: true),
            configuration("small, mixed", 18, versus: "small"),
            configuration("large", 10, versus: "large", isBaseline: true),
            configuration("large, mixed", 11, versus: "large"),
            configuration("alone", 3, versus: nil),
        ]
        return input
    }

    @Test("in a crossed sweep each row is compared with its own baseline, and says which")
    func ownBaselines() throws {
        let table = ComparisonTable.make(from: crossed)
        let column = try #require(table.columns.firstIndex { $0.key == "probe_error_difference" })
        #expect(table.rows.map { $0.cells[column].value } == [nil, -2, nil, 1, nil])
        #expect(table.rows.map(\.versus) == [nil, "small", nil, "large", nil])
        #expect(
            table.rows.map { remarks($0.footnotes, in: table) } == [
                [], ["vs “small”"], [], ["vs “large”"], [],
            ])
        // Two rows, two metrics: one family of four tests.
        #expect(table.notes.contains { $0.contains("Holm's correction over 4 comparisons") })
        #expect(table.notes.contains { $0.contains("against the row that a footnote names") })
        let csv = CSVTable().text(of: table).split(separator: "\r\n")
        #expect(csv[0].hasPrefix("row,kind,versus,n"))
        #expect(csv[4].hasPrefix("\"large, mixed\",configuration,large,3"))
        #expect(JSONTable().text(of: table).contains("\"versus\": \"large\""))
    }

    private func remarks(_ footnotes: [Int], in table: Table) -> [String] {
        footnotes.map { table.footnotes[$0] }
    }

    /// A generator whose state is known.
    private struct Counter: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    @Test("too few seeds for any star: the table says so and how many are needed")
    func tooFewSeeds() {
        var input = Examples.troubled
        input.showsDifferences = true
        let table = ComparisonTable.make(from: input)
        #expect(
            table.notes.contains(
                "No difference can have a star here: 2 pairs give p ≥ 0.5, 1 after correction; "
                    + "at least 9 seeds would be needed."))
        #expect(!table.rows.contains { $0.cells.contains { $0.isSignificant } })
    }

    @Test("without a baseline the differences asked for are refused in words")
    func noBaseline() {
        var input = Examples.single
        input.showsDifferences = true
        let table = ComparisonTable.make(from: input)
        #expect(table.notes == ["No differences: no configuration is marked as the baseline."])
    }

    @Test("footnote letters run a to z without q, then aa")
    func marks() {
        #expect([0, 15, 16, 24, 25, 26].map(Table.mark) == ["a", "p", "r", "z", "aa", "ab"])
    }
}
