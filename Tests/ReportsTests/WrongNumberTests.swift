import Reports
import Testing

/// Ways in which a paper could hold a wrong number that a check does not see.
@Suite("A wrong number in a paper is seen")
struct WrongNumberTests {
    let table = ComparisonTable.make(from: Examples.troubled)
    let paired = ComparisonTable.make(from: Examples.paired)
    /// The row `none`, right.
    let right = #"none & 3 & 52.2 $\pm$ 0.8 & 18.1 $\pm$ 1.0 & 56.0 $\pm$ 1.0 & 11.7 $\pm$ 0.5 \\"#
    private let markdown =
        "| none | 3 | 52.2 ± 0.8 | 18.1 ± 1.0 | 56.0 ± 1.0 | 11.7 ± 0.5 |"

    private func latex(_ rows: String) -> TableCheck.Outcome {
        TableCheck.check(
            "% ablate table quickstart\n\(rows)\n% ablate end\n", against: table, syntax: .latex)
    }

    private func lines(_ outcome: TableCheck.Outcome) -> [String] {
        outcome.mismatches.map(\.description)
    }

    @Test("the rows that the tests vary are right", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) {
        for (text, syntax) in [
            ("% ablate table quickstart\n\(right)\n% ablate end\n", TableCheck.Syntax.latex),
            ("<!-- ablate table quickstart -->\n\(markdown)\n<!-- ablate end -->\n", .markdown),
        ] {
            let good = text.replacing("\n", with: end)
            let outcome = TableCheck.check("\u{FEFF}" + good, against: table, syntax: syntax)
            #expect(lines(outcome) == [])
            #expect(outcome.compared == 9)
            let bad = TableCheck.check(
                good.replacing("52.2", with: "99.9"), against: table, syntax: syntax)
            #expect(
                lines(bad) == [
                    "line 2: none, Linear probe: accuracy (%): printed 99.9, now 52.2"
                ])
        }
    }

    @Test("what LaTeX does not print is no number: comments, colours, widths, references")
    func unprinted() {
        let decorated = right.replacing(
            "52.2", with: #"\cellcolor{gray!20}\textcolor{red!50}{52.2}\cite{smith2020}"#
        ).replacing("none", with: #"\rowcolor[gray]{0.9}\multirow{1}{*}{none}"#)
            .replacing(" & 18.1", with: #"\hspace{2pt}\rule{0pt}{2.6ex} & \num{18.1}"#)
        #expect(lines(latex(decorated + " % was 51.0 & 77")) == [])
        // An escaped sign is printed; what follows the comment's line is read on.
        #expect(lines(latex(right.replacing("52.2", with: "% old: 51.0\n52.2"))) == [])
        #expect(latex(right.replacing("0.8", with: "0.8\\%")).compared == 9)
        let commented = TableCheck.check(
            "% \\ablate{none}{probe_error}{99}\n\\ablate{none}{n}{3}", against: table,
            syntax: .latex)
        #expect(commented.mismatches == [] && commented.compared == 1)
        #expect(lines(latex("%" + right.replacing("52.2", with: "9.9") + "\n" + right)) == [])
    }

    @Test("a column's name is read as it is typed, a figure in it too")
    func namesWithFigures() {
        let outcome = TableCheck.check(
            #"\ablate{none}{probe_within_10}{1}"#, against: table, syntax: .latex)
        #expect(lines(outcome).count == 1)
        #expect(lines(outcome)[0].contains("“probe_within_10”"))
    }

    @Test("a percent sign that is printed hides nothing behind it")
    func percentSigns() {
        for before in [
            #"50\% and"#, #"\url{http://a/%20}"#, #"\verb|%| and"#, #"a line \\\% and"#,
        ] {
            let outcome = TableCheck.check(
                before + #" \ablate{none}{probe_accuracy}{99.9}"#, against: table, syntax: .latex)
            #expect(outcome.mismatches.count == 1, "\(before)")
        }
        // In Markdown it is a sign like any other, and in verbatim text.
        let inMarkdown = TableCheck.check(
            #"50 % \ablate{none}{probe_accuracy}{99.9}"#, against: table, syntax: .markdown)
        #expect(inMarkdown.mismatches.count == 1)
        let verbatim = TableCheck.check(
            "\\begin{verbatim}\n50 % \\ablate{none}{probe_accuracy}{99.9}\n\\end{verbatim}",
            against: table, syntax: .latex)
        #expect(verbatim.mismatches.count == 1)
    }

    @Test("a row may run over lines, and end without the sign for it")
    func longRows() {
        let long = right.replacing(" & ", with: "\n  & ").replacing(#" \\"#, with: "")
        let tabular = "\\begin{tabular}{@{}lr*{4}{c}@{}}\n\(long)\n\\end{tabular}"
        #expect(lines(latex(tabular)) == [])
        #expect(latex(tabular).compared == 9)
        #expect(
            lines(latex(tabular.replacing("56.0", with: "57.0"))) == [
                "line 7: none, Fine-tuned: accuracy (%): printed 57.0, now 56.0"
            ])
    }

    @Test("a mark may run over lines; one that is not whole is a fault, its definition is none")
    func marksOverLines() {
        let text = "\\newcommand{\\ablate}[3]{#3}\n\\ablate{none}\n  {probe_accuracy}%\n{99.9}\n"
        let outcome = TableCheck.check(text, against: table, syntax: .latex)
        #expect(lines(outcome) == ["line 2: none, probe_accuracy: printed 99.9, now 52.2"])
        let torn = TableCheck.check("\\ablate{none}{n} 9", against: table)
        #expect(
            lines(torn) == [
                "line 1: \\ablate has 2 arguments in braces, but needs a row, a column and a number"
            ])
        let whole = TableCheck.check(
            "\\ablate{none}{probe_accuracy}{52.2 $\\pm$ 0.9}", against: table)
        #expect(lines(whole) == ["line 1: none, probe_accuracy: printed 0.9, now 0.8"])
    }

    @Test("cells that span columns hide no number; multirow's counts are none")
    func spanning() {
        let one = right.replacing("52.2 $\\pm$ 0.8", with: "\\multicolumn{1}{c}{99.9 $\\pm$ 0.8}")
        #expect(latex(one).mismatches.count == 1)
        let two =
            #"none & 3 & \multicolumn{2}{c}{52.2 $\pm$ 0.8} & 56.0 $\pm$ 1.0 & 11.7 $\pm$ 0.5 \\"#
        #expect(lines(latex(two)).count == 2)
        let below = right + "\n & 3 & 52.2 & 99 & 1 & 2 \\\\"
        #expect(lines(latex(below)) == ["line 3: 3, 52.2, 99, 1, 2 in a row without a label"])
        let title = "\\begin{tabular}{lr}\n\(right)\n\\multicolumn{6}{l}{99.9 in all} \\\\"
        #expect(lines(latex(title + "\\end{tabular}")) == ["line 4: 99.9 in a row without cells"])
    }

    @Test("a header's numbers are those of the table's headers")
    func headers() {
        let header = "& \\multicolumn{1}{c}{n} & \\multicolumn{4}{c}{at 99.9} \\\\\n"
        #expect(
            lines(latex(header + right)) == [
                "line 2: 99.9 in a header, and in no header of the table"
            ])
        #expect(lines(latex(header.replacing("at 99.9", with: "all") + right)) == [])
    }

    @Test("numbers in other spellings are read, or said to be unreadable")
    func spellings() {
        #expect(latex(right.replacing("52.2", with: "52,2")).mismatches.count == 1)
        #expect(latex(right.replacing("11.7", with: "11,7")).mismatches.count == 1)
        #expect(latex(right.replacing("52.2", with: "52.2e0")).mismatches.count == 1)
        // Raised digits, full-width ones, and signs that are set apart, count.
        for wrong in ["52.2⁵", "５9.9", "-- 52.2", "$-$ 52.2", "− 52.2", "{-}52.2", "1{,}052.2"] {
            #expect(!latex(right.replacing("52.2", with: wrong)).mismatches.isEmpty, "\(wrong)")
        }
        #expect(lines(latex(right.replacing("0.8", with: ".8"))) == [])
        #expect(lines(latex(right.replacing(#"$\pm$ 0.8"#, with: "+/- 0.8"))) == [])
        #expect(lines(latex(right.replacing(#"52.2 $\pm$ 0.8"#, with: "$52.2_{\\pm 0.8}$"))) == [])
    }

    @Test("thousands are parted by commas or thin spaces")
    func thousands() throws {
        var input = Examples.single
        input.metrics[1].scale = 1000
        let table = ComparisonTable.make(from: input)
        for (printed, isRight) in [
            ("20,040", true), ("20{,}040", true), ("20\\,040", true), ("20\u{202F}040.0", true),
            ("20040", true), ("20,041", false), ("2,040", false), ("20,04", false),
        ] {
            let outcome = TableCheck.check(
                "\\ablate{a}{probe_error}{\(printed)}", against: table, syntax: .latex)
            #expect(outcome.mismatches.isEmpty == isRight, "\(printed)")
            #expect(outcome.compared <= 1)
        }
    }

    @Test("a minus sign that is lost, or that is not ours, is seen")
    func minus() {
        let text = LaTeXTable().text(of: paired)
        func check(_ text: String) -> [String] {
            lines(
                TableCheck.check(
                    "% ablate table table1\n\(text)% ablate end\n", against: paired, syntax: .latex)
            )
        }
        #expect(check(text) == [])
        #expect(check(text.replacing("$-$2.4", with: "2.4")).count == 1)
        #expect(check(text.replacing("$-$2.4", with: "--2.4")) == [])
        #expect(check(text.replacing("+17.9", with: "-- 17.9")).count == 1)
    }

    @Test("a star where the table has none is a fault")
    func stars() {
        var input = Examples.paired
        for index in input.configurations.indices {
            input.configurations[index].trials.removeLast(4)
        }
        let table = ComparisonTable.make(from: input)
        let text = MarkdownTable().text(of: table)
        func check(_ text: String) -> [String] {
            lines(
                TableCheck.check(
                    "<!-- ablate table table1 -->\n\(text)\n<!-- ablate end -->\n", against: table,
                    syntax: .markdown))
        }
        #expect(check(text) == [])
        #expect(
            check(text.replacing(#/\+18.2\]/#, with: "+18.2]\\*")) != [] || !text.contains("+18.2]")
        )
        let starred = text.replacing(#/\\\] \|/#, with: "\\]\\* |")
        #expect(starred != text)
        #expect(
            check(starred).contains {
                $0.hasSuffix("printed a star, now none: p > 0.05 after correction")
            })
    }

    @Test("a row of dashes where the table has numbers is a fault")
    func dashes() {
        #expect(latex("none & -- & -- & -- & -- & -- \\\\").mismatches.count == 5)
    }

    @Test("a block of which nothing could be compared is a fault, not a success")
    func nothingCompared() {
        for content in ["\\input{quickstart-table}", "", "nothing of it: 99.9"] {
            let outcome = latex(content)
            #expect(
                lines(outcome).first?.hasPrefix("line 1: no number of the block could be") == true,
                "\(content)")
        }
    }

    @Test("markers that are torn, misspelt or out of place are faults; spacing is none")
    func markers() {
        let block =
            "%ablate  table quickstart\r\n\(right.replacing("52.2", with: "9.9"))\r\n%% Ablate end\r\n"
        #expect(TableCheck.check(block, against: table, syntax: .latex).mismatches.count == 1)
        let behind =
            "\\begin{table} % ablate table quickstart\n\(right.replacing("52.2", with: "9.9"))\n\\end{table} % ablate end"
        #expect(TableCheck.check(behind, against: table, syntax: .latex).mismatches.count == 1)
        #expect(
            lines(TableCheck.check("% ablate tabel quickstart\n", against: table, syntax: .latex))
                == [
                    "line 1: 'ablate tabel quickstart' is no marker; write 'ablate table quickstart', "
                        + "'ablate columns KEY ...' or 'ablate end'"
                ])
        #expect(
            lines(TableCheck.check("x\n% ablate end\n", against: table, syntax: .latex)) == [
                "line 2: no block ends here"
            ])
        #expect(
            lines(TableCheck.check("% ablate table other\n", against: table, syntax: .latex)) == [
                "line 1: the block has no 'ablate end'"
            ])
        #expect(
            lines(TableCheck.check("% ablate columns n\n", against: table, syntax: .latex)) == [
                "line 1: 'ablate columns' stands in no block"
            ])
        #expect(TableCheck.check("% ablate this paragraph", against: table).mismatches == [])
        // A comment of HTML may run over lines.
        let torn =
            "<!--\nablate table quickstart\n-->\n\(markdown.replacing("3", with: "4"))\n<!-- ablate\nend -->\n"
        #expect(TableCheck.check(torn, against: table, syntax: .markdown).mismatches.count >= 1)
        #expect(
            TableCheck.blocks(in: "% ablate table quickstrat\n", syntax: .latex).map(\.name)
                == ["quickstrat"])
    }

    @Test("Markdown's rows need no bars at their ends; what is commented out is not printed")
    func markdownRows() {
        func check(_ rows: String) -> TableCheck.Outcome {
            TableCheck.check(
                "<!-- ablate table quickstart -->\n\(rows)\n<!-- ablate end -->\n", against: table,
                syntax: .markdown)
        }
        let bare = String(markdown.dropFirst(2).dropLast(2))
        #expect(check(bare).compared == 9)
        #expect(check(bare.replacing("52.2", with: "9.9")).mismatches.count == 1)
        #expect(
            check("<!-- \(markdown.replacing("52.2", with: "9.9")) -->\n" + markdown).mismatches
                == [])
        #expect(
            check(
                markdown.replacing(
                    "52.2", with: "<span style=\"width: 3em\">52.2</span><sup>1</sup>")
            )
            .mismatches == [])
        #expect(check(markdown.replacing("52.2", with: "&minus;52.2")).mismatches.count == 1)
    }

    @Test("numbers of a row in lines that are not read are faults beside rows that are")
    func otherLines() {
        let tabular = "\\begin{tabular}{lrrrrr}\n\(right)\n\\end{tabular}\n"
        let unread =
            "numbers in a line that is not read; part the cells by & and \\\\, in Markdown by |"
        for line in [
            "none   3   99.9", "none\t99.9", "<tr><td>none</td><td>99.9</td></tr>",
            "ChannelSwap + Mixup 2 99.9 ± 2.8",
        ] {
            #expect(lines(latex(tabular + line)) == ["line 5: " + unread], "\(line)")
            let inMarkdown = TableCheck.check(
                "<!-- ablate table quickstart -->\n\(markdown)\n\(line)\n<!-- ablate end -->\n",
                against: table, syntax: .markdown)
            #expect(lines(inMarkdown) == ["line 3: " + unread], "\(line)")
        }
        // Remarks may name rows and have numbers.
        #expect(lines(latex(tabular + "none: the weakest penalty in 3 of 10 fits")) == [])
    }

    @Test("a digit or a sign right beside a marked number makes another of it")
    func neighbours() {
        func check(_ text: String) -> Int {
            TableCheck.check(text, against: table, syntax: .latex).mismatches.count
        }
        let mark = "\\ablate{none}{probe_accuracy}{52.2}"
        for text in [
            "1\(mark)", "\(mark)9", "{\(mark)}9", "about -\(mark)", "$-$\(mark)", "−\(mark)",
            "(-\(mark))", "3.\(mark)", "\(mark),3",
        ] {
            #expect(check(text) == 1, "\(text)")
        }
        for text in [
            "40--\(mark)", "top-\(mark)", "\(mark).", "\(mark), 3 seeds", "in 2020, \(mark)\\%",
        ] {
            #expect(check(text) == 0, "\(text)")
        }
    }

    @Test("a block that ends within its table leaves rows unchecked")
    func cut() {
        let text = "\\begin{tabular}{lrrrrr}\n\(right)"
        #expect(
            lines(latex(text)) == [
                "line 3: the block, or the columns named for it, end within the table"
            ])
        #expect(lines(latex(text + "\\end{tabular}")) == [])
    }

    @Test("a label that two rows share names neither")
    func twins() {
        var input = Examples.single
        input.configurations[1].label = "a*"
        let table = ComparisonTable.make(from: input)
        #expect(
            lines(TableCheck.check("\\ablate{a}{n}{1}", against: table)) == [
                "line 1: the table has 2 rows “a”"
            ])
    }
}
