import Analysis
import Testing

@Suite("Verdicts")
struct VerdictTests {
    private func verdict(_ lower: Double, _ upper: Double, higher: Bool = true) -> Verdict {
        Verdict(
            ConfidenceInterval(lower: lower, upper: upper), smallest: 2, higherIsBetter: higher)
    }

    @Test("an interval says what holds everywhere in it")
    func places() {
        #expect(verdict(2, 5) == .clearlyBetter)
        #expect(verdict(1, 5) == .better)
        #expect(verdict(0.5, 1.5) == .barelyBetter)
        #expect(verdict(-1, 1.5) == .negligible)
        #expect(verdict(-1.5, -0.5) == .barelyWorse)
        #expect(verdict(-5, -1) == .worse)
        #expect(verdict(-5, -2) == .clearlyWorse)
        #expect(verdict(-1, 3) == .undecided)
        #expect(verdict(-3, 3) == .undecided)
    }

    @Test("where lower is better the sides change")
    func lowerIsBetter() {
        #expect(verdict(-5, -2, higher: false) == .clearlyBetter)
        #expect(verdict(0.5, 1.5, higher: false) == .barelyWorse)
        #expect(verdict(-1, 1, higher: false) == .negligible)
    }

    @Test("without a smallest effect nothing is ever absent")
    func withoutSmallest() {
        let narrow = ConfidenceInterval(lower: -0.001, upper: 0.001)
        #expect(Verdict(narrow, smallest: nil, higherIsBetter: true) == .undecided)
        #expect(Verdict(nil, smallest: 1, higherIsBetter: true) == .undecided)
    }

