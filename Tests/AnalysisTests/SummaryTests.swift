import Analysis
import Testing

@Suite("Mean, deviation and interval")
struct SummaryTests {
    @Test("the mean, deviation and interval agree with scipy")
    func agreesWithScipy() throws {
        for sample in try ScipyFixtures.load().samples {
            let summary = try #require(Summary(sample.differences))
            let interval = try #require(summary.interval())
            #expect(agree(summary.mean, sample.mean, relative: 1e-12))
            #expect(agree(summary.standardDeviation, sample.deviation, relative: 1e-12))
            #expect(abs(interval.lower - sample.lower) < 1e-9 * sample.deviation)
            #expect(abs(interval.upper - sample.upper) < 1e-9 * sample.deviation)
            #expect(interval.contains(summary.mean))
            let t = summary.mean / (summary.standardError ?? 0)
            let student = StudentT(degreesOfFreedom: Double(summary.count - 1))
            #expect(agree(student.twoSided(t), sample.studentP))
        }
    }

    @Test("one value has a mean and no spread; none, or one not finite, has no summary")
    func degenerate() throws {
        let single = try #require(Summary([4.5]))
        #expect(single == Summary(mean: 4.5, standardDeviation: nil, count: 1))
        #expect(single.interval() == nil)
        #expect(Summary([]) == nil)
        #expect(Summary([1, .nan]) == nil)
        #expect(Summary([1, .infinity]) == nil)
    }

    @Test("the order of the values does not change a bit of the result")
    func orderDoesNotMatter() {
        let values = [0.1, 0.7, 1e9, 0.3, -2.2, 17.4]
        let expected = Summary(values)
        #expect(Summary(values.reversed()) == expected)
        #expect(Summary([0.3, 1e9, 17.4, 0.1, -2.2, 0.7]) == expected)
    }

    @Test("a large common offset does not destroy the deviation")
    func offset() throws {
        let summary = try #require(Summary([1e9 + 1, 1e9 + 2, 1e9 + 3]))
        #expect(summary.mean == 1e9 + 2)
        #expect(summary.standardDeviation == 1)
    }
}
