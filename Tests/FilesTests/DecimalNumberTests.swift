import Files
import Testing

@Suite("A number of a table")
struct DecimalNumberTests {
    @Test(
        "is digits, signs, a point and an exponent",
        arguments: [("5", 5.0), ("-0.25", -0.25), ("+1e3", 1000), (".5", 0.5), ("1E-2", 0.01)])
    func good(text: String, value: Double) { #expect(Double(decimal: text) == value) }

    @Test(
        "is not what C would make of it",
        arguments: [
            "", "0x32", "5\u{0}71", "1\u{0}", "nan", "inf", "-infinity", "1e999", " 5", "5 ", "1e",
            "0x1p3", "５",
        ])
    func bad(text: String) { #expect(Double(decimal: text) == nil) }
}
