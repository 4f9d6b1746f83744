import Analysis
import Reports
import Testing

@Suite("Claims of a sweep")
struct ClaimTableTests {
    private static let accuracy = ComparisonInput.Metric(
        key: "accuracy", header: "accuracy", unit: "%", better: .higher, smallestEffect: 1)
    private static let error = ComparisonInput.Metric(
        key: "error", header: "error", unit: "°", better: .lower, smallestEffect: 1)

    /// Four seeds, whose differences have the mean given and deviate by root 5/3.
    private func claim(
        _ mean: Double, scale: Double = 1, _ metric: ComparisonInput.Metric = Self.accuracy,
        change: (inout ClaimVerdicts.Claim) -> Void = { _ in }
    ) -> ClaimVerdicts.Claim {
        let values = [-1.5, -0.5, 0.5, 1.5].map { 50 + mean + scale * $0 }
        var claim = ClaimVerdicts.Claim(
            text: "one beats the other", comparison: "one, against the other", metric: metric,
            values: Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, $1) }),
            others: [0: 50, 1: 50, 2: 50, 3: 50], comparisons: 2)
        change(&claim)
        return claim
    }

    @Test("the interval is Student's at 1 - 0.05/k: two comparisons of four pairs by hand")
    func byHand() throws {
        let item = ClaimVerdicts([claim(2.5)]).items[0]
        let summary = try #require(item.judged.difference?.summary)
        let interval = try #require(item.judged.interval)
        #expect(summary.mean == 2.5 && summary.count == 4)
        // The quantile of three degrees of freedom at 1 - 0.05/4 is 4.17653; root(5/3) / 2 is 0.645497.
        #expect(abs(interval.upper - (2.5 + 4.17653 * 0.645497)) < 1e-4)
        #expect(abs(interval.lower - (2.5 - 4.17653 * 0.645497)) < 1e-4)
        #expect(item.outcome == .undecided)
    }

    @Test(
        "a claim holds on its side of zero, fails on the other and where nothing matters, else is undecided"
    )
    func outcomes() {
        func outcome(
            _ mean: Double, scale: Double = 1, _ metric: ComparisonInput.Metric = Self.accuracy
        ) -> ClaimVerdicts.Outcome {
            ClaimVerdicts([claim(mean, scale: scale, metric)]).items[0].outcome
        }
        #expect(outcome(3) == .holds && outcome(-3) == .fails && outcome(1) == .undecided)
        // Half widths of 0.27: better by less than a point is better.
        #expect(outcome(0.5, scale: 0.1) == .holds && outcome(0.1, scale: 0.1) == .fails)
        #expect(outcome(3, Self.error) == .fails && outcome(-3, Self.error) == .holds)
        var metric = Self.accuracy
        metric.smallestEffect = nil
        #expect(outcome(0.1, scale: 0.1, metric) == .undecided)
    }

    @Test("the table has the outcome, the verdict's words and what is compared with what")
    func table() {
        let claims = [claim(4), claim(3, Self.error), claim(1)]
        let table = ClaimTable.make(ClaimVerdicts(claims), title: "t", identifier: "t")
        #expect(
            table.rows.map { $0.cells[3].content } == [
                .text("holds"), .text("does not hold"), .text("undecided"),
            ])
        #expect(
            table.rows.map { $0.cells[4].content } == [
                .text("better by at least 1 %"), .text("worse"), .text("undecided"),
            ])
        #expect(table.footnotes == ["one, against the other"])
        #expect(table.caption.contains("(1 - 0.05/k each, k = 2)"))
        #expect(table.identifier == "t-claims")
        let text = TerminalTable().text(of: table)
        #expect(text.contains("+4.0 [+1.3, +6.7]"), "\(text)")
    }

    @Test("a fixed plan is looked at when all seeds are there; failed ones are not waited for")
    func waiting() {
        let waiting = ClaimVerdicts([claim(30) { $0.pending = 1 }])
        #expect(waiting.items[0].outcome == .undecided && waiting.items[0].judged.interval == nil)
        let table = ClaimTable.make(waiting, title: "t", identifier: "t")
        #expect(table.footnotes.contains { $0.hasPrefix("4 of 5 pairs so far: a fixed plan") })
        let open = ClaimVerdicts([
            claim(300) {
                $0.pending = 1
                $0.looks = .open(first: [])
                $0.comparisons = 1
                $0.values[4] = 350
                $0.others[4] = 50
                $0.values[5] = 351
                $0.others[5] = 50
            }
        ])
        #expect(open.items[0].judged.interval != nil && open.items[0].outcome == .holds)
        let failed = ClaimVerdicts([claim(30) { $0.others[0] = nil }])
        #expect(failed.items[0].judged.pairs == 3 && failed.items[0].outcome == .holds)
    }

    @Test(
        "claims that came after a look are marked, and corrected for what could have been claimed")
    func late() {
        let late = claim(4) {
            $0.isLate = true
            $0.comparisons = 20
        }
        let table = ClaimTable.make(
            ClaimVerdicts([claim(4), late]), title: "t", identifier: "t", former: 1)
        #expect(table.caption.contains("k = 2 and 20"))
        #expect(table.footnotes.contains { $0.hasPrefix("written down when figures of its rows") })
        #expect(table.notes.contains { $0.hasPrefix("k counts 1 comparison as well") })
        #expect(table.rows.map { $0.cells[3].content } == [.text("holds"), .text("undecided")])
        // Who computes again until others come out has had as many tries.
        let redone = ClaimVerdicts([claim(4) { $0.redone = 2 }]).items[0].judged
        #expect(redone.comparisons == 8)
    }

    @Test("sentences say of each claim what became of it in each metric")
    func sentences() {
        #expect(
            ClaimVerdicts([claim(4), claim(1, Self.error)]).sentences == [
                "Claim “one beats the other”: holds in accuracy (+4.0 % [+1.3, +6.7], 4 pairs); undecided in "
                    + "error (+1.0° [-1.7, +3.7], 4 pairs)."
            ])
        #expect(ClaimVerdicts([]).sentences.isEmpty)
        #expect(
            ClaimTable.make(ClaimVerdicts([]), title: "t", identifier: "t").notes.first?
                .hasPrefix("Nothing is compared") == true)
    }
}
