import AblateCommands
import ArgumentParser
import Testing

@Suite("The manual")
struct ManualPageTests {
    private let pages = ManualPages.all(AblateCommand.self, program: "ablate")

    @Test("has a page for each command that help shows")
    func pageNames() {
        let shown = Program.commands.filter { $0.type.configuration.shouldDisplay }.map { command in
            (["ablate"] + command.name.split(separator: " ").map(String.init))
                .filter { !$0.isEmpty }.joined(separator: "-")
        }
        #expect(pages.map(\.name).sorted() == shown.sorted())
        #expect(pages.count > 20)
    }

    @Test("a page is troff: sections, options and examples of the help, and no stray requests")
    func troff() throws {
        let page = try #require(pages.first { $0.name == "ablate-run" }).text
        #expect(
            page.hasPrefix(".TH ABLATE\\-RUN 1\n.SH NAME\nablate\\-run \\- Run what is missing"))
        for section in ["USAGE", "OPTIONS", "EXAMPLE", "DESCRIPTION"] {
            #expect(page.contains("\n.SH \(section)\n.nf\n"), "\(section)")
        }
        #expect(page.contains("\\-\\-until\\-settled"))
        for page in pages {
            for line in page.text.split(separator: "\n") where line.hasPrefix(".") {
                #expect([".TH", ".SH", ".nf", ".fi"].contains { line.hasPrefix($0) }, "\(line)")
            }
        }
    }
}
