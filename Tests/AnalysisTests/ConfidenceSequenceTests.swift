import Analysis
import Foundation
import Testing

@Suite("Confidence sequences")
struct ConfidenceSequenceTests {
    @Test("half widths are the roots of the mixture of noncentral t densities, found numerically")
    func halfWidths() throws {
        for sample in try SequenceFixtures.load().sequences {
            let half = try #require(
                ConfidenceSequence.halfWidth(count: sample.values.count, level: 1 - sample.alpha))
            #expect(abs(half / sample.halfWidth - 1) < 1e-8)
        }
    }

    @Test("the p-value is one over that mixture")
    func martingale() throws {
        for sample in try SequenceFixtures.load().sequences {
            let summary = try #require(Summary(sample.values))
            let expected = min(1, 1 / sample.martingale)
            #expect(abs(ConfidenceSequence.pValue(of: summary) / expected - 1) < 1e-7)
        }
    }

    @Test("p-value and interval agree on which means are refuted")
    func agreement() throws {
        let values = [1.0, 0.4, 1.3, 0.8, 0.2, 1.1, 0.9, 0.6]
        for level in [0.5, 0.9, 0.95, 0.99, 0.999] {
            let summary = try #require(Summary(values))
            let isRefuted = ConfidenceSequence.interval(of: summary, level: level)?.excludesZero
            #expect((isRefuted ?? false) == (ConfidenceSequence.pValue(of: summary) < 1 - level))
        }
    }

    @Test(
        "with 16 comparisons nothing is bounded before six differences, and what looking costs is known"
    )
    func widths() throws {
        let level = 1 - 0.05 / 16
        #expect(ConfidenceSequence.halfWidth(count: 5, level: level) == nil)
        #expect(ConfidenceSequence.halfWidth(count: 6, level: level) != nil)
        let open = try #require(ConfidenceSequence.halfWidth(count: 10, level: level))
        let fixed = try #require(Looks.fixed.halfWidth(count: 10, alpha: 0.05 / 16))
        #expect((1.9...2.1).contains(open))
        #expect(abs(fixed - 1.26) < 0.005)
        let later = try #require(ConfidenceSequence.halfWidth(count: 20, level: level))
        #expect(abs(later - 1.07) < 0.01)
    }

    @Test("the count for a half width is the first that reaches it")
    func counts() throws {
        let count = try #require(Looks.open(first: []).count(forHalfWidth: 0.8, alpha: 0.05))
        #expect(try #require(ConfidenceSequence.halfWidth(count: count, level: 0.95)) <= 0.8)
        #expect(try #require(ConfidenceSequence.halfWidth(count: count - 1, level: 0.95)) > 0.8)
        #expect(Looks.open(first: []).count(forHalfWidth: 0.001, alpha: 0.05) == nil)
    }

    @Test("looking after every seed from 2 to 50, the truth is left out in at most 5 % of runs")
    func coverage() {
        var generator = SimulationGenerator(41)
        let runs = 4_000
        let widths = (0...50).map { ConfidenceSequence.halfWidth(count: $0, level: 0.95) }
        var missed = 0
        for _ in 0..<runs {
            var (sum, squares) = (0.0, 0.0)
            for count in 1...50 {
                let value = generator.normal()
                sum += value
                squares += value * value
                guard let width = widths[count] else { continue }
                let n = Double(count)
                let deviation = ((squares - sum * sum / n) / (n - 1)).squareRoot()
                if abs(sum / n) > width * deviation {
                    missed += 1
                    break
                }
            }
        }
        // A standard error of 0.0034; a sequence that never missed would be no sequence.
        let share = Double(missed) / Double(runs)
        #expect(share < 0.06 && share > 0.005, "\(share)")
    }
}

/// From `Fixtures/sequence.json`, made by `Fixtures/make_sequence_fixtures.py`.
struct SequenceFixtures: Decodable {
    struct Sequence: Decodable {
        let values: [Double]
        let alpha: Double
        let martingale: Double
        let halfWidth: Double
    }
    struct Layout: Decodable {
        let values: [[Double]]
        let mean: Double
        let variance: Double
        let degrees: Double
        let lower: Double
        let upper: Double
    }
    struct Skewness: Decodable {
        let values: [Double]
        let value: Double
    }
    let sequences: [Sequence]
    let layouts: [Layout]
    let skewness: Skewness

    static func load() throws -> SequenceFixtures {
        let url = Bundle.module.url(
            forResource: "sequence", withExtension: "json", subdirectory: "Fixtures")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: #require(url)))
    }
}
