import Foundation
import Reports
import Testing

@Suite("Escaping")
struct EscapingTests {
    private func table(_ label: String) -> Table {
        Table(
            title: label, caption: label, labelHeader: label,
            columns: [Column(key: "k", header: label, group: label, alignment: .left)],
            rows: [Row(label: label, cells: [Cell(.text(label), footnotes: [0])])],
            footnotes: [label], notes: [label])
    }

    @Test("HTML: no tag and no attribute can be opened from a text")
    func html() {
        let text = HTMLTable().text(of: table("50% <b>&_$\"' onload=x"))
        #expect(text.contains("50% &lt;b&gt;&amp;_$&quot;&#39; onload=x"))
        #expect(!text.contains("<b>"))
    }

    @Test("Markdown: pipes, emphasis, tags, links and formulas are inert")
    func markdown() {
        #expect(
            MarkdownTable.escape("50% <b>&_$ a|b *c* `d` [e](f) ~g~ #1\nh")
                == "50% \\<b\\>\\&\\_\\$ a\\|b \\*c\\* \\`d\\` \\[e\\](f) \\~g\\~ \\#1 h")
    }

    @Test("CSV: what a spreadsheet would run as a formula becomes text")
    func formulas() {
        #expect(CSVTable.field("=1+2") == "'=1+2")
        #expect(CSVTable.field("+ ChannelDrop") == "'+ ChannelDrop")
        #expect(CSVTable.field("- Mixup") == "− Mixup")
        #expect(CSVTable.field("− Mixup") == "− Mixup")
        #expect(CSVTable.field(" -1+cmd|x") == "\" −1+cmd|x\"")
        #expect(CSVTable.field("@SUM(A1)") == "'@SUM(A1)")
        #expect(CSVTable.field("\t=1") == "\"' =1\"".replacing("\"' =1\"", with: "' =1"))
        #expect(CSVTable.field("\u{FF1D}1") == "'\u{FF1D}1")
        #expect(CSVTable.field("a+b") == "a+b")
    }

    @Test("CSV: commas and quotes are quoted, line breaks become spaces")
    func csv() {
        #expect(CSVTable.field("a,b") == "\"a,b\"")
        #expect(CSVTable.field("say \"x\"") == "\"say \"\"x\"\"\"")
        #expect(CSVTable.field("a\r\nb") == "a b")
        #expect(CSVTable.field("=a,b") == "\"'=a,b\"")
        #expect(CSVTable.field("50% <b>&_$") == "50% <b>&_$")
    }

    @Test("LaTeX: the hyphens of an option stay two, and a dash stays a dash")
    func hyphens() {
        let text = LaTeXTable().text(of: table("table x --tuned a-b – c"))
        #expect(text.contains("table x -{}-tuned a-b -- c"))
    }

    @Test("LaTeX: every special character becomes a command, unknown characters their code")
    func latex() {
        let text = LaTeXTable().text(of: table("50% <b>&_$ \\x{y}^~#|\"[1] é τ° 猫 😀"))
        #expect(
            text.contains(
                "50\\% \\textless{}b\\textgreater{}\\&\\_\\$ \\textbackslash{}x\\{y\\}"
                    + "\\textasciicircum{}\\textasciitilde{}\\#\\textbar{}''{[}1{]} é $\\tau$$^\\circ$"
                    + " \\texttt{U+732B} \\texttt{U+1F600}"))
    }

    @Test("the terminal: a text can neither move the cursor nor turn the writing direction")
    func terminal() {
        let text = TerminalTable(width: 200).text(of: table("a\u{1B}[31mb\u{7}\u{202E}c\nd"))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{7}") && !text.contains("\u{202E}"))
        #expect(text.contains("a\u{FFFD}[31mb\u{FFFD}c d"))
    }

    @Test("JSON: a parser gives the text back as it was")
    func json() throws {
        let label = "50% <b>&_$ \"\\ \u{1} \u{2028} é 😀\n"
        let text = JSONTable().text(of: table(label))
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["title"] as? String == label)
    }

    @Test("wide characters and accents keep the columns in line")
    func wideCharacters() throws {
        var table = Table(title: "", columns: [Column(key: "v", header: "v")])
        for label in ["abcd", "猫猫", "e\u{301}e\u{301}ee", "👨‍👩‍👧👍"] {
            table.rows.append(Row(label: label, cells: [Cell(.number(1))]))
        }
        let lines = TerminalTable(width: 40).text(of: table).split(separator: "\n").dropFirst(2)
        #expect(lines.map { $0.hasSuffix("  1.0") } == [true, true, true, true])
        #expect(lines.map { $0.filter { $0 == " " }.count } == [2, 2, 2, 2])
    }
}
