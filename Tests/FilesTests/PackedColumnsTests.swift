import Files
import Foundation
import Testing

@Suite("Packed columns of numbers")
struct PackedColumnsTests {
    private static let columns = PackedColumns([
        "whole": .whole([0, 1, -1, 300, Int.max, Int.min, 7]),
        "real": .real([0.1, -0.0, .infinity, 1e-300, Double.pi, -1e300, .greatestFiniteMagnitude]),
        "ü": .whole([5, 5, 5, 5, 5, 5, 5]),
    ])

    @Test("read back as they were, to the last bit")
    func whole() throws {
        let text = Self.columns.text
        let read = try #require(PackedColumns(text))
        #expect(read == Self.columns && read.text == text)
        #expect(read.real("real")?[1].sign == .minus)
        #expect(read.whole("real") == nil && read.real("ü") == [5, 5, 5, 5, 5, 5, 5])
        let nan = PackedColumns(["x": .real([.nan])])
        #expect(try #require(PackedColumns(nan.text)?.real("x"))[0].isNaN)
        let none = PackedColumns(["x": .real([])])
        #expect(PackedColumns(none.text) == none)
        #expect(PackedColumns(PackedColumns().text) == PackedColumns())
    }

    @Test("small steps take a byte each")
    func size() {
        let text = PackedColumns(["x": .whole(Array(1000..<2000))]).text
        // A thousand bytes as base64, and a head.
        #expect(text.utf8.count < 1000 * 4 / 3 + 40)
    }

    @Test("are as they always were: what stores have is read for ever")
    func known() {
        let columns = PackedColumns(["a": .whole([1, 3, 2]), "b": .real([0.5, 1, 2])])
        #expect(columns.text == "packed1:BgJhAAIEAQJiAQAAAAAAAOA/AAAAAAAA8D8AAAAAAAAAQA==")
    }

    @Test(
        "cut off, lengthened or changed, they are refused or read as other numbers, and nothing crashes"
    )
    func damage() throws {
        let text = Self.columns.text
        let bytes = Array(try #require(Data(base64Encoded: String(text.dropFirst(8)))))
        for end in 1..<bytes.count {
            let cut = "packed1:" + Data(bytes[..<end]).base64EncodedString()
            // A cut between two columns leaves whole ones.
            if let read = PackedColumns(cut) { #expect(read.columns.count < 3) }
        }
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                _ = PackedColumns("packed1:" + Data(changed).base64EncodedString())
            }
        }
        for other in [
            "", "packed1:", "packed1:!!", "packed2:AA==", "[]", "packed1://///////////w==",
        ] {
            #expect(PackedColumns(other) == nil)
        }
    }
}
