import Analysis
import Testing

@Suite("Tests of paired differences")
struct PairedTestsTests {
    @Test("the sign-flip test counts every pattern, as a count of all of them in Python does")
    func signFlip() throws {
        for sample in try ScipyFixtures.load().samples {
            let p = SignFlipTest.pValue(sample.differences)
            #expect(agree(p, sample.signFlip), "\(sample.differences)")
        }
    }

    @Test("the sign-flip test knows its textbook values")
    func signFlipByHand() {
        // Three equal signs: two of the eight patterns are as far out.
        #expect(SignFlipTest.pValue([1, 2, 3]) == 0.25)
        // 1 + 2 - 4 = -1: only patterns with |sum| < 1 would be nearer, and there are none.
        #expect(SignFlipTest.pValue([1, 2, -4]) == 1)
        // 0.1 + 0.2 and 0.3 differ in the last bit only: the tie must count.
        #expect(SignFlipTest.pValue([0.1, 0.2, -0.3, 1]) == 0.625)
        #expect(SignFlipTest.pValue([0, 0]) == 1)
        // Sums of numbers as large as there are are no larger.
        #expect(SignFlipTest.pValue([1.7e308, -1.7e308, 1.7e308, -1.7e308]) == 1)
        #expect(SignFlipTest.pValue([1e308, 1.6e308, 1.7e308]) == 0.25)
        #expect(SignFlipTest.pValue([]) == nil)
        #expect(SignFlipTest.pValue([1, .nan]) == nil)
    }

    @Test("forty differences are still exact, forty-one are refused")
    func signFlipLarge() {
        #expect(SignFlipTest.pValue([Double](repeating: 1, count: 40)) == 2.0 / 1_099_511_627_776)
        #expect(SignFlipTest.pValue([Double](repeating: 1, count: 41)) == nil)
    }

    @Test("the smallest p-value falls by half with each pair")
    func smallest() {
        #expect(SignFlipTest.smallestPValue(count: 0) == 1)
        #expect(SignFlipTest.smallestPValue(count: 1) == 1)
        #expect(SignFlipTest.smallestPValue(count: 3) == 0.25)
        #expect(SignFlipTest.smallestPValue(count: 6) == 0.031_25)
    }

    @Test("Wilcoxon's test agrees with scipy: exact, with ties and zeros, and for large samples")
    func wilcoxon() throws {
        let scipy = try ScipyFixtures.load()
        for sample in scipy.samples {
            #expect(agree(WilcoxonSignedRank.pValue(sample.differences), sample.wilcoxon))
        }
        for sample in scipy.ties {
            #expect(
                agree(WilcoxonSignedRank.pValue(sample.differences), sample.wilcoxon),
                "\(sample.differences)")
        }
        #expect(scipy.large.differences.count > WilcoxonSignedRank.largestExactCount)
        #expect(agree(WilcoxonSignedRank.pValue(scipy.large.differences), scipy.large.wilcoxon))
        #expect(WilcoxonSignedRank.pValue([0, 0]) == 1)
        #expect(WilcoxonSignedRank.pValue([]) == nil)
    }

    @Test("Holm's correction: the textbook example, order kept, never above one, never decreasing")
    func holm() {
        let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
        let expected = [0.03, 0.06, 0.06, 0.02]
        for (value, wanted) in zip(adjusted, expected) { #expect(agree(value, wanted)) }
        #expect(HolmCorrection.adjusted([0.6, 0.7]) == [1, 1])
        #expect(HolmCorrection.adjusted([]) == [])
    }

    @Test("seeds are paired: only those that both have count, whatever their order")
    func pairing() throws {
        let difference = try #require(
            PairedDifference(
                of: [0: 12, 1: 14, 2: 13, 7: 99], against: [2: 10, 1: 12, 0: 11, 5: 1]))
        #expect(difference.seeds == [0, 1, 2])
        #expect(difference.summary.mean == 2)
        #expect(difference.summary.standardDeviation == 1)
        #expect(difference.effectSize == 2)
        #expect(difference.pValue == 0.25)
        #expect(difference.smallestPValue == 0.25)
        #expect(!difference.canReach(0.05))
        #expect(PairedDifference(of: [0: 1], against: [1: 1]) == nil)
        #expect(PairedDifference(of: [0: .nan], against: [0: 1]) == nil)
    }

    @Test("one pair has a difference, but neither interval nor effect size")
    func onePair() throws {
        let difference = try #require(PairedDifference(of: [3: 2.5], against: [3: 1]))
        #expect(difference.summary.mean == 1.5)
        #expect(difference.interval == nil)
        #expect(difference.effectSize == nil)
        #expect(difference.pValue == 1)
    }

    @Test("six pairs reach 5 % alone, but not among three comparisons")
    func reach() throws {
        let values = [0: 1.0, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6]
        let difference = try #require(
            PairedDifference(of: values, against: values.mapValues { $0 / 2 }))
        #expect(difference.canReach(0.05))
        #expect(!difference.canReach(0.05, comparisons: 3))
    }

    @Test("more than forty pairs are tested by ranks")
    func manyPairs() throws {
        let values = Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, Double($0 % 7) - 2) })
        let difference = try #require(
            PairedDifference(of: values, against: values.mapValues { _ in 0 }))
        #expect(difference.test == .wilcoxon)
        #expect(difference.pValue > 0 && difference.pValue < 0.05)
    }
}
