import Files
import Testing

@Suite("Comma-separated values")
struct CommaSeparatedTableTests {
    @Test("quotes, commas, line ends and byte-order marks are read as RFC 4180 has them")
    func fields() throws {
        let table = try CommaSeparatedTable(
            parsing: "\u{FEFF}item, points\r\n\"a, b\",1\n\n\"two\nlines\",\"say \"\"x\"\"\"\n")
        #expect(table.header == ["item", "points"])
        #expect(table.rows.map(\.fields) == [["a, b", "1"], ["two\nlines", "say \"x\""]])
        #expect(table.rows.map(\.line) == [2, 4])
        #expect(table.column("points") == 1 && table.column("none") == nil)
    }

    @Test("what is no table is refused with its line")
    func faults() {
        #expect(throws: CommaSeparatedTable.Fault.empty) { try CommaSeparatedTable(parsing: "\n") }
        #expect(throws: CommaSeparatedTable.Fault.unclosedQuote(line: 2)) {
            try CommaSeparatedTable(parsing: "a\n\"b")
        }
        #expect(throws: CommaSeparatedTable.Fault.textAfterQuote(line: 2)) {
            try CommaSeparatedTable(parsing: "a\n\"b\"c")
        }
        #expect(throws: CommaSeparatedTable.Fault.fieldCount(line: 3, found: 1, expected: 2)) {
            try CommaSeparatedTable(parsing: "a,b\n1,2\n3\n")
        }
    }
}

@Suite("JSON with sorted keys")
struct SortedJSONTests {
    @Test("equal values are equal bytes, and slashes stay as they are")
    func sorted() throws {
        #expect(try SortedJSON.text(of: ["b": "x/y", "a": "1"]) == #"{"a":"1","b":"x/y"}"#)
    }
}
