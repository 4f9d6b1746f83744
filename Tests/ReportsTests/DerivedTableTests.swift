import Analysis
import Reports
import Testing

@Suite("Tables made from tables")
struct DerivedTableTests {
    let troubled = ComparisonTable.make(from: Examples.troubled)

    @Test("a parameter that is called as another column is has a name of its own in CSV")
    func columnNames() throws {
        var table = Table(
            title: "t", identifier: "t", labelHeader: "row",
            parameters: ["row", "kind", "n", "size", "setting_row"])
        table.columns = [Column(key: "n", header: "n"), Column(key: "points", header: "points")]
        table.rows = [
            Row(
                label: "a", cells: [Cell(.count(1)), Cell(.number(2))],
                parameters: ["row": "0", "kind": "u", "n": "3", "size": "4", "setting_row": "5"])
        ]
        #expect(
            CSVTable().text(of: table)
                == "row,kind,setting_setting_row,setting_kind,setting_n,size,setting_row,n,points,remarks\r\n"
                + "a,configuration,0,u,3,4,5,1,2.0,\r\n")
    }

    @Test("why: the trials behind a cell with seeds, digests and the row's remarks")
    func why() throws {
        let table = try #require(
            CellExplanation.make(
                from: troubled, row: "ChannelSwap + Mixup", column: "probe_error"))
        #expect(
            table.title == "ChannelSwap + Mixup, Linear probe: error (°): 58.2 ± 63.9")
        #expect(table.rows.map(\.label) == ["0", "2"])
        #expect(table.rows[0].cells.map(\.content) == [.number(13.1), .text("d0")])
        #expect(table.notes == ["2 of 3 seeds: seed 1 failed (loss not finite at step 12)"])
        let count = CellExplanation.make(from: troubled, row: "none", column: "n")
        #expect(count?.notes == ["n: how many trials of the row are finished."])
        let empty = CellExplanation.make(from: troubled, row: "raw features", column: "tuned_error")
        #expect(empty?.notes == ["No trial stands behind this cell."])
        #expect(CellExplanation.make(from: troubled, row: "nobody", column: "n") == nil)
        #expect(CellExplanation.make(from: troubled, row: "none", column: "x") == nil)
    }

    @Test("why of a difference: the values of both trials of each seed")
    func whyDifference() throws {
        let paired = ComparisonTable.make(from: Examples.paired)
        let table = try #require(
            CellExplanation.make(from: paired, row: "all four", column: "probe_error_difference"))
        #expect(
            table.columns.map(\.key) == [
                "value", "baseline", "difference", "trial", "baseline_trial",
            ])
        #expect(table.rows.count == 8)
        #expect(table.rows[1].cells.map(\.value) == [11, 14, -3, nil, nil])
        // Of the eight differences seven are below zero and one is zero: 2 of 128 patterns of signs. The
        // other comparison, with 2 of 256, comes first and is the one that the correction doubles.
        #expect(
            table.notes.contains(
                "p = 0.016, 0.016 after correction, by exact sign flips over 8 pairs"))
        let accuracy = try #require(
            CellExplanation.make(
                from: paired, row: "all four", column: "probe_accuracy_difference"))
        #expect(
            accuracy.notes.contains(
                "p = 0.0078, 0.016 after correction, by exact sign flips over 8 pairs"))
        #expect(
            table.notes.contains { $0.hasPrefix("Δ: ") && $0.contains("over 2 comparisons") })
    }

    @Test("a row is found by its label as typed on a keyboard")
    func typedLabel() {
        let input = ComparisonInput(
            name: "x",
            configurations: ["− Mixup", "none + Mixup", "- old"].map {
                .init(label: $0, trials: [])
            },
            metrics: [])
        let table = ComparisonTable.make(from: input)
        #expect(table.row(named: "- Mixup")?.label == "− Mixup")
        #expect(table.row(named: "– Mixup")?.label == "− Mixup")
        #expect(table.row(named: "+ Mixup")?.label == "none + Mixup")
        #expect(table.row(named: "− old")?.label == "- old")
        #expect(table.row(named: "Mixup") == nil)
    }

    @Test("clips: a row a trial with its own interval; the figures alone without predictions")
    func clips() throws {
        var input = Examples.single
        input.configurations[0].trials[0].intervals = [
            "probe_accuracy": .init(lower: 0.4, upper: 0.6)
        ]
        let table = ClipTable.make(from: ComparisonTable.make(from: input))
        #expect(table.rows.map(\.label) == ["a", "b"])
        // The unit of the table is percent, that of the stored values a share.
        #expect(table.columns.map(\.key) == ["seed", "probe_accuracy"])
        #expect(table.rows[0].cells[1].content == .estimate(50, .init(lower: 40, upper: 60)))
        #expect(table.rows[1].cells[1].content == .estimate(40, nil))
        #expect(
            CSVTable().text(of: table).hasPrefix(
                "row,kind,seed,probe_accuracy,probe_accuracy_lower,probe_accuracy_upper,remarks\r\n"
                    + "a,configuration,3,50.0,40.0,60.0,\r\n"))
        #expect(TerminalTable().text(of: table).contains("50.0 [40.0, 60.0]"))
        #expect(LaTeXTable().text(of: table).contains("50.0 {[}40.0, 60.0{]}"))
        #expect(MarkdownTable().text(of: table).contains("50.0 \\[40.0, 60.0\\]"))
        #expect(HTMLTable().text(of: table).contains("[40.0, 60.0]"))
        let alone = ClipTable.make(from: troubled)
        #expect(alone.columns.map(\.key) == ["seed"] + Examples.metrics.map(\.key))
        #expect(
            alone.rows.flatMap(\.cells).allSatisfy {
                if case .estimate(_, .some) = $0.content { false } else { true }
            })
    }

    @Test("compare: values before and after with the change, and the rows that only one has")
    func compare() {
        var input = Examples.troubled
        input.configurations.removeFirst()
        input.configurations[1].trials = [Examples.trial(0, 0.70, 12.1)]
        input.configurations.append(.init(label: "new", trials: [Examples.trial(0, 0.5, 20)]))
        let table = TableDifference.make(
            before: troubled, after: ComparisonTable.make(from: input), names: ("May", "June"))
        #expect(table.columns.count == 12)
        #expect(table.columns[0].group == "Linear probe: accuracy (%)")
        let row = table.rows.first { $0.label == "ChannelSwap + Mixup" }
        guard case .number(let change) = row?.cells[2].content else {
            Issue.record("no change")
            return
        }
        #expect(abs(change - 10) < 1e-9)
        // The means are over other seeds, which is said, and no interval is made of it.
        #expect(
            row?.cells[2].footnotes.map { table.footnotes[$0] } == [
                "means over different seeds: May seeds 0 and 2, June seed 0"
            ])
        #expect(
            table.notes == [
                "change: June minus May; [ ]: Student's 95 % interval, paired by seed, where both "
                    + "have the same seeds; each by itself, without a test.",
                "Only in May: “none”.", "Only in June: “new”.",
            ])
    }

    @Test("compare: a row that another version called otherwise is the same row")
    func compareOtherLabels() {
        var renamed = troubled
        renamed.rows[1].label = troubled.rows[1].label.replacing(" ", with: "  ") + " "
        let table = TableDifference.make(before: renamed, after: troubled, names: ("May", "June"))
        #expect(table.rows.count == troubled.rows.count)
        #expect(!table.notes.contains { $0.hasPrefix("Only in") })
    }

    @Test("compare: of very many rows that only one has, forty are named and the rest counted")
    func compareManyRows() {
        var many = troubled
        many.rows = (1...43).map { number in
            var row = troubled.rows[0]
            row.label = "size \(number)"
            return row
        }
        let table = TableDifference.make(before: many, after: troubled, names: ("May", "June"))
        #expect(
            table.notes.contains {
                $0.hasPrefix("Only in May: “size 1”, ") && $0.hasSuffix("“size 40” and 3 more.")
            })
    }

    @Test("compare: over the same seeds the change is paired, with its interval and the seeds")
    func compareSameSeeds() throws {
        var input = Examples.paired
        // Half a degree more, and a tenth more with each seed.
        for index in 0..<8 {
            input.configurations[0].trials[index].metrics["probe_error"]? +=
                0.5 + Double(index) / 10
        }
        let table = TableDifference.make(
            before: ComparisonTable.make(from: Examples.paired),
            after: ComparisonTable.make(from: input), names: ("May", "June"))
        let column = try #require(table.columns.firstIndex { $0.key == "probe_error_change" })
        guard case .effect(let summary, let interval?) = table.rows[0].cells[column].content else {
            Issue.record("no interval")
            return
        }
        #expect(abs(summary.mean - 0.85) < 1e-9 && summary.count == 8)
        // t(7, 0.975) = 2.3646 times the deviation 0.24495 over the root of 8.
        #expect(abs(interval.upper - 0.85 - 2.364624 * 0.2449490 / 8.0.squareRoot()) < 1e-5)
        #expect(
            table.rows[0].cells[column].footnotes.map { table.footnotes[$0] } == ["over seeds 0–7"])
        // What has not changed has no scatter, and no interval without width.
        #expect(
            table.rows[1].cells[column].content
                == .effect(.init(mean: 0, standardDeviation: 0, count: 8), nil))
    }

    @Test("diff: settings and metrics that differ, and only those")
    func difference() {
        let first = ReportDocument.Trial(
            label: "a", seed: 0, status: .finished, digest: "x",
            metrics: [.init("loss", "1.5")],
            settings: [.init("temperature", "0.1"), .init("batch_size", "64"), .init("old", "1")])
        let second = ReportDocument.Trial(
            label: "b", seed: 1, status: .finished, digest: "y",
            metrics: [.init("loss", "1.5")],
            settings: [.init("batch_size", "128"), .init("temperature", "0.1")])
        let table = TrialDifference.make(first, second)
        #expect(table.columns.map(\.header) == ["a, seed 0", "b, seed 1"])
        #expect(table.rows.map(\.label) == ["batch_size", "old"])
        #expect(table.rows[1].cells == [Cell(.text("1")), Cell(.notApplicable)])
        #expect(TrialDifference.make(first, first).notes == ["The two do not differ."])
    }

    @Test("attribution: a row a member, a row a pair, with intervals")
    func attribution() throws {
        let outcomes = [0, 1, 2].flatMap { seed in
            [([], 50.0), (["swap"], 52), (["mixup"], 55), (["swap", "mixup"], 60)].map {
                Attribution.Outcome(
                    members: Set($0.0), seed: seed, value: $0.1 + Double(seed * $0.0.count))
            }
        }
        let attribution = try #require(
            Attribution(members: ["swap", "mixup"], outcomes: outcomes))
        let metric = Examples.metrics[0]
        var plan = AttributionTable.Plan(comparisons: 3, tested: [metric.key])
        let table = AttributionTable.make([(metric, attribution)], plan: plan)
        #expect(table.rows.map(\.label) == ["swap", "mixup", "swap × mixup"])
        let text = TerminalTable(width: 100).text(of: table)
        // swap: half of 2 and half of 5, plus the seed: 3.5, 4.5, 5.5.
        // Three effects at once: Student's quantile at 1 - 0.05/6 with two degrees is 7.649.
        #expect(text.contains("swap          +4.5  [+0.1, +8.9]"))
        // The same in every seed: no interval, rather than one without width.
        #expect(text.contains("swap × mixup  +3.0\n"))
        #expect(text.contains("An effect that is the same in all seeds has no interval."))
        #expect(text.contains("Linear probe: accuracy: over seeds 0–2."))
        #expect(CSVTable().text(of: table).contains("probe_accuracy_lower"))
        // One family, whatever is shown.
        let members = AttributionTable.make([(metric, attribution)], order: 1, plan: plan)
        #expect(members.rows[0] == table.rows[0] && members.caption.contains("(k = 3"))
        // A fixed plan is looked at when all of its seeds are there.
        plan.isPending = true
        let early = AttributionTable.make([(metric, attribution)], plan: plan)
        let swap = attribution.contributions[0].effect.summary
        #expect(early.rows[0].cells[0].content == .effect(swap, nil))
        #expect(early.notes.contains { $0.hasPrefix("Fixed plan: looked at once") })
    }

    @Test("attribution over an extended plan shares the errors of its two looks")
    func extendedAttribution() throws {
        let gains = [1.2, 0.8, 1.1, 0.9, 1.3, 1.0, 0.7, 1.2]
        let outcomes = gains.enumerated().flatMap { seed, gain in
            [([], 50.0), (["swap"], 50 + gain)].map {
                Attribution.Outcome(members: Set($0.0), seed: seed, value: $0.1)
            }
        }
        let attribution = try #require(Attribution(members: ["swap"], outcomes: outcomes))
        let metric = Examples.metrics[0]
        let table = AttributionTable.make(
            [(metric, attribution)],
            plan: .init(looks: .open(first: [0, 1, 2, 3]), comparisons: 1, tested: [metric.key]))
        let effect = attribution.contributions[0].effect
        let first = try #require(Summary(Array(effect.values.prefix(4)))?.interval(level: 0.975))
        let all = try #require(ConfidenceSequence.interval(of: effect.summary, level: 0.975))
        let both = ConfidenceInterval(
            lower: max(first.lower, all.lower), upper: min(first.upper, all.upper))
        #expect(table.rows[0].cells[0].content == .effect(effect.summary, both))
        #expect(table.notes.contains { $0.hasPrefix("Open plan: seeds 0–3 had been looked at") })
    }

    @Test("advice: settled rows, pairs until the others are, and what they cost")
    func advice() {
        let table = AdviceTable.make(from: Examples.paired, secondsPerTrial: 60)
        #expect(table.rows.map(\.label) == ["all four", "all four"])
        #expect(table.rows.map { $0.cells[2].content }.first == .text("better"))
        #expect(table.rows[0].cells[4].content == .text("settled"))
        #expect(table.notes.contains { $0.contains("--until-settled") })
        var input = Examples.paired
        for index in input.configurations.indices {
            input.configurations[index].trials.removeLast(4)
        }
        let early = AdviceTable.make(from: input, secondsPerTrial: 60)
        guard case .count(let needed) = early.rows[1].cells[4].content,
            case .number(let minutes) = early.rows[1].cells[5].content
        else {
            Issue.record("no advice")
            return
        }
        // No sequence of two comparisons bounds anything before five pairs.
        #expect(needed >= 5)
        // A minute a trial, two trials a pair; four pairs are there.
        #expect(minutes == Double(2 * (needed - 4)))
        for index in input.configurations.indices {
            input.configurations[index].trials.removeLast(2)
        }
        // Two pairs say nothing of the scatter: not that a thousand would not do.
        let scarce = AdviceTable.make(from: input, secondsPerTrial: 60)
        #expect(scarce.rows.map { $0.cells[4].content } == [.text("unknown"), .text("unknown")])
        #expect(scarce.notes.contains { $0.hasPrefix("unknown: with fewer than three pairs") })
    }

    @Test("advice never promises that no seed more would settle what is not settled")
    func adviceOnUnsettled() throws {
        // A large effect with one seed against it, among many comparisons.
        var input = Examples.paired
        let values = [3.0, 3.2, 2.9, 3.1, 3.3, 2.8, 3.0, 3.1, 3.2, -4]
        input.configurations = [0, 1].map { row in
            .init(
                label: "\(row)",
                trials: values.enumerated().map { seed, value in
                    Examples.trial(seed, 0.5, row == 0 ? 20 : 20 + value + Double(seed) / 100)
                }, isBaseline: row == 0)
        }
        input.configurations += (2..<12).map { .init(label: "\($0)", trials: []) }
        let advice = AdviceTable.make(from: input)
        #expect(input.comparisonCount == 22)
        let row = try #require(
            advice.rows.first { $0.cells[0].content == .text("Linear probe: error (°)") })
        #expect(row.cells[2].content == .text("undecided"))
        #expect(row.cells[3].content == .count(10))
        guard case .count(let more) = row.cells[4].content else {
            Issue.record("no number of pairs")
            return
        }
        #expect(more > 10)
        #expect(advice.caption.contains("k = 22"))
    }
}
