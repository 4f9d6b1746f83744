import Analysis
import Foundation
import Testing

@Suite("Seeds and groups of test items")
struct TwoWayLayoutTests {
    @Test("means, variances and degrees of freedom are those of the projections")
    func fixtures() throws {
        for fixture in try SequenceFixtures.load().layouts {
            let layout = try #require(TwoWayLayout(fixture.values))
            #expect(abs(layout.mean - fixture.mean) < 1e-12)
            #expect(abs(layout.variance / fixture.variance - 1) < 1e-10)
            #expect(abs(layout.degreesOfFreedom / fixture.degrees - 1) < 1e-9)
            let interval = try #require(layout.interval())
            #expect(abs(interval.lower - fixture.lower) < 1e-8)
            #expect(abs(interval.upper - fixture.upper) < 1e-8)
        }
    }

    @Test("groups of different size keep the mean over items, equal ones are group means")
    func groups() throws {
        // Two items, two and one.
        let sums = [[4.0, 6, 9], [6, 6, 7], [2, 8, 8]]
        let layout = try #require(TwoWayLayout(sums: sums, sizes: [2, 2, 1]))
        #expect(abs(layout.mean - sums.flatMap(\.self).reduce(0, +) / 15) < 1e-12)
        let even = try #require(
            TwoWayLayout(sums: sums.map { Array($0.prefix(2)) }, sizes: [2, 2]))
        let means = try #require(TwoWayLayout(sums.map { [$0[0] / 2, $0[1] / 2] }))
        #expect(abs(even.variance - means.variance) < 1e-12)
        #expect(TwoWayLayout(sums: sums, sizes: [2, 2]) == nil)
    }

    @Test("one seed, or one group, says nothing of others")
    func tooFew() {
        #expect(TwoWayLayout([[1, 2, 3]]) == nil)
        #expect(TwoWayLayout([[1], [2]]) == nil)
        #expect(TwoWayLayout([[1, 2], [3]]) == nil)
    }

    @Test(
        "with effects of both the interval holds in 94 to 98 % of runs, that over seeds alone does not"
    )
    func coverage() throws {
        var generator = SimulationGenerator(47)
        let runs = 3_000
        var (both, seedsAlone) = (0, 0)
        for _ in 0..<runs {
            let groups = generator.normals(20)
            let values = generator.normals(8).map { seed in
                groups.map { 0.7 * seed + $0 + 1.5 * generator.normal() }
            }
            let layout = try #require(TwoWayLayout(values))
            if layout.interval()?.contains(0) ?? false { both += 1 }
            let means = values.map { $0.reduce(0, +) / 20 }
            if Summary(means)?.interval()?.contains(0) ?? false { seedsAlone += 1 }
        }
        let share = Double(both) / Double(runs)
        #expect((0.935...0.985).contains(share), "\(share)")
        #expect(Double(seedsAlone) / Double(runs) < 0.92)
    }
}

@Suite("Skewness")
struct SkewnessTests {
    @Test("the skewness is scipy's, and leans that normal samples seldom have are marked")
    func value() throws {
        let fixture = try SequenceFixtures.load().skewness
        let found = try #require(Skewness.value(fixture.values))
        #expect(abs(found - fixture.value) < 1e-12)
        #expect(Skewness.value([1, 1, 1]) == nil)
        #expect(!Skewness.isMarked([0, 0, 0, 0, 9]))
        var generator = SimulationGenerator(53)
        let runs = 4_000
        let normal = (0..<runs).count { _ in Skewness.isMarked(generator.normals(12)) }
        #expect(Double(normal) / Double(runs) < 0.04)
        let skewed = (0..<runs).count { _ in
            Skewness.isMarked(generator.normals(12).map { exp(1.5 * $0) })
        }
        #expect(Double(skewed) / Double(runs) > 0.7)
    }
}
