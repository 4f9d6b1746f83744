import Reports
import Testing

/// What stands around the numbers of a paper's table: headings, bold type, rows, remarks.
@Suite("What stands around a paper's numbers is checked")
struct CheckedSurroundingsTests {
    let table = ComparisonTable.make(from: Examples.troubled)

    private func check(_ text: String, _ syntax: TableCheck.Syntax = .latex) -> TableCheck.Outcome {
        TableCheck.check(
            "<!-- ablate table quickstart -->\n\(text)\n<!-- ablate end -->\n", against: table,
            syntax: syntax)
    }

    private func lines(_ text: String, _ syntax: TableCheck.Syntax = .latex) -> [String] {
        check(text, syntax).mismatches.map(\.description)
    }

    private let latex = LaTeXTable().text(of: ComparisonTable.make(from: Examples.troubled))
    private let markdown = MarkdownTable().text(of: ComparisonTable.make(from: Examples.troubled))

    @Test("headings that stand over each other's columns are faults, in LaTeX and in Markdown")
    func swappedHeadings() {
        #expect(lines(latex) == [] && lines(markdown, .markdown) == [])
        let swapped = latex.replacing("{Linear probe}", with: "{X}")
            .replacing("{Fine-tuned}", with: "{Linear probe}").replacing(
                "{X}", with: "{Fine-tuned}")
        #expect(swapped != latex)
        #expect(
            lines(swapped).map { String($0.drop { $0 != ":" }) } == [
                ": the heading “Fine-tuned” stands over “Linear probe: accuracy (%)”, “Linear probe: "
                    + "error (°)”, and reads like “Fine-tuned: accuracy (%)”",
                ": the heading “Linear probe” stands over “Fine-tuned: accuracy (%)”, “Fine-tuned: "
                    + "error (°)”, and reads like “Linear probe: accuracy (%)”",
            ])
        let inMarkdown = markdown.replacing("Linear probe: error (°)", with: "X")
            .replacing("Linear probe: accuracy (%)", with: "Linear probe: error (°)")
            .replacing("| X", with: "| Linear probe: accuracy (%)")
        #expect(lines(inMarkdown, .markdown).count == 2)
    }

    @Test(
        "cells that claim to span more columns than there are, or fewer than one, are no headings",
        arguments: [Int.max, 5, 0, -1, Int.min])
    func spans(count: Int) {
        let row =
            #"none & 3 & 52.2 $\pm$ 0.8 & 18.1 $\pm$ 1.0 & 56.0 $\pm$ 1.0 & 11.7 $\pm$ 0.5 \\"#
        let cell = #"& \multicolumn{\#(count)}{c}"#
        let heading = #"\#(cell){Error} \#(cell){Accuracy} \\"#
        #expect(lines(heading + "\n" + row) == [])
    }

    @Test("headings may be short or an author's own; short ones over another column are faults")
    func shortHeadings() {
        let row =
            #"none & 3 & 52.2 $\pm$ 0.8 & 18.1 $\pm$ 1.0 & 56.0 $\pm$ 1.0 & 11.7 $\pm$ 0.5 \\"#
        for header in [
            "& n & Acc. $\\uparrow$ & Err. $\\downarrow$ & Acc. & Err. \\\\",
            "Method & $n$ & Precision & DoA & F & DoA \\\\", "& $N$ & A & E & A & E \\\\",
        ] {
            #expect(lines(header + "\n" + row) == [], "\(header)")
        }
        for header in ["& n & Err. & Acc. & F & E \\\\", "Method & n & Error & Accuracy & & \\\\"] {
            #expect(lines(header + "\n" + row).count == 2, "\(header)")
        }
    }

    @Test(
        "bold type where the table has another best is a fault",
        arguments: [
            #"\textbf{52.2 $\pm$ 0.8}"#, #"{\bfseries 52.2} $\pm$ 0.8"#,
            #"$\mathbf{52.2} \pm 0.8$"#,
        ]
    )
    func bold(_ cell: String) {
        let row = "none & 3 & \(cell) & 18.1 $\\pm$ 1.0 & 56.0 $\\pm$ 1.0 & 11.7 $\\pm$ 0.5 \\\\"
        #expect(
            lines(row) == [
                "line 2: none, Linear probe: accuracy (%): printed bold, now unmarked: it is beaten, "
                    + "or no row is shown to be"
            ])
    }

    @Test("bold type in Markdown is compared as well; of what is the best it is right")
    func boldInMarkdown() {
        let row = "| none | 3 | 52.2 ± 0.8 | 18.1 ± 1.0 | 56.0 ± 1.0 | 11.7 ± 0.5 |"
        for bold in ["**52.2 ± 0.8**", "**52.2** ± 0.8", "<b>52.2</b> ± 0.8"] {
            #expect(
                lines(row.replacing("52.2 ± 0.8", with: bold), .markdown).count == 1, "\(bold)")
        }
        #expect(lines(row.replacing("| 3", with: "| **3**"), .markdown) == [])
        #expect(lines(markdown, .markdown) == [])
        let marked = MarkdownTable().text(of: ComparisonTable.make(from: Examples.paired))
        #expect(marked.contains("**"))
        #expect(
            TableCheck.check(
                "<!-- ablate table table1 -->\n\(marked)\n<!-- ablate end -->\n",
                against: ComparisonTable.make(from: Examples.paired), syntax: .markdown
            ).mismatches == [])
    }

    @Test("rows that a block leaves out are named, and are no fault")
    func missingRows() {
        let without = latex.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("{}ChannelSwap + Mixup") }.joined(separator: "\n")
        #expect(without != latex)
        let outcome = check(without)
        #expect(outcome.mismatches == [])
        let count = table.rows.count
        #expect(
            outcome.remarks == [
                "line 1: the block has \(count - 1) of the table's \(count) rows; not in it: "
                    + "“ChannelSwap + Mixup”"
            ])
        #expect(check(latex).remarks == [])
    }

    @Test("a remark below the table with figures of before is a fault; an author's own is none")
    func remarks() throws {
        var table = table
        table.notes.append("raw features: the weakest penalty was the best in 1 of 10 fits")
        let text = LaTeXTable().text(of: table)
        func lines(_ text: String) -> [String] {
            TableCheck.check(
                "% ablate table quickstart\n\(text)% ablate end\n", against: table, syntax: .latex
            ).mismatches.map(\.description)
        }
        #expect(lines(text) == [])
        let found = lines(text.replacing("1 of 10 fits", with: "7 of 10 fits"))
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix(
                ": the remark “raw features: the weakest penalty was the best in 7 of 10 fits” is now "
                    + "“raw features: the weakest penalty was the best in 1 of 10 fits”") == true)
        #expect(lines(text.replacing("the weakest penalty was", with: "it was")) == [])
    }

    @Test("a sign before a marked number, and a power of ten behind it, change it")
    func marks() {
        let mark = "\\ablate{none}{probe_accuracy}{52.2}"
        func count(_ text: String) -> Int {
            TableCheck.check(text, against: table, syntax: .latex).mismatches.count
        }
        for text in [
            "\(mark)$\\times10^1$", "\(mark) $\\times 10^{-1}$", "\\textminus{}\(mark)",
            "\\textminus \(mark)", "about \\textendash{}\(mark)", "$\\minus$\(mark)",
            "\(mark)\\,000", "\(mark)e3", "\(mark)$\\cdot 10$",
        ] {
            #expect(count(text) == 1, "\(text)")
        }
        for text in ["40\\textendash\(mark)", "\(mark)\\%, \\,5 seeds", "\(mark) times"] {
            #expect(count(text) == 0, "\(text)")
        }
    }

    @Test("a block of a table that cannot be checked says which can")
    func otherTables() {
        #expect(
            check("none & 0 & 3 & 4 \\\\").remarks.contains {
                $0.hasSuffix(
                    "what --clips, --paper, --claims, --tuned and --attribution print cannot be checked"
                )
            })
    }
}
