import Analysis
import Foundation
import Reports
import Testing

/// The worked example of docs/statistics.md, from the numbers that it gives.
@Suite("The page on statistics")
struct StatisticsDocumentTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        page = try String(
            contentsOf: root.appending(path: "docs/statistics.md"), encoding: .utf8)
    }

    /// The rows of the example's table: label and values by seed.
    private var rows: [(label: String, values: [Double])] {
        page.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap { line in
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let values = cells.dropFirst().compactMap(Double.init)
            return cells[0] != "seed" && values.count == 6 ? (cells[0], values) : nil
        }
    }

    private var input: ComparisonInput {
        ComparisonInput(
            name: "example",
            configurations: rows.enumerated().map { index, row in
                .init(
                    label: row.label,
                    trials: row.values.enumerated().map { seed, value in
                        .init(seed: seed, status: .finished, metrics: ["accuracy": value])
                    }, isBaseline: index == 0)
            },
            metrics: [
                .init(
                    key: "accuracy", header: "accuracy", unit: "%", better: .higher,
                    smallestEffect: 1)
            ])
    }

    /// The lines of a table, without title and remarks.
    private func body(_ table: Table) -> String {
        let text = TerminalTable().text(of: table)
        let blocks = text.split(separator: "\n\n", omittingEmptySubsequences: true)
        let lines = blocks.first { $0.contains("Configuration") }?.split(separator: "\n") ?? []
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }

    @Test("its tables are those that the program prints")
    func tables() {
        #expect(rows.map(\.label) == ["none", "a", "b"])
        #expect(page.contains(body(ComparisonTable.make(from: input))))
        #expect(page.contains(body(VerdictTable.make(from: input))))
    }

    @Test("its figures are those of the formulas")
    func figures() throws {
        let item = try #require(ComparisonVerdicts(input).items.first)
        let summary = try #require(item.difference?.summary)
        let deviation = try #require(summary.standardDeviation)
        func fixed(_ value: Double, _ decimals: Int) -> String {
            String(format: "%.\(decimals)f", value)
        }
        let quantile = StudentT(degreesOfFreedom: 5).quantile(1 - 0.05 / 4)
        let half = quantile * deviation / 6.0.squareRoot()
        #expect(page.contains("m = \(fixed(summary.mean, 2)), s = \(fixed(deviation, 2))"))
        #expect(
            page.contains(
                "\(fixed(quantile, 3)) x \(fixed(deviation, 3)) / √6 = \(fixed(half, 2))"))
        let rows = rows.map { Dictionary(uniqueKeysWithValues: zip(0..., $0.values)) }
        let claim = try #require(
            ClaimVerdicts([
                .init(
                    text: "a beats b", comparison: "", metric: input.metrics[0], values: rows[1],
                    others: rows[2], comparisons: 1)
            ]).items.first)
        let scatter = try #require(claim.judged.difference?.summary.standardDeviation)
        let ofOne = StudentT(degreesOfFreedom: 5).quantile(1 - 0.05 / 2)
        #expect(
            page.contains(
                "*\(claim.outcome.words)*, \(VerdictText.figures(claim.judged).split(separator: ", 6").first ?? "")"
                    .replacing(" %", with: "")))
        #expect(
            page.contains(
                "\(fixed(ofOne, 3)) x \(fixed(scatter, 3)) / √6 = \(fixed(ofOne * scatter / 6.0.squareRoot(), 2))"
            ))
        let open = try #require(Looks.open(first: []).halfWidth(count: 6, alpha: item.alpha))
        let once = try #require(Looks.fixed.halfWidth(count: 6, alpha: item.alpha))
        #expect(page.contains("would be \(fixed(open, 2)) s instead of \(fixed(once, 2)) s"))
        // With k = 16.
        let alpha = 0.05 / 16
        for (count, plan) in [(10, Looks.open(first: [])), (10, .fixed), (20, .open(first: []))] {
            let width = try #require(plan.halfWidth(count: count, alpha: alpha))
            #expect(page.contains(fixed(width, 1)))
        }
        #expect(Looks.open(first: []).halfWidth(count: 5, alpha: alpha) == nil)
        #expect(Looks.open(first: []).halfWidth(count: 6, alpha: alpha) != nil)
    }
}
