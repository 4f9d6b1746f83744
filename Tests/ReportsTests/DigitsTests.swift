import Analysis
import Reports
import Testing

@Suite("Digits of figures of any size")
struct DigitsTests {
    private func table(_ values: [Double], decimals: Int = 1, differences: Bool = false) -> Table {
        let metric = ComparisonInput.Metric(
            key: "loss", header: "loss", unit: "s", better: .lower, decimals: decimals)
        return ComparisonTable.make(
            from: ComparisonInput(
                name: "digits",
                configurations: values.enumerated().map { row, value in
                    .init(
                        label: "row \(row)",
                        trials: (0..<4).map { seed in
                            .init(
                                seed: seed, status: .finished,
                                metrics: ["loss": value * (1 + 0.1 * Double(seed * (row + 1)))],
                                digest: "\(row)\(seed)")
                        }, isBaseline: row == 0)
                }, metrics: [metric], showsDifferences: differences))
    }

    private func cells(_ table: Table) -> String { MarkdownTable().text(of: table) }

    @Test("a column whose figures would all be 0.0 has as many decimals as its largest takes")
    func small() {
        let text = cells(table([0.002, 0.000_1]))
        #expect(text.contains(" 0.0023 ± 0.0003 |"), "\(text)")
        // One that shows something stays as it is declared, and so does one of zeros.
        #expect(cells(table([2, 0.000_1])).contains(" 2.3 ± 0.3 |"))
        #expect(cells(table([0, 0])).contains(" 0.0 ± 0.0 |"))
    }

    @Test("what nine decimals do not show, and what has more digits than a double, has an exponent")
    func exponents() {
        #expect(cells(table([2e-12, 1e-12])).contains(" 2.30e-12 ± 2.58e-13 |"))
        let text = cells(table([1e150, 2e150], differences: true))
        #expect(text.contains("1.15e+150 ± 1.29e+149") && text.contains("+1.45e+150"), "\(text)")
        #expect(text.count < 2000)
    }

    @Test("a paper's copy of them is checked as every other")
    func checked() {
        let table = table([1e150, 2e-3])
        let copy = "<!-- ablate table digits -->\n" + cells(table) + "<!-- ablate end -->\n"
        let outcome = TableCheck.check(copy, against: table)
        #expect(outcome.mismatches.isEmpty && outcome.compared > 4, "\(outcome)")
        let wrong = TableCheck.check(
            copy.replacing("1.15e+150", with: "1.15e+149"), against: table)
        #expect(wrong.mismatches.count == 1)
    }

    @Test("in LaTeX long labels are broken before anything is shrunk")
    func labels() {
        var table = Table(
            title: "t", columns: (0..<4).map { Column(key: "c\($0)", header: "accuracy") })
        let label = "ChannelSwap + RandomResizedCrop + ChannelDrop"
        table.rows = [Row(label: label, cells: (0..<4).map { _ in Cell(.number(12.3)) })]
        // 45 of labels and 40 of numbers: more than a line's 72.
        #expect(LaTeXTable().text(of: table).contains("{@{}p{16em}rrrr@{}}"))
        table.rows[0].label = "ChannelSwap"
        #expect(LaTeXTable().text(of: table).contains("{@{}lrrrr@{}}"))
    }
}
