import Analysis
import Dashboard
import Reports
import Testing

@Suite("Pages of a table")
struct TableAnswerTests {
    private var table: Table {
        var table = Table(
            title: "t",
            columns: [
                Column(key: "n", header: "n"),
                Column(key: "word", header: "word", alignment: .left),
            ])
        let values: [(String, Double?, String)] = [
            ("b", 2, "pear"), ("a", nil, "apple"), ("d", 1, "fig"), ("c", 2, "date"),
        ]
        for (label, value, word) in values {
            table.rows.append(
                Row(
                    label: label,
                    cells: [Cell(value.map { .number($0) } ?? .missing), Cell(.text(word))]))
        }
        table.rows.append(
            Row(label: "reference", cells: [Cell(.number(9)), Cell(.text("x"))], isReference: true))
        return table
    }

    private func labels(
        _ key: String?, down: Bool = false, from: Int = 0, count: Int = 10
    ) -> [String] {
        TableAnswer(table, sortedBy: key, isDescending: down, from: from, count: count).labels
    }

    @Test(
        "rows are sorted by a column either way; those without a number come last, equal ones stay")
    func sorting() {
        #expect(labels(nil) == ["b", "a", "d", "c"])
        #expect(labels("n") == ["d", "b", "c", "a"])
        #expect(labels("n", down: true) == ["b", "c", "d", "a"])
        #expect(labels("word") == ["a", "c", "d", "b"])
        #expect(labels("label", down: true) == ["d", "c", "b", "a"])
        #expect(labels("no such column") == ["b", "a", "d", "c"])
    }

    @Test("a page has so many rows and every reference, and says how many there are")
    func pages() {
        let page = TableAnswer(table, sortedBy: "label", isDescending: false, from: 2, count: 1)
        #expect(page.labels == ["c"] && page.rows == 4 && page.from == 2)
        #expect(page.html.contains("data-row=\"reference\""))
        #expect(!page.html.contains("data-row=\"d\""))
        #expect(labels(nil, from: 99) == [])
    }

    @Test("labels cannot become markup")
    func escaping() {
        var table = table
        table.rows[0].label = "<img src=x onerror=alert(1)>\""
        let page = TableAnswer(table, sortedBy: nil, isDescending: false, from: 0, count: 10)
        #expect(!page.html.contains("<img"))
        #expect(page.html.contains("data-row=\"&lt;img src=x onerror=alert(1)&gt;&quot;\""))
    }
}
