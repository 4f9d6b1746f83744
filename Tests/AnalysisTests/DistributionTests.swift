import Analysis
import Foundation
import Testing

@Suite("Distributions agree with scipy")
struct DistributionTests {
    let scipy: ScipyFixtures

    init() throws { scipy = try ScipyFixtures.load() }

    @Test("the logarithm of the gamma function")
    func logGammaAgrees() {
        for row in scipy.logGamma {
            #expect(agree(logGamma(row[0]), row[1], relative: 1e-13), "at \(row[0])")
        }
    }

    @Test("Student's cumulative distribution, both tails")
    func studentCumulative() {
        for row in scipy.studentCumulative {
            let value = StudentT(degreesOfFreedom: row[1]).cumulative(row[0])
            #expect(agree(value, row[2], relative: 1e-11), "t \(row[0]), df \(row[1])")
        }
    }

    @Test("with one degree of freedom it is Cauchy's, also a hair from the centre")
    func cauchy() {
        let student = StudentT(degreesOfFreedom: 1)
        for t in [1e-9, 1e-6, 0.1, 1, 30] {
            #expect(agree(student.cumulative(t), 0.5 + atan(t) / .pi, relative: 1e-14))
        }
    }

    @Test("Student's quantiles, from one degree of freedom to a thousand")
    func studentQuantile() {
        for row in scipy.studentQuantile {
            let value = StudentT(degreesOfFreedom: row[1]).quantile(row[0])
            #expect(agree(value, row[2]), "p \(row[0]), df \(row[1]): \(value), not \(row[2])")
        }
    }

    @Test("the normal quantiles, far into both tails")
    func normalQuantile() {
        for row in scipy.normalQuantile {
            let value = StandardNormal.quantile(row[0])
            #expect(agree(value, row[1], relative: 1e-12), "p \(row[0]): \(value), not \(row[1])")
        }
    }

    @Test("the two-sided p-value is twice the lower tail")
    func twoSided() {
        let student = StudentT(degreesOfFreedom: 4)
        #expect(agree(student.twoSided(2.5), 2 * student.cumulative(-2.5)))
        #expect(agree(student.twoSided(-2.5), 2 * student.cumulative(-2.5)))
        #expect(student.twoSided(0) == 1)
        #expect(agree(StandardNormal.twoSided(1.959_963_984_540_054), 0.05))
    }
}
