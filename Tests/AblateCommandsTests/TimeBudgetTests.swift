import AblateCommands
import Orchestration
import Testing

@Suite("Times and parts on the command line")
struct TimeBudgetTests {
    @Test(
        "a time is a number and a unit",
        arguments: [
            ("90s", 90), ("20m", 1200), ("2h", 7200), ("1.5h", 5400), ("1d", 86400),
            ("0.001s", 0.001), ("1e9s", 1e9), ("1e3s", 1000), ("+5s", 5), ("277777h", 999_997_200),
        ] as [(String, Double)])
    func times(text: String, seconds: Double) throws {
        let budget = try #require(TimeBudget(argument: text))
        #expect(abs(budget.seconds - seconds) < 1e-9 * seconds)
        #expect(budget.description == text)
    }

    @Test(
        "what is no time, or beyond sense, is refused",
        arguments: [
            "", "s", "h", "5", "1.5", "-1s", "0s", "0.0h", "nans", "infd", "-infs", "1e10s",
            "277778h", "1e300h", "2 h", " 2h", "2h ", "2H", "2hours", "1h30m", "h2", "٣s",
            "2\u{202F}h",
            "1e999s",
        ])
    func refused(text: String) { #expect(TimeBudget(argument: text) == nil) }

    @Test("a part is a number of a count", arguments: [("1/1", 1, 1), ("2/8", 2, 8)])
    func parts(text: String, number: Int, count: Int) throws {
        let part = try #require(SweepPart(argument: text))
        #expect(part.number == number && part.count == count)
    }

    @Test(
        "what is no part is refused",
        arguments: [
            "", "/", "2", "2/", "/8", "0/8", "9/8", "-1/8", "1/0", "1/8/2", "1.5/8", "a/b",
            "99999999999999999999/99999999999999999999",
        ])
    func noParts(text: String) { #expect(SweepPart(argument: text) == nil) }
}
