import Analysis
import Reports
import Testing

/// Every sentence of a summary, on both sides of its condition.
@Suite("Sentences of a summary are borne out by tests")
struct SummarySentenceTests {
    /// Ten numbers that scatter by about a third around zero.
    private static let scatter = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, -0.1, 0.4, 0.0, -0.3]

    /// Rows with a mean accuracy and error each, and a scatter of their own over the seeds.
    private func input(
        _ rows: [(label: String, accuracy: Double, error: Double)], seeds: Int = 10,
        references: [(label: String, accuracy: Double, error: Double)] = [],
        hasBaseline: Bool = true
    ) -> ComparisonInput {
        func trials(_ row: Int, _ accuracy: Double, _ error: Double) -> [ComparisonInput.Trial] {
            (0..<seeds).map { seed in
                let scatter = Self.scatter[(seed * 3 + row * 7) % 10]
                return Examples.trial(seed, (accuracy + scatter) / 100, error + scatter)
            }
        }
        return ComparisonInput(
            name: "sentences",
            configurations: rows.enumerated().map { index, row in
                .init(
                    label: row.label, trials: trials(index, row.accuracy, row.error),
                    isBaseline: hasBaseline && index == 0)
            }
                + references.enumerated().map { index, row in
                    .init(
                        label: row.label, trials: trials(index + 5, row.accuracy, row.error),
                        isReference: true)
                }, metrics: Array(Examples.metrics.prefix(2)), showsDifferences: true)
    }

    private func sentences(_ input: ComparisonInput) -> [String] {
        ComparisonSummary.sentences(
            for: input, references: ReferenceComparisons(input)
        ).filter { !$0.hasPrefix("Some differences lean to one side") }
    }

    /// Without intervals, which other tests know.
    private func short(_ sentences: [String]) -> [String] {
        sentences.map { $0.replacing(#/ \[[^\]]*\]/#, with: "") }
    }

    @Test(
        "what has a star is better or worse, in the metric's own direction; the rest is undecided")
    func stars() {
        let found = short(
            sentences(
                input([
                    ("none", 50, 20), ("up", 55, 20), ("down", 45, 25), ("same", 50.1, 20),
                ])))
        #expect(
            found == [
                "Linear probe, accuracy, against “none”: better: “up” (+5.0 %, 10 pairs); worse: “down” "
                    + "(-5.0 %, 10 pairs); undecided: “same”.",
                "Linear probe, error, against “none”: worse: “down” (+5.0°, 10 pairs); undecided: “up”, "
                    + "“same”.",
            ])
        // No sentence says that a row is the best, or that two do not differ.
        #expect(!found.contains { $0.contains("best") || $0.contains("no difference") })
    }

    @Test("a row that is better in one metric and worse in another, both tested, is a trade-off")
    func tradeOff() {
        let clear = sentences(input([("none", 50, 20), ("both", 55, 25)]))
        #expect(
            clear.last
                == "“both” is a trade-off: better in Linear probe, accuracy, worse in Linear probe, "
                + "error.")
        // Means that lean in two directions are none.
        let unclear = sentences(input([("none", 50, 20), ("both", 50.05, 20.05)]))
        #expect(!unclear.contains { $0.contains("trade-off") })
        let good = sentences(input([("none", 50, 20), ("both", 55, 15)]))
        #expect(!good.contains { $0.contains("trade-off") })
    }

    @Test("where no test is passed, nothing is decided")
    func nothingDecided() {
        #expect(
            sentences(input([("none", 50, 20), ("a", 50.05, 20)])) == [
                "Nothing is decided: of 2 differences from “none” none has a verdict (10 pairs, "
                    + "intervals that hold together in 95 % of cases)."
            ])
        // Two seeds bound nothing, however far the means are apart.
        #expect(
            sentences(input([("none", 50, 20), ("a", 90, 2)], seeds: 2)) == [
                "Nothing is decided: of 2 differences from “none” none has a verdict (2 pairs, "
                    + "too few for an interval)."
            ])
        // Nor does the same difference in every pair.
        var equal = input([("none", 50, 20), ("a", 50, 20)])
        for row in equal.configurations.indices {
            for seed in equal.configurations[row].trials.indices {
                equal.configurations[row].trials[seed].metrics = [
                    "probe_accuracy": 0.5, "probe_error": 20,
                ]
            }
        }
        #expect(
            sentences(equal).first
                == "Nothing is decided: of 2 differences from “none” none has a verdict (10 pairs, the "
                + "same difference in all: no interval can be had).")
        // A fixed plan is not looked at before all of its seeds are there.
        equal.configurations[1].trials[9].status = .pending
        #expect(
            sentences(equal)
                == [
                    "Not looked at yet: a fixed plan is looked at when all of its seeds are there (9 pairs "
                        + "so far, of 10 pairs)."
                ])
        #expect(
            sentences(input([("none", 50, 20), ("a", 90, 20)])).last
                == "Undecided for every configuration: Linear probe, error.")
    }

    @Test("a star beside an interval that holds zero decides nothing")
    func starAgainstInterval() {
        // Nine of ten differences are small and of one sign, one is huge: sign flips find what Student's
        // interval does not.
        var input = input([("none", 50, 20), ("a", 50, 20)])
        for seed in 0..<10 {
            input.configurations[0].trials[seed].metrics = [
                "probe_accuracy": 0.5, "probe_error": 20,
            ]
            input.configurations[1].trials[seed].metrics = [
                "probe_accuracy": 0.5 + (seed == 0 ? 0.4 : 0.001 + Double(seed) / 10_000),
                "probe_error": 19.5 + Double(seed % 2),
            ]
        }
        let table = ComparisonTable.make(from: input)
        #expect(table.rows[1].cells[2].isSignificant)
        #expect(sentences(input).first?.hasPrefix("Nothing is decided: of 2 differences") == true)
    }

    @Test("without a baseline the means are said to settle nothing")
    func noBaseline() {
        #expect(
            sentences(input([("a", 50, 20), ("b", 90, 2)], hasBaseline: false)) == [
                "No configuration is the baseline, so none was tested against another: the means of "
                    + "the table settle nothing."
            ])
        #expect(sentences(input([("a", 50, 20)], hasBaseline: false)) == [])
    }

    @Test("a reference that beats every row comes first, with pairs and level")
    func reference() {
        let found = sentences(
            input(
                [("none", 50, 20), ("a", 50.05, 20.05)],
                references: [("raw features", 40, 6), ("random encoder", 50.11, 60)]))
        #expect(
            found[1]
                == "Linear probe, error: “raw features” beats every configuration: 6.0°, the nearest "
                + "configuration, “none”, has 20.1° (10 pairs each).")
        // Of the random encoder's accuracy the means alone say so.
        #expect(
            found.contains(
                "Linear probe, accuracy: no configuration is shown to be better than “random encoder”, "
                    + "nor is that shown to be better than any of them (50.2 %, the nearest "
                    + "configuration, “a”, has 50.1 %; "
                    + "10 pairs each)."))
        // Two rows, two references, two metrics.
        #expect(
            found.contains(
                "Comparisons with references: 8 at once, paired by seed, intervals at 99.38 % each, "
                    + "95 % together."))
        #expect(found.last?.hasPrefix("Nothing is decided") == true)
    }

    @Test("a reference that one row reaches is not said to beat them")
    func reachedReference() {
        let found = sentences(
            input(
                [("none", 50, 20), ("a", 60, 5)], references: [("raw features", 40, 6)]))
        #expect(!found.contains { $0.contains("raw features") })
        let part = sentences(
            input([("none", 50, 20), ("a", 60, 6.1)], references: [("raw features", 40, 6)]))
        #expect(
            part.first
                == "Linear probe, error: no configuration is shown to be better than “raw features”, "
                + "which is shown to be better than 1 of the 2 configurations (6.0°, the nearest "
                + "configuration, “a”, has 6.1°; 10 pairs "
                + "each).")
    }

    @Test("one run that involves no chance stands for all seeds; otherwise pairs are by seed")
    func withoutChance() throws {
        var input = input([("none", 50, 20)], references: [("raw features", 40, 6)])
        input.configurations[1].trials = [Examples.trial(0, 0.4, 6)]
        let single = ReferenceComparisons(input)
        #expect(single.items.map { $0.difference?.summary.count } == [1, 1])
        #expect(single.items.map(\.verdict) == [.undecided, .undecided])
        input.configurations[1].involvesNoChance = true
        let all = ReferenceComparisons(input)
        #expect(all.items.map { $0.difference?.summary.count } == [10, 10])
        #expect(all.items.map(\.verdict) == [.better, .worse])
        // Two comparisons: each interval at 97.5 %.
        #expect(all.level == 0.975)
        let mean = try #require(all.items[1].difference?.summary)
        let half = StudentT(degreesOfFreedom: 9).quantile(0.9875) * (mean.standardError ?? 0)
        #expect(abs((all.items[1].difference?.interval?.upper ?? 0) - mean.mean - half) < 1e-9)
    }

    @Test("a row is compared with the references of its own context alone")
    func contexts() {
        var input = input(
            [("small", 50, 20), ("large", 50, 30)],
            references: [("random (small)", 50, 25), ("random (large)", 50, 25)])
        input.configurations[0].references = ["random (small)"]
        input.configurations[1].references = ["random (large)"]
        let comparisons = ReferenceComparisons(input)
        #expect(comparisons.count == 4)
        #expect(
            comparisons.items.filter { $0.metric.key == "probe_error" }.map(\.verdict) == [
                .better, .worse,
            ])
    }

    @Test("a finding says what was tested, on how many pairs, and with which bound")
    func findings() {
        var input = input(
            [("none", 44.8, 72), ("bad", 43.8, 78.8)],
            references: [("random encoder", 43.8, 72.2), ("supervised from scratch", 0, 0)])
        for row in [0, 1] {
            for seed in 0..<10 {
                input.configurations[row].trials[seed].metrics["tuned_accuracy"] =
                    0.5395 + Self.scatter[seed] / 100
                input.configurations[row].trials[seed].metrics["deviation"] =
                    seed == 3 && row == 1 ? 0.02 : 0.7
            }
        }
        for seed in 0..<10 {
            input.configurations[3].trials[seed].metrics = [
                "tuned_accuracy": 0.5415 + Self.scatter[(seed * 3 + 1) % 10] / 100
            ]
        }
        input.metrics.append(Examples.metrics[2])
        let findings = ComparisonFindings.make(
            from: input, comparisons: ReferenceComparisons(input),
            sources: .init(
                probeAccuracy: "probe_accuracy", probeError: "probe_error",
                tunedAccuracy: "tuned_accuracy", tunedError: "tuned_error",
                embeddingDeviation: "deviation", randomEncoder: "random encoder",
                fromScratch: "supervised from scratch"))
        #expect(
            findings.map { "\($0.row): \($0.signature.kind.rawValue)" } == [
                "none: spectralFeaturesNotLearned", "none: embeddingsNotDiscriminative",
                "bad: collapse", "bad: spectralFeaturesNotLearned",
                "bad: embeddingsNotDiscriminative",
            ])
        let comparisons = ReferenceComparisons(input)
        let method = "Comparisons with references: "
        // The level stands wherever an interval of these is printed, and only there.
        #expect(
            ComparisonSummary.sentences(for: input, references: comparisons, findings: findings)
                .count { $0.hasPrefix(method + "\(comparisons.count) at once") } == 1)
        var better = self.input([("none", 60, 5)], references: [("random encoder", 50, 60)])
        better.showsDifferences = false
        #expect(
            ComparisonSummary.sentences(
                for: better, references: ReferenceComparisons(better))
                == [])
        let sentences = findings.map(\.signature.sentence)
        // An error that lies above is said to lie above.
        #expect(
            sentences[3].contains(
                "the probe's error is above the random encoder's (78.8° against 72.2°, +6.6 [+"))
        #expect(
            sentences[0].contains("the probe's error is less than 18.1° below the random encoder's")
        )
        #expect(
            sentences[0].contains(
                "the probe's accuracy is less than 2.0 points above the random encoder's (44.8 % "
                    + "against 43.8 %, +1.0 [+"))
        #expect(sentences[0].contains(", 10 pairs)"))
        #expect(
            sentences[1].hasPrefix(
                "Pretraining gains hardly anything: the accuracy after fine-tuning is less than 2.0 "
                    + "points above training from scratch's (54.0 % against 54.2 %, -0.2 ["))
        #expect(
            sentences[2]
                == "Collapse, all inputs have nearly the same embedding in 1 of 10 seeds (seed "
                + "3): deviation at most 0.020, where 1 is spread over the sphere.")
        // The same means over one seed are no finding.
        for row in input.configurations.indices { input.configurations[row].trials.removeLast(9) }
        let few = ComparisonFindings.make(
            from: input, comparisons: ReferenceComparisons(input),
            sources: .init(
                probeAccuracy: "probe_accuracy", probeError: "probe_error",
                randomEncoder: "random encoder"))
        #expect(few == [])
    }
}
