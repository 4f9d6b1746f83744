import Reports
import Testing

@Suite("Amounts")
struct QuantityTextTests {
    @Test(
        "of time, in the two units that matter",
        arguments: [
            (0, "0.0 s"), (0.04, "0.0 s"), (0.06, "0.1 s"), (9.94, "9.9 s"), (9.96, "10 s"),
            (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3599.4, "59 min 59 s"),
            (3599.6, "1 h 0 min"), (7500, "2 h 5 min"), (1e6, "277 h 46 min"),
            (.infinity, "an unknown time"), (.nan, "an unknown time"),
        ] as [(Double, String)])
    func duration(seconds: Double, text: String) {
        #expect(QuantityText.duration(seconds) == text)
    }

    @Test(
        "of bytes, never fewer than there are below a gigabyte",
        arguments: [
            (0, "0 MB"), (1, "1 MB"), (2_000_000, "2 MB"), (2_000_001, "3 MB"),
            (999_000_000, "999 MB"), (1_000_000_000, "1.0 GB"), (12_340_000_000, "12.3 GB"),
        ])
    func bytes(count: Int, text: String) { #expect(QuantityText.bytes(count) == text) }
}
