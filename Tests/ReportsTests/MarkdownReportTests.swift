import Foundation
import Reports
import Testing

@Suite("A report as Markdown")
struct MarkdownReportTests {
    private let document = ReportDocument(
        title: "table1", question: "Does *Mixup* help?", summary: ["Yes, by 17.9 points."],
        tables: [ComparisonTable.make(from: Examples.paired)],
        provenance: [
            .init("command", "ablate run sweeps/table1.yaml -S data.path=/a_b_c"),
            .init("build", "ablate_0.1"),
        ])

    @Test("headings, facts, sentences and tables, in that order")
    func order() throws {
        let text = MarkdownReport().text(of: document)
        let parts = [
            "# table1\n", "Does \\*Mixup\\* help?",
            "- command: `ablate run sweeps/table1.yaml -S data.path=/a_b_c`\n- build: ablate\\_0.1",
            "- Yes, by 17.9 points.", "## table1\n\n| Configuration", "| all four",
        ]
        var rest = text[...]
        for part in parts {
            let range = try #require(rest.range(of: part), "\(part) is not in its place in \(text)")
            rest = rest[range.upperBound...]
        }
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(!text.contains("\n\n\n"))
    }

    @Test("a document of nothing but a title is a title")
    func empty() {
        #expect(MarkdownReport().text(of: ReportDocument(title: "x_y")) == "# x\\_y\n")
    }
}
