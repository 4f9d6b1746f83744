import Analysis
import Foundation
import Testing

/// Data with nothing in it, ten thousand times over: what is promised must hold.
///
/// A share of 0.05 over 10,000 runs has a standard error of 0.0022; the bounds are 0.01.
@Suite("Simulated nulls")
struct SimulatedNullTests {
    private static let runs = 10_000

    @Test("sign-flip p-values are uniform on the values that they can take")
    func signFlipUniform() throws {
        var generator = SimulationGenerator(1)
        let pValues = (0..<Self.runs).compactMap { _ in
            SignFlipTest.pValue(generator.normals(8))
        }
        #expect(pValues.count == Self.runs)
        for step in [1, 2, 6, 13, 32, 64, 100, 128] {
            let attainable = Double(step) / 128
            let share = Double(pValues.count { $0 <= attainable + 1e-12 }) / Double(Self.runs)
            #expect(abs(share - attainable) < 0.016, "p ≤ \(attainable) in \(share)")
        }
    }

    @Test("Wilcoxon's p-values never promise more than they hold")
    func wilcoxonUniform() {
        var generator = SimulationGenerator(2)
        let pValues = (0..<Self.runs).compactMap { _ in
            WilcoxonSignedRank.pValue(generator.normals(10))
        }
        for level in [0.01, 0.05, 0.1, 0.3, 0.6] {
            let share = Double(pValues.count { $0 <= level }) / Double(Self.runs)
            #expect(share < level + 0.012, "p ≤ \(level) in \(share)")
            // Discrete, so not exactly uniform, but close.
            #expect(share > 0.6 * level, "p ≤ \(level) in \(share)")
        }
    }

    @Test("Student's interval holds the truth in 95 ± 1 % of runs", arguments: [2, 3, 5, 20])
    func studentCoverage(count: Int) {
        var generator = SimulationGenerator(UInt64(count))
        var hits = 0
        for _ in 0..<Self.runs {
            let values = generator.normals(count).map { 12 + 3 * $0 }
            if let interval = Summary(values)?.interval(), interval.contains(12) { hits += 1 }
        }
        let coverage = Double(hits) / Double(Self.runs)
        #expect(abs(coverage - 0.95) < 0.01, "\(coverage)")
    }

    @Test("paired differences find nothing in 95 % of runs where there is nothing")
    func pairedFalsePositives() {
        var generator = SimulationGenerator(5)
        var found = 0
        for _ in 0..<Self.runs {
            // A large effect of the seed, shared by both: pairing takes it out.
            let seeds = generator.normals(7).map { 10 * $0 }
            let one = Dictionary(
                uniqueKeysWithValues: seeds.enumerated().map { seed, shared in
                    (seed, shared + generator.normal())
                })
            let other = Dictionary(
                uniqueKeysWithValues: seeds.enumerated().map { seed, shared in
                    (seed, shared + generator.normal())
                })
            if let p = PairedDifference(of: one, against: other)?.pValue, p <= 0.05 { found += 1 }
        }
        // The attainable level next below 0.05 with seven pairs is 6/128 = 0.047.
        let share = Double(found) / Double(Self.runs)
        #expect(abs(share - 6.0 / 128) < 0.01, "\(share)")
    }

    @Test("among five true nulls Holm's correction errs at all in at most 5 % of tables")
    func holmFamilywise() {
        var generator = SimulationGenerator(6)
        var wrong = 0
        for _ in 0..<Self.runs {
            let pValues = (0..<5).map { _ in Double.random(in: 0..<1, using: &generator) }
            if HolmCorrection.adjusted(pValues).contains(where: { $0 <= 0.05 }) { wrong += 1 }
        }
        let share = Double(wrong) / Double(Self.runs)
        #expect(share < 0.06 && share > 0.04, "\(share)")
    }

    @Test("the BCa interval of a mean of forty holds the truth in about 95 % of runs")
    func bootstrapCoverage() {
        // Fewer and smaller resamples than in use, to be quick: standard error 0.5 %.
        var generator = SimulationGenerator(7)
        let runs = 2_000
        var hits = 0
        for _ in 0..<runs {
            let values = generator.normals(40)
            let interval = Bootstrap.interval(of: values, resamples: 399, using: &generator)
            if let interval, interval.contains(0) { hits += 1 }
        }
        let coverage = Double(hits) / Double(runs)
        #expect(abs(coverage - 0.945) < 0.015, "\(coverage)")
    }

    @Test("with clips alike within a recording only the clustered interval keeps its promise")
    func clusteredCoverage() {
        var generator = SimulationGenerator(8)
        let runs = 600
        var clustered = 0
        var naive = 0
        for _ in 0..<runs {
            var values: [Double] = []
            var clusters: [String] = []
            for cluster in 0..<40 {
                let shared = generator.normal()
                for _ in 0..<5 {
                    values.append(shared + 0.3 * generator.normal())
                    clusters.append("recording \(cluster)")
                }
            }
            let right = Bootstrap.interval(
                of: values, clusters: clusters, resamples: 199, using: &generator)
            if let right, right.contains(0) { clustered += 1 }
            let wrong = Bootstrap.interval(of: values, resamples: 199, using: &generator)
            if let wrong, wrong.contains(0) { naive += 1 }
        }
        #expect(abs(Double(clustered) / Double(runs) - 0.94) < 0.03, "\(clustered)")
        #expect(Double(naive) / Double(runs) < 0.75, "\(naive)")
    }
}
