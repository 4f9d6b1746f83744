import Analysis
import Reports
import Testing

@Suite("The family of tests is the sweep's, whatever is shown")
struct FamilyTests {
    private let metrics = Examples.metrics

    /// Five rows against the first, ten seeds, four metrics; accuracy of row 1 is four points better.
    private func input(shown: [String]? = nil, tested: [String]? = nil) -> ComparisonInput {
        func named(_ keys: [String]?) -> [ComparisonInput.Metric]? {
            keys.map { keys in keys.compactMap { key in metrics.first { $0.key == key } } }
        }
        let noise = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, -0.1, 0.4, 0.0, -0.3]
        return ComparisonInput(
            name: "family",
            configurations: (0..<5).map { row in
                .init(
                    label: "row \(row)",
                    trials: (0..<10).map { seed in
                        let shift = row == 1 ? 0.04 : 0
                        let scatter = noise[(seed * 3 + row * 7) % 10]
                        return Examples.trial(
                            seed, 0.5 + shift + scatter / 100, 20 + scatter,
                            tuned: (0.6 + scatter / 50, 12 - scatter))
                    }, isBaseline: row == 0)
            }, metrics: named(shown) ?? metrics, tested: named(tested), showsDifferences: true)
    }

    private func difference(
        _ table: Table, row: Int, _ metric: String
    ) throws -> (PairedDifference, Double?) {
        let column = try #require(table.columns.firstIndex { $0.key == metric + "_difference" })
        guard case .difference(let difference, let p) = table.rows[row].cells[column].content else {
            throw Missing()
        }
        return (difference, p)
    }

    private struct Missing: Error {}

    @Test("showing fewer metrics changes no corrected p-value and makes no star")
    func fewerColumns() throws {
        let all = ["probe_accuracy", "probe_error", "tuned_accuracy", "tuned_error"]
        let whole = ComparisonTable.make(from: input(tested: all))
        for metric in all {
            let single = ComparisonTable.make(from: input(shown: [metric], tested: all))
            for row in 1..<5 {
                #expect(
                    try difference(single, row: row, metric).1
                        == difference(whole, row: row, metric).1)
            }
            #expect(
                single.notes.contains {
                    $0.contains(
                        "Holm's correction over 16 comparisons (4 rows; Linear probe: accuracy, "
                            + "Linear probe: error, Fine-tuned: accuracy, Fine-tuned: error).")
                })
        }
        // All ten differences have one sign: 2 of 1024 patterns, times sixteen.
        let (found, corrected) = try difference(whole, row: 1, "probe_accuracy")
        #expect(found.pValue == 2.0 / 1024)
        #expect(corrected == 32.0 / 1024)
    }

    @Test("metrics outside the family have neither star nor corrected p-value, and change none")
    func outside() throws {
        let tested = ["probe_error"]
        let alone = ComparisonTable.make(from: input(shown: tested, tested: tested))
        let more = ComparisonTable.make(
            from: input(shown: ["probe_error", "probe_accuracy"], tested: tested))
        for row in 1..<5 {
            #expect(
                try difference(more, row: row, "probe_error").1
                    == difference(alone, row: row, "probe_error").1)
            #expect(try difference(more, row: row, "probe_accuracy").1 == nil)
        }
        #expect(try difference(more, row: 1, "probe_accuracy").0.pValue == 2.0 / 1024)
        #expect(!more.rows.contains { $0.cells.contains { $0.isSignificant } })
        #expect(
            more.notes.contains(
                "Not tested, because the sweep's metrics are others: Linear probe: accuracy. Their "
                    + "differences have neither a star nor a corrected p-value."))
        let why = try #require(
            CellExplanation.make(
                from: more, row: "row 1", column: "probe_accuracy_difference"))
        #expect(why.notes.contains("p = 0.002, not corrected, by exact sign flips over 10 pairs"))
        #expect(why.notes.contains { $0.hasPrefix("Not tested") })
    }

    @Test("rows that have not run belong to the family as well")
    func unfinished() throws {
        var input = input(shown: ["probe_accuracy"], tested: ["probe_accuracy"])
        let whole = ComparisonTable.make(from: input)
        for row in 2..<5 { input.configurations[row].trials = [] }
        let part = ComparisonTable.make(from: input)
        #expect(input.comparisonCount == 4)
        #expect(try difference(part, row: 1, "probe_accuracy").1 == 8.0 / 1024)
        #expect(
            try difference(whole, row: 1, "probe_accuracy").1 == 8.0 / 1024)
        #expect(part.notes.contains { $0.contains("over 4 comparisons") })
    }

    @Test("Holm's correction counts p-values that are not known as 1")
    func correction() {
        #expect(HolmCorrection.adjusted([0.01, 0.04], comparisons: 4) == [0.04, 0.12])
        #expect(HolmCorrection.adjusted([0.01, 0.04]) == [0.02, 0.04])
        #expect(HolmCorrection.adjusted([0.01, 0.04, 1, 1]) == [0.04, 0.12, 1, 1])
        #expect(HolmCorrection.adjusted([0.5], comparisons: 3) == [1])
    }

    @Test("a difference over fewer pairs than the means beside it says over how many")
    func pairs() throws {
        var input = input(shown: ["probe_error"])
        // The row has the seeds 0 to 6, the baseline 5 to 9.
        input.configurations[0].trials.removeFirst(5)
        input.configurations[1].trials.removeLast(3)
        let table = ComparisonTable.make(from: input)
        let column = try #require(table.columns.firstIndex { $0.key == "probe_error_difference" })
        func remarks(_ row: Int) -> [String] {
            table.rows[row].cells[column].footnotes.map { table.footnotes[$0] }
        }
        #expect(
            remarks(1) == ["Δ over 2 pairs, seeds 5 and 6: the row has 7 seeds, its baseline 5"])
        // All of the baseline's seeds, but not all of the row's.
        #expect(remarks(2) == ["Δ over 5 pairs, seeds 5–9: the row has 10 seeds, its baseline 5"])
        let full = ComparisonTable.make(from: self.input(shown: ["probe_error"]))
        #expect(full.rows.allSatisfy { $0.cells[column].footnotes.isEmpty })
        let csv = CSVTable().text(of: table)
        #expect(csv.contains("probe_error_difference_n"))
    }

    @Test("equal differences have no interval, and a footnote instead of a width of zero")
    func equalDifferences() throws {
        var input = Examples.paired
        for row in 0..<2 {
            input.configurations[row].trials = [0, 1].map {
                // 54.2 - 52.2 and 56.2 - 54.2 differ by rounding alone.
                Examples.trial($0, 0.522 + 0.02 * Double($0 + row), 10 + Double(row * ($0 + 1)))
            }
        }
        let table = ComparisonTable.make(from: input)
        let (accuracy, _) = try difference(table, row: 1, "probe_accuracy")
        #expect(abs(accuracy.summary.mean - 2) < 1e-9)
        #expect(accuracy.interval == nil && accuracy.effectSize == nil)
        #expect(
            table.rows[1].cells[2].footnotes.map { table.footnotes[$0] } == [
                "Δ is the same in all 2 pairs: no interval can be had"
            ])
        let (error, _) = try difference(table, row: 1, "probe_error")
        #expect(error.interval != nil)
        #expect(table.rows[1].cells[4].footnotes == [])
        #expect(TerminalTable().text(of: table).contains("+2.0"))
        #expect(!TerminalTable().text(of: table).contains("[+2.0, +2.0]"))
    }

    @Test("the note names the test that was made: sign flips to 40 pairs, Wilcoxon's beyond")
    func testsNamed() throws {
        func table(_ counts: [Int]) -> Table {
            ComparisonTable.make(
                from: ComparisonInput(
                    name: "many",
                    configurations: ([41] + counts).enumerated().map { row, count in
                        .init(
                            label: "\(row)",
                            trials: (0..<count).map {
                                Examples.trial($0, 0.5 + Double(($0 * 7 + row) % 11) / 100, 10)
                            }, isBaseline: row == 0)
                    }, metrics: [metrics[0]], showsDifferences: true))
        }
        func note(_ table: Table) -> String { table.notes.first { $0.hasPrefix("Δ") } ?? "" }
        #expect(note(table([40])).contains("tests: exact sign flips, Holm's"))
        #expect(note(table([41])).contains("tests: Wilcoxon's signed ranks, Holm's"))
        #expect(
            note(table([40, 41])).contains(
                "tests: exact sign flips, beyond 40 pairs Wilcoxon's signed ranks, Holm's"))
        let why = try #require(
            CellExplanation.make(
                from: table([41]), row: "1", column: "probe_accuracy_difference"))
        #expect(
            why.notes.contains { $0.hasSuffix("by Wilcoxon's signed ranks over 41 pairs") })
    }

    @Test("that no star can appear is said where it is so, and only there")
    func reach() {
        func note(_ seeds: Int) -> String? {
            var input = input()
            for row in input.configurations.indices {
                input.configurations[row].trials.removeLast(10 - seeds)
            }
            return ComparisonTable.make(from: input).notes.first {
                $0.hasPrefix("No difference can have a star")
            }
        }
        // Sixteen comparisons: 16 times 2/512 is above 0.05, 16 times 2/1024 below.
        #expect(
            note(9)
                == "No difference can have a star here: 9 pairs give p ≥ 0.0039, 0.062 after "
                + "correction; at least 10 seeds would be needed.")
        #expect(note(10) == nil)
    }

    @Test("the bootstrap is warned of below ten pairs, and not from ten on")
    func bootstrapWarning() {
        func warns(_ seeds: Int) -> Bool {
            var input = input(shown: ["probe_error"])
            for row in input.configurations.indices {
                input.configurations[row].trials.removeLast(10 - seeds)
            }
            let table = ComparisonTable.make(from: input, resamples: 99) { _ in
                SystemRandomNumberGenerator()
            }
            return table.notes.contains { $0.hasPrefix("The bootstrap's interval is too narrow") }
        }
        #expect(warns(9))
        #expect(!warns(10))
    }

    @Test("rows that share no seed with their baseline have missing differences and no tests")
    func nothingShared() {
        var input = input(shown: ["probe_error"])
        for row in 1..<5 { input.configurations[row].trials = [] }
        let table = ComparisonTable.make(from: input)
        #expect(
            table.notes == [
                "No differences: no configuration shares a finished seed with its baseline."
            ])
        #expect(table.rows[1].cells[2].content == .missing)
        // A metric that no configuration has leaves no differences to be called untested.
        var other = self.input(shown: ["probe_error", "tuned_error"], tested: ["probe_error"])
        for row in other.configurations.indices {
            for trial in other.configurations[row].trials.indices {
                other.configurations[row].trials[trial].metrics["tuned_error"] = nil
            }
        }
        #expect(
            !ComparisonTable.make(from: other).notes.contains { $0.hasPrefix("Not tested") })
        #expect(
            ComparisonSummary.sentences(for: input) == [
                "No configuration shares a finished seed with its baseline: nothing is tested."
            ])
    }

    @Test("bounds near zero are printed with as many digits as show their side")
    func digits() {
        func printed(_ lower: Double, _ upper: Double) -> String {
            let table = Table(
                title: "", columns: [Column(key: "x", header: "x")],
                rows: [
                    Row(
                        label: "a",
                        cells: [
                            Cell(
                                .effect(
                                    .init(
                                        mean: (lower + upper) / 2, standardDeviation: 1, count: 3),
                                    .init(lower: lower, upper: upper)))
                        ])
                ])
            let csv = MarkdownTable().text(of: table)
            let line = csv.split(separator: "\n").last ?? ""
            return line.split(separator: "|")[1].replacing("\\", with: "")
                .trimmingCharacters(while: " ")
        }
        #expect(printed(-1.23, 1.29) == "0.0 [-1.2, +1.3]")
        #expect(printed(-0.02, 0.98) == "+0.48 [-0.02, +0.98]")
        #expect(printed(0.02, 0.98) == "+0.50 [+0.02, +0.98]")
        #expect(printed(-0.98, -0.0004) == "-0.4902 [-0.9800, -0.0004]")
        #expect(printed(0, 0.98) == "+0.5 [0.0, +1.0]")
        // Less than rounding leaves is zero, here and for every verdict.
        #expect(printed(1e-12, 0.98) == "+0.5 [0.0, +1.0]")
        #expect(!ConfidenceInterval(lower: 1e-12, upper: 1).excludesZero)
        #expect(ConfidenceInterval(lower: 1e-8, upper: 1).excludesZero)
        #expect(ConfidenceInterval(lower: -1, upper: -1e-8).excludesZero)
        #expect(!ConfidenceInterval(lower: -1, upper: 0).excludesZero)
    }

    @Test("zero has no sign, however it is reached")
    func negativeZero() {
        func terminal(_ content: Cell.Content) -> String {
            TerminalTable().text(
                of: Table(
                    title: "", columns: [Column(key: "x", header: "x")],
                    rows: [Row(label: "a", cells: [Cell(content)])]))
        }
        let small = Summary(mean: -0.04, standardDeviation: 0.01, count: 3)
        for content in [
            Cell.Content.number(-0.04), .number(-0.0), .summary(small), .effect(small, nil),
            .estimate(-0.0001, nil),
        ] {
            let text = terminal(content)
            #expect(text.contains("0.0") && !text.contains("-0.0"), "\(text)")
        }
        #expect(terminal(.number(-0.06)).contains("-0.1"))
        #expect(
            terminal(.effect(.init(mean: 0.04, standardDeviation: 1, count: 3), nil)).contains(
                " 0.0"))
    }

    @Test("a finished row that lacks a metric in all its trials has a footnote")
    func lackingMetric() throws {
        var input = input()
        for index in input.configurations[2].trials.indices {
            input.configurations[2].trials[index].metrics["tuned_error"] = nil
        }
        let table = ComparisonTable.make(from: input)
        let column = try #require(table.columns.firstIndex { $0.key == "tuned_error" })
        let cell = table.rows[2].cells[column]
        #expect(cell.content == .missing)
        #expect(cell.footnotes.map { table.footnotes[$0] } == ["seeds 0–9: not measured"])
        // Its difference is missing too, not inapplicable.
        #expect(table.rows[2].cells[column + 1].content == .missing)
        #expect(table.rows[0].cells[column + 1].content == .notApplicable)
    }
}

extension Substring {
    fileprivate func trimmingCharacters(while character: Character) -> String {
        var text = self
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}

extension String {
    fileprivate func trimmingCharacters(while character: Character) -> String {
        self[...].trimmingCharacters(while: character)
    }
}
