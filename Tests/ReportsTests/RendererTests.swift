import Foundation
import Reports
import TestSupport
import Testing

@Suite("Renderers")
struct RendererTests {
    let table = ComparisonTable.make(from: Examples.troubled)
    let paired = ComparisonTable.make(from: Examples.paired)

    @Test("the terminal at a comfortable width, plain: the best carries a dot")
    func terminal() throws {
        try expectSnapshot(TerminalTable(width: 100).text(of: table), "terminal-100.txt")
    }

    @Test("the terminal with colour: the best is bold")
    func terminalColor() throws {
        try expectSnapshot(
            TerminalTable(width: 100, color: true).text(of: table), "terminal-100-color.txt")
    }

    @Test("a narrow terminal wraps labels and breaks the table into blocks")
    func terminalNarrow() throws {
        try expectSnapshot(TerminalTable(width: 44).text(of: table), "terminal-44.txt")
    }

    @Test("differences in the terminal")
    func terminalPaired() throws {
        try expectSnapshot(TerminalTable(width: 140).text(of: paired), "terminal-paired.txt")
    }

    @Test("no line is wider than the terminal", arguments: [33, 40, 44, 60, 72, 80, 100, 140])
    func fits(width: Int) {
        for table in [table, paired] {
            for line in TerminalTable(width: width).text(of: table).split(separator: "\n") {
                #expect(line.count <= width, "\(line)")
            }
        }
    }

    @Test("a column that tells rows apart is in every block of a broken table")
    func repeatedColumns() {
        var table = Table(title: "", labelHeader: "row")
        table.columns = [Column(key: "seed", header: "seed", decimals: 0, identifies: true)]
        table.columns += (0..<12).map { Column(key: "m\($0)", header: "metric \($0)") }
        table.rows = (0..<2).map { seed in
            Row(
                label: "all",
                cells: [Cell(.count(seed))] + (0..<12).map { Cell(.number(Double($0))) })
        }
        let text = TerminalTable(width: 60).text(of: table)
        #expect(text.matches(of: #/seed/#).count == 3)
        let latex = LaTeXTable().text(of: table)
        let blocks = latex.matches(of: #/% ablate columns seed m/#).count
        #expect(blocks == 2)
        #expect(latex.matches(of: #/\\begin\{tabular\}/#).count == blocks)
    }

    @Test("colour changes no letter: without its escapes the text says the same")
    func colorIsOnlyColor() {
        let plain = TerminalTable(width: 100).text(of: paired)
        let colored = TerminalTable(width: 100, color: true).text(of: paired)
        #expect(colored.contains("\u{1B}[1m"))
        let stripped = colored.replacing(/\x1B\[[0-9]*m/, with: "")
        #expect(!stripped.contains("\u{1B}"))
        for word in ["all four", "without augmentation", "Δ accuracy"] {
            #expect(plain.contains(word) && stripped.contains(word))
        }
    }

    @Test("Markdown")
    func markdown() throws {
        try expectSnapshot(MarkdownTable().text(of: table), "table.md")
        try expectSnapshot(MarkdownTable().text(of: paired), "paired.md")
    }

    @Test("LaTeX, as a table to include and as a document")
    func latex() throws {
        try expectSnapshot(LaTeXTable().text(of: table), "table.tex")
        try expectSnapshot(LaTeXTable(isDocument: true).text(of: paired), "paired-document.tex")
    }

    @Test("CSV")
    func csv() throws {
        try expectSnapshot(CSVTable().text(of: table), "table.csv")
        try expectSnapshot(CSVTable().text(of: paired), "paired.csv")
    }

    @Test("JSON, which a parser reads back")
    func json() throws {
        for (table, name) in [(table, "table.json"), (paired, "paired.json")] {
            let text = JSONTable().text(of: table)
            try expectSnapshot(text, name)
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let rows = try #require(object?["rows"] as? [[String: Any]])
            #expect(rows.map { $0["label"] as? String } == table.rows.map(\.label))
        }
    }

    @Test("HTML")
    func html() throws {
        try expectSnapshot(HTMLTable().text(of: table), "table.html")
    }

    @Test("an empty table is drawn by every format")
    func empty() {
        let empty = Table(title: "")
        let renderers: [any TableRenderer] = [
            TerminalTable(), MarkdownTable(), LaTeXTable(), CSVTable(), JSONTable(), HTMLTable(),
        ]
        for renderer in renderers {
            #expect(renderer.text(of: empty).unicodeScalars.last == "\n")
        }
    }
}
