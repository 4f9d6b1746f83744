import Analysis
import Testing

@Suite("Power")
struct PairedPowerTests {
    @Test("the power of the paired t-test agrees with scipy's noncentral t")
    func agreesWithScipy() throws {
        for row in try ScipyFixtures.load().power {
            let power = PairedPower.power(effectSize: row[0], count: Int(row[1]), level: row[2])
            #expect(abs(power - row[3]) < 1e-7, "\(row): \(power)")
        }
    }

    @Test("the textbook's 34 pairs find an effect of 0.5 in 80 % of runs")
    func textbook() {
        // Cohen 1988: d = 0.5, two-sided 5 %, power 0.8 needs 34 pairs.
        #expect(PairedPower.pairsNeeded(effectSize: 0.5) == 34)
        #expect(PairedPower.pairsNeeded(effectSize: -0.5) == 34)
    }

    @Test("however large the effect, the exact test needs enough pairs to reach the level")
    func exactTestLimits() {
        #expect(PairedPower.pairsNeeded(effectSize: 50) == 6)
        #expect(PairedPower.pairsNeeded(effectSize: 50, comparisons: 10) == 9)
    }

    @Test("an effect too small for any reasonable number of seeds has no answer")
    func hopeless() {
        #expect(PairedPower.pairsNeeded(effectSize: 0.01) == nil)
        #expect(PairedPower.pairsNeeded(effectSize: 0) == nil)
        #expect(PairedPower.power(effectSize: 1, count: 1) == 0)
    }

    @Test("a power of simulated data is found as predicted")
    func simulation() {
        var generator = SimulationGenerator(4)
        let student = StudentT(degreesOfFreedom: 7)
        var found = 0
        for _ in 0..<4_000 {
            let values = generator.normals(8).map { $0 + 0.9 }
            guard let summary = Summary(values), let error = summary.standardError else { continue }
            if student.twoSided(summary.mean / error) <= 0.05 { found += 1 }
        }
        let predicted = PairedPower.power(effectSize: 0.9, count: 8)
        #expect(abs(Double(found) / 4_000 - predicted) < 0.025)
    }

    @Test(
        "a number of pairs that only one pattern of signs passes is not promised the t-test's power"
    )
    func exactTest() {
        var generator = SimulationGenerator(5)
        /// How often the exact test finds an effect of 1.5 deviations.
        func found(_ count: Int) -> Double {
            let hits = (0..<4_000).count { _ in
                let values = generator.normals(count).map { $0 + 1.5 }
                return (SignFlipTest.pValue(values) ?? 1) <= 0.05
            }
            return Double(hits) / 4_000
        }
        #expect(PairedPower.power(effectSize: 1.5, count: 6) > 0.8)
        #expect(abs(found(6) - 0.66) < 0.03)
        #expect(PairedPower.pairsNeeded(effectSize: 1.5) == 7)
        #expect(found(7) > 0.8)
    }

    @Test("advice: the pairs of a plan, whether it is settled, no number where there is no effect")
    func advice() throws {
        let values = [0: 1.0, 1: 2, 2: 0.5, 3: 3]
        let difference = try #require(
            PairedDifference(of: values, against: values.mapValues { _ in 0 }))
        let effect = try #require(difference.correctedEffectSize)
        // Hedges' correction for three degrees of freedom.
        #expect(agree(effect, 0.723_601_254_558_267_7 * (difference.effectSize ?? 0)))
    }
}
