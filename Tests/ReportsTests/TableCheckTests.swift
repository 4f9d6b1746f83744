import Reports
import Testing

@Suite("Checking a paper against the table")
struct TableCheckTests {
    let table = ComparisonTable.make(from: Examples.troubled)
    let paired = ComparisonTable.make(from: Examples.paired)

    private func block(_ text: String, _ name: String, isMarkdown: Bool = false) -> String {
        isMarkdown
            ? "<!-- ablate table \(name) -->\n\(text)<!-- ablate end -->\n"
            : "Text.\n% ablate table \(name)\n\(text)% ablate end\n"
    }

    @Test("our own LaTeX and Markdown agree with the table that they were drawn from")
    func ownOutput() {
        for (table, name, numbers) in [(table, "quickstart", 33), (paired, "table1", 16)] {
            let latex = TableCheck.check(block(LaTeXTable().text(of: table), name), against: table)
            #expect(latex.mismatches == [], "\(latex.mismatches)")
            let markdown = TableCheck.check(
                block(MarkdownTable().text(of: table), name, isMarkdown: true), against: table)
            #expect(markdown.mismatches == [], "\(markdown.mismatches)")
            #expect(latex.compared == markdown.compared)
            #expect(latex.compared == numbers)
        }
    }

    @Test(
        "a table that was broken into blocks of columns, and into several tables, agrees as a whole"
    )
    func broken() {
        var input = Examples.troubled
        input.showsDifferences = true
        input.configurations += (0..<60).map { number in
            .init(
                label: "− RandomResizedCrop, batch size \(number), temperature 0.1",
                trials: (0..<2).map { Examples.trial($0, 0.5, 20, tuned: (0.5, 11)) })
        }
        let table = ComparisonTable.make(from: input)
        let latex = LaTeXTable().text(of: table)
        let tables = latex.matches(of: #/\\end\{table\}/#).count
        #expect(tables > 1)
        #expect(latex.matches(of: #/% ablate columns n probe_accuracy/#).count == tables)
        #expect(latex.matches(of: #/% ablate columns/#).count >= 2 * tables)
        #expect(latex.matches(of: #/\\label/#).count == 1)
        let outcome = TableCheck.check(block(latex, "quickstart"), against: table)
        let whole = TableCheck.check(
            block(MarkdownTable().text(of: table), "quickstart", isMarkdown: true), against: table)
        #expect(outcome.mismatches == [], "\(outcome.mismatches.prefix(3))")
        #expect(outcome.compared == whole.compared)
        let changed = latex.replacing("tuned_error", with: "tuned_err")
        let faults = TableCheck.check(block(changed, "quickstart"), against: table).mismatches
        #expect(faults.first?.description.contains("has no column “tuned_err”") == true)
    }

    @Test("a number that is no longer true is named with its place and what it should be")
    func changedNumber() {
        let text = LaTeXTable().text(of: table).replacing("52.2", with: "52.7")
        let outcome = TableCheck.check(block(text, "quickstart"), against: table)
        #expect(outcome.mismatches.count == 1)
        let mismatch = outcome.mismatches.first
        #expect(mismatch?.row == "none")
        #expect(mismatch?.column == "Linear probe: accuracy (%)")
        #expect(mismatch?.printed == "52.7")
        #expect(mismatch?.current == "52.2")
        #expect(
            mismatch?.description.hasSuffix(
                ": none, Linear probe: accuracy (%): printed 52.7, now 52.2") == true)
    }

    @Test("typed by hand with fewer digits and fewer rows it still agrees")
    func byHand() {
        let rows = "none & 3 & 52 & 18 & 56 & 12 \\\\\n"
        let outcome = TableCheck.check(block(rows, "quickstart"), against: table)
        // The deviation is not printed: that is a different cell, and said so.
        #expect(outcome.mismatches.count == 4)
        let full = "none & 3 & $52 \\pm 1$ & $18 \\pm 1$ & $56 \\pm 1$ & $12 \\pm 0$ \\\\\n"
        let second = TableCheck.check(block(full, "quickstart"), against: table)
        #expect(second.mismatches == [], "\(second.mismatches)")
        #expect(second.compared == 9)
    }

    @Test("a number in running text is checked by row and column")
    func singles() {
        let text = """
            Mixup helps: \\ablate{ChannelSwap + Mixup}{probe_accuracy}{60.0}\\% against
            \\ablate{none}{probe_accuracy}{52.0}\\%, \\ablate{nobody}{probe_accuracy}{1}
            and \\ablate{none}{loudness}{1}.
            """
        let outcome = TableCheck.check(text, against: table)
        #expect(outcome.compared == 2)
        #expect(
            outcome.mismatches.map(\.description) == [
                "line 2: none, probe_accuracy: printed 52.0, now 52.2",
                "line 2: the table has no row “nobody”",
                "line 3: the table has no column “loudness”; it has n, probe_accuracy, "
                    + "probe_error, tuned_accuracy, tuned_error",
            ])
    }

    @Test("a row unknown to the table, cells too few, and a block without an end are faults")
    func faults() {
        let text = "% ablate table quickstart\nsome & 1 & 2 \\\\\nnone & 3 \\\\\n"
        let outcome = TableCheck.check(text, against: table)
        #expect(
            outcome.mismatches.map(\.description) == [
                "line 2: the table has no row “some”",
                "line 3: 1 cell, but the table has 5 columns",
                "line 1: the block has no 'ablate end'",
            ])
    }

    @Test("blocks of other tables and text without markers are left alone")
    func otherTables() {
        let text = block("none & 9 & 9 & 9 & 9 & 9 \\\\\n", "another")
        #expect(TableCheck.check(text, against: table) == TableCheck.Outcome())
        #expect(TableCheck.check("none & 9 & 9 & 9 & 9 & 9 \\\\\n", against: table).compared == 0)
    }
}