    private func difference(_ values: [Double]) throws -> PairedDifference {
        let one = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0, $1) })
        return try #require(PairedDifference(of: one, against: one.mapValues { _ in 0 }))
    }

    @Test("of an extended plan the first look and the sequence share the errors")
    func extended() throws {
        let values = [1.2, 0.8, 1.1, 0.9, 1.3, 1.0, 0.7, 1.2, 1.1, 0.9]
        let found = try difference(values)
        let first = try #require(Summary(Array(values.prefix(5)))).interval(level: 0.975)
        let sequence = ConfidenceSequence.interval(of: found.summary, level: 0.975)
        let both = Looks.open(first: [0, 1, 2, 3, 4]).interval(of: found, alpha: 0.05)
        #expect(both?.lower == max(try #require(first).lower, try #require(sequence).lower))
        #expect(both?.upper == min(try #require(first).upper, try #require(sequence).upper))
        #expect(both?.level == 0.95)
        // An open plan from the start has the whole 5 % for its sequence.
        let open = Looks.open(first: []).interval(of: found, alpha: 0.05)
        #expect(open == ConfidenceSequence.interval(of: found.summary, level: 0.95))
    }

    @Test("a figure in another unit has the same verdict, however small or large its numbers")
    func units() throws {
        let values = [1.2, 0.8, 1.1, 0.9, 1.3, 1.0]
        let (own, p) = (try difference(values).interval, try difference(values).pValue)
        for unit in [1e-11, 1e-200, 1e290] {
            let found = try difference(values.map { $0 * unit })
            let interval = try #require(Looks.fixed.interval(of: found, alpha: 0.05))
            #expect(abs(interval.lower / unit - (own?.lower ?? 0)) < 1e-9)
            #expect(Verdict(interval, smallest: nil, higherIsBetter: true) == .better)
            #expect(Verdict(interval, smallest: nil, higherIsBetter: false) == .worse)
            #expect(found.pValue == p)
            let open = try #require(Looks.open(first: []).interval(of: found, alpha: 0.05))
            #expect(open.isAboveZero)
            let rows = [values.map { $0 * unit }, values.map { _ in 0 }].map {
                Dictionary(uniqueKeysWithValues: zip(0..., $0))
            }
            #expect(
                BestSet.rows(rows, looks: [.fixed, .fixed], higherIsBetter: true) == [0])
        }
        // What only rounding parts from zero is zero.
        #expect(!ConfidenceInterval(lower: 1e-16, upper: 1).excludesZero)
        #expect(try difference([1.7e308, -1.7e308, 1.6e308]).interval == nil)
    }

    @Test("differences that rounding alone parts are told from those that are equal")
    func rounding() throws {
        func found(_ values: [Double]) throws -> PairedDifference {
            let one = Dictionary(uniqueKeysWithValues: zip(0..., values))
            return try #require(PairedDifference(of: one, against: one.mapValues { _ in -1e15 }))
        }
        let near = try found([-1e15 + 3, -1e15 + 5, -1e15 + 4])
        #expect(near.interval == nil && near.summary.standardDeviation == 0)
        #expect(!near.isEqualByRounding, "each is nothing beside the figures")
        let large = try found([1e15, 1e15 + 2, 1e15 + 4])
        #expect(large.interval == nil && large.isEqualByRounding)
        #expect(try !found([1, 1, 1]).isEqualByRounding)
    }

    @Test("a seed whose figures are huge says nothing of how exact the others are")
    func roundingOfEachPair() throws {
        let found = try #require(
            PairedDifference(
                of: [0: 0.5, 1: 0.6, 2: 0.55, 3: 1e13],
                against: [0: 0.4, 1: 0.45, 2: 0.42, 3: 1e13]
            ))
        #expect(found.differences.prefix(3).allSatisfy { $0 > 0.09 } && found.differences[3] == 0)
        #expect((found.summary.standardDeviation ?? 0) > 0.05)
        // 1e-13 beside 1,000 is rounding, of whichever sign; 1e-8 is not.
        let base = [0: 1_000.0, 1: 1_001, 2: 1_002, 3: 1_003]
        let noise = [0: 1.1e-13, 1: 1.2e-13, 2: 1.1e-13, 3: 1.3e-13]
        func moved(_ factor: Double) throws -> PairedDifference {
            try #require(
                PairedDifference(
                    of: base.merging(noise) { $0 + factor * $1 }, against: base))
        }
        #expect(try moved(1).summary == Summary(mean: 0, standardDeviation: 0, count: 4))
        #expect(try moved(1).interval == nil)
        #expect(try moved(1e5).interval?.isAboveZero == true)
    }

    @Test("the first look of an extended plan takes what rounding alone parts for equal")
    func roundingAtFirstLook() throws {
        // 0.1 more in the first seeds, exactly, but for what adding it leaves of large figures.
        let base = (0..<8).map { 500.3 + 700.7 * Double($0) }
        let gains = [0.1, 0.1, 0.1, 0.1, 0.3, -0.2, 0.15, 0.05]
        let one = Dictionary(uniqueKeysWithValues: zip(0..., zip(base, gains).map { $0 + $1 }))
        let other = Dictionary(uniqueKeysWithValues: zip(0..., base))
        let found = try #require(PairedDifference(of: one, against: other))
        #expect(Set(found.differences.prefix(4)).count > 1, "rounding parts them")
        let interval = Looks.open(first: [0, 1, 2, 3]).interval(of: found, alpha: 0.05)
        #expect(interval?.isAboveZero != true)
        #expect((interval?.upper ?? 1) > 0.2)
    }

    @Test("differences of differences are as exact as the figures behind them")
    func roundingOfDifferences() throws {
        let base = (0..<5).map { 500.3 + 700.7 * Double($0) }
        func gains(_ start: Double) -> [Int: Double] {
            Dictionary(
                uniqueKeysWithValues: zip(0..., base.map { ($0 + start + 0.1) - ($0 + start) }))
        }
        let sizes = Dictionary(uniqueKeysWithValues: zip(0..., base))
        let (one, other) = (gains(0), gains(1_733.3))
        #expect(one != other, "rounding parts them")
        let found = try #require(PairedDifference(of: one, against: other, sizes: sizes))
        #expect(found.summary == Summary(mean: 0, standardDeviation: 0, count: 5))
        #expect(found.interval == nil)
    }

    @Test("two pairs bound nothing, whatever the plan")
    func twoPairs() throws {
        let found = try difference([5, 5.1])
        for looks in [Looks.fixed, .open(first: [])] {
            #expect(looks.interval(of: found, alpha: 0.05) == nil)
        }
    }

    @Test("the p-value of an open plan is larger than that of a single look at the same pairs")
    func pValues() throws {
        let found = try difference([1.2, 0.8, 1.1, 0.9, 1.3, 1.0, 0.7, 1.2, 1.1, 0.9])
        #expect(Looks.fixed.pValue(of: found) == found.pValue)
        #expect(
            Looks.open(first: []).pValue(of: found) == ConfidenceSequence.pValue(of: found.summary))
        let shared = Looks.open(first: [0, 1, 2, 3, 4, 5, 6, 7]).pValue(of: found)
        #expect(shared <= 2 * ConfidenceSequence.pValue(of: found.summary))
    }
}
