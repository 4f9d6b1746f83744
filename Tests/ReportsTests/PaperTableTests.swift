import Analysis
import Reports
import Testing

@Suite("Published values beside ours")
struct PaperTableTests {
    @Test("a row for each published value: ours, theirs, the difference")
    func rows() throws {
        let table = try #require(PaperTable.make(from: Examples.paired))
        #expect(
            table.rows.map(\.label) == [
                "without augmentation", "without augmentation", "all four",
            ])
        #expect(table.columns.map(\.key) == ["metric", "ours", "published", "difference"])
        #expect(table.rows[1].cells[2].content == .number(13.2))
        guard case .number(let difference) = table.rows[1].cells[3].content else {
            Issue.record("no difference")
            return
        }
        // Two of the eight errors are 15, three 14, three 13.
        #expect(abs(difference - (13.875 - 13.2)) < 1e-9)
        #expect(table.rows[1].cells[3].sources.count == 8)
        #expect(table.caption.contains("on recordings21 (240 test clips)"))
    }

    @Test("what has not been run is missing, and says why; no mark of the best is left")
    func unfinished() throws {
        var input = Examples.paired
        input.configurations[1].trials = [.init(seed: 0, status: .pending)]
        let table = try #require(PaperTable.make(from: input))
        #expect(table.rows[2].cells[1].content == .missing)
        #expect(table.rows[2].cells[3].content == .missing)
        #expect(!table.hasBest)
    }

    @Test("without published values there is no table")
    func nothing() {
        #expect(PaperTable.make(from: Examples.single) == nil)
    }
}
