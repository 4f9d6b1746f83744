import Analysis
import Foundation
import Testing

/// Test sets whose true accuracy and error are known: clips of unlike difficulty, several recordings
/// of each.
@Suite("Clustered intervals")
struct ClusteredIntervalTests {
    private static let runs = 2_000

    /// Share of test sets whose interval holds the truth.
    private func coverage(
        clusters: Int, seed: UInt64, truth: Double,
        _ interval: (_ generator: inout SimulationGenerator, _ names: [Int]) -> ConfidenceInterval?
    ) -> Double {
        var generator = SimulationGenerator(seed)
        var hits = 0
        for _ in 0..<Self.runs {
            // One to nine recordings of each clip.
            let names = (0..<clusters).flatMap { clip in
                Array(repeating: clip, count: Int.random(in: 1...9, using: &generator))
            }
            if let found = interval(&generator, names), found.contains(truth) { hits += 1 }
        }
        return Double(hits) / Double(Self.runs)
    }

    /// Difficulties by clip: half of the clips have a chance of 2 a - 1, the others of 1.
    private func hits(
        _ accuracy: Double, _ names: [Int], _ generator: inout SimulationGenerator
    ) -> [Bool] {
        var chances: [Int: Double] = [:]
        for name in names where chances[name] == nil {
            chances[name] = Bool.random(using: &generator) ? 1 : 2 * accuracy - 1
        }
        return names.map { Double.random(in: 0..<1, using: &generator) < chances[$0, default: 0] }
    }

    // The standard error of a coverage of 0.95 over 2,000 runs is 0.005. Few clusters of unlike sizes
    // cost a little more than that: the bounds are what was found, and 0.015.
    @Test(
        "the interval of an accuracy holds the truth in 93 to 99 % of test sets",
        arguments: [8, 30, 120])
    func accuracy(clusters: Int) {
        for accuracy in [0.6, 0.9] {
            let found = coverage(clusters: clusters, seed: 1, truth: accuracy) { generator, names in
                ClusteredInterval.share(
                    of: hits(accuracy, names, &generator), clusters: names)
            }
            #expect(found > 0.93 && found < 0.99, "\(accuracy), \(clusters) clips: \(found)")
        }
    }

    /// Errors around a mean of the clip's own, which is log-normal with a mean of 10 degrees.
    private func errors(_ names: [Int], _ generator: inout SimulationGenerator) -> [Double] {
        var means: [Int: Double] = [:]
        for name in names where means[name] == nil {
            means[name] = 10 * exp(0.5 * generator.normal() - 0.125)
        }
        return names.map { name in
            -log(1 - Double.random(in: 0..<1, using: &generator)) * means[name, default: 0]
        }
    }

    @Test(
        "the interval of a mean error holds the truth in 92 to 97 % of test sets",
        arguments: [8, 30, 120])
    func meanError(clusters: Int) {
        let found = coverage(clusters: clusters, seed: 2, truth: 10) { generator, names in
            ClusteredInterval.mean(of: errors(names, &generator), clusters: names)
        }
        #expect(found > 0.92 && found < 0.97, "\(clusters) clips: \(found)")
    }

    @Test(
        "the interval of a median error holds the truth in 92 to 98 % of test sets",
        arguments: [30, 120])
    func medianError(clusters: Int) {
        // The median of the same errors over a hundred thousand clips.
        var generator = SimulationGenerator(3)
        let truth = Bootstrap.median(errors(Array(0..<100_000), &generator))
        let found = coverage(clusters: clusters, seed: 4, truth: truth) { generator, names in
            ClusteredInterval.median(of: errors(names, &generator), clusters: names)
        }
        #expect(found > 0.92 && found < 0.98, "\(clusters) clips: \(found)")
    }

    @Test("with few clips and an accuracy near the top the cluster bootstrap promises too much")
    func againstBootstrap() {
        var generator = SimulationGenerator(5)
        let runs = 500
        var ours = 0
        var bootstrap = 0
        for _ in 0..<runs {
            let names = (0..<16).map { $0 / 2 }
            let hits = hits(0.95, names, &generator)
            if let found = ClusteredInterval.share(of: hits, clusters: names), found.contains(0.95)
            {
                ours += 1
            }
            let drawn = Bootstrap.interval(
                of: hits.map { $0 ? 1 : 0 }, clusters: names.map(String.init), resamples: 199,
                using: &generator)
            if let drawn, drawn.contains(0.95) { bootstrap += 1 }
        }
        #expect(Double(ours) / Double(runs) > 0.93, "\(ours)")
        #expect(Double(bootstrap) / Double(runs) < 0.8, "\(bootstrap)")
    }

    @Test("taken for independent, recordings of one clip promise too much")
    func ignoringClusters() {
        let found = coverage(clusters: 30, seed: 1, truth: 0.6) { generator, names in
            ClusteredInterval.share(
                of: hits(0.6, names, &generator), clusters: Array(names.indices))
        }
        #expect(found < 0.85, "\(found)")
    }

    @Test("with one value a cluster, half of them right, Wilson's interval with Student's quantile")
    func closedForm() throws {
        let hits = (0..<50).map { $0 % 2 == 0 }
        let interval = try #require(ClusteredInterval.share(of: hits, clusters: Array(0..<50)))
        // The jackknife's variance is p (1 - p) / (n - 1), so 49 values count; t(49) = 2.009575.
        let t = 2.009575
        let half = t * (0.25 / 49 + t * t / (4 * 49 * 49)).squareRoot() / (1 + t * t / 49)
        #expect(abs(interval.lower - (0.5 - half)) < 1e-6)
        #expect(abs(interval.upper - (0.5 + half)) < 1e-6)
    }

    @Test("all right is no certainty; a share and an error keep to their range")
    func extremes() throws {
        let all = try #require(
            ClusteredInterval.share(
                of: Array(repeating: true, count: 40), clusters: (0..<40).map { $0 / 2 }))
        #expect(all.upper == 1)
        // Twenty clips: 20 / (20 + t(19)^2).
        #expect(abs(all.lower - 20 / (20 + 2.093024 * 2.093024)) < 1e-6)
        let errors = try #require(
            ClusteredInterval.mean(of: [1, 1, 90, 2], clusters: [0, 1, 2, 3]))
        #expect(errors.lower > 0)
        #expect(
            ClusteredInterval.mean(of: [0, 0], clusters: [0, 1])
                == ConfidenceInterval(lower: 0, upper: 0))
    }

    @Test("one cluster, or a value that is no error, has no interval")
    func none() {
        #expect(ClusteredInterval.share(of: [true, false], clusters: [4, 4]) == nil)
        #expect(ClusteredInterval.share(of: [true], clusters: [1, 2]) == nil)
        #expect(ClusteredInterval.mean(of: [1, -1], clusters: [0, 1]) == nil)
        #expect(ClusteredInterval.median(of: [1, .nan], clusters: [0, 1]) == nil)
    }

    @Test("the order of the values and the names of the clusters do not matter")
    func order() throws {
        let values = [3.0, 8, 1, 12, 5, 9]
        let first = try #require(ClusteredInterval.mean(of: values, clusters: [0, 0, 1, 1, 2, 2]))
        let second = try #require(
            ClusteredInterval.mean(of: values.reversed(), clusters: [7, 7, 5, 5, 9, 9]))
        #expect(abs(first.lower - second.lower) < 1e-12)
        #expect(abs(first.upper - second.upper) < 1e-12)
    }
}
