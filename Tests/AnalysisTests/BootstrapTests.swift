import Analysis
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
    @Test("the BCa interval of skewed values agrees with scipy's, for mean and median")
    func agreesWithScipy() throws {
        let fixture = try ScipyFixtures.load().bootstrap
        for expected in fixture.intervals {
            var generator = SimulationGenerator(3)
            let isMean = expected.statistic == "mean"
            let interval = try #require(
                Bootstrap.interval(
                    of: fixture.values, resamples: 40_000, using: &generator,
                    statistic: isMean ? Bootstrap.mean : Bootstrap.median))
            // Both are simulations; a median moves in steps from one value to the next.
            let width = expected.upper - expected.lower
            let bound = isMean ? 0.02 * width : 0.12 * width
            #expect(abs(interval.lower - expected.lower) < bound, "\(expected) \(interval)")
            #expect(abs(interval.upper - expected.upper) < bound, "\(expected) \(interval)")
        }
    }

    @Test("the interval does not depend on the unit", arguments: [-531, -365, 365, 531])
    func units(exponent: Int) throws {
        // A power of two, which changes no rounding.
        let unit = Double(sign: .plus, exponent: exponent, significand: 1)
        let values = [1.0, 4, 2, 8, 5, 7]
        var first = SimulationGenerator(1)
        var second = SimulationGenerator(1)
        let interval = try #require(
            Bootstrap.interval(of: values, resamples: 500, using: &first))
        let scaled = try #require(
            Bootstrap.interval(of: values.map { $0 * unit }, resamples: 500, using: &second))
        #expect(abs(scaled.lower / unit - interval.lower) < 1e-9)
        #expect(abs(scaled.upper / unit - interval.upper) < 1e-9)
    }

    @Test("the same generator gives the same interval")
    func deterministic() {
        let values = [1.0, 4, 2, 8, 5, 7]
        var first = SimulationGenerator(1)
        var second = SimulationGenerator(1)
        #expect(
            Bootstrap.interval(of: values, resamples: 500, using: &first)
                == Bootstrap.interval(of: values, resamples: 500, using: &second))
    }

    @Test("values all alike have an interval of no width; too few or not finite have none")
    func degenerate() {
        var generator = SimulationGenerator(1)
        let constant = Bootstrap.interval(of: [2, 2, 2], resamples: 99, using: &generator)
        #expect(constant == ConfidenceInterval(lower: 2, upper: 2))
        #expect(Bootstrap.interval(of: [1], using: &generator) == nil)
        #expect(Bootstrap.interval(of: [1, .nan], using: &generator) == nil)
        #expect(Bootstrap.interval(of: [1, 2], clusters: ["a"], using: &generator) == nil)
        #expect(Bootstrap.interval(of: [1, 2], clusters: ["a", "a"], using: &generator) == nil)
    }
}
