import AblateChecks
import Analysis
import Testing

/// Short versions of what `make check-statistics` runs long.
@Suite("Simulated sweeps")
struct StatisticsTests {
    @Test(
        "nothing false is said in 95 % of sweeps, however often one looks",
        arguments: [SimulatedNoise.normal, .heavyTailed, .exchangeable])
    func falseVerdicts(noise: SimulatedNoise) {
        let found = SimulatedSweeps(noise: noise, rows: 4, metrics: 2, runs: 1_000).outcome()
        // Three standard errors of 5 % over 1,000 sweeps are 2 %.
        #expect(found.open < 0.07)
        #expect(found.extended < 0.07)
        #expect(found.equivalence < 0.07)
        #expect(found.fixed.values.allSatisfy { $0 < 0.07 })
        #expect(found.fixed[5] ?? 0 > 0.002)
    }

    @Test("of skewed differences more is said falsely, and most are warned of")
    func skewed() {
        let found = SimulatedSweeps(noise: .lognormal, rows: 4, metrics: 2, runs: 300).outcome()
        #expect(found.open > 0.3)
        #expect(found.marked[50] ?? 0 > 0.95)
    }

    @Test("the best set holds the best row")
    func best() {
        let found = SimulatedBest(noise: .normal, rows: 6, lead: 0, runs: 600).outcome()
        #expect(found.open > 0.92)
        #expect(found.fixed.values.allSatisfy { $0.held > 0.92 && $0.size > 4 })
    }

    @Test("adding seeds until a star appears finds too much by fixed tests, and not by sequences")
    func peeking() {
        let found = SimulatedPeeking(rows: 3, runs: 300).stars()
        #expect(found.fixedTests > 0.09)
        #expect(found.sequences < 0.09)
    }

    @Test("looking costs power, and has it in the end")
    func power() {
        let found = SimulatedPower(effect: 1.5, comparisons: 16, runs: 400).shares()
        #expect(found.fixed[10] ?? 0 > found.open[10] ?? 0)
        #expect(found.open[30] ?? 0 > 0.97)
    }
}
