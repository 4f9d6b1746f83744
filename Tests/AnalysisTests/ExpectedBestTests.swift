import Analysis
import Testing

@Suite("The expected best of k points")
struct ExpectedBestTests {
    private static let values = [3.0, 1.5, 7.25, 4.0]

    /// The mean of the best over all k-tuples of values, each as likely as any other.
    private func enumerated(_ count: Int, higherIsBetter: Bool) -> Double {
        var tuples: [[Double]] = [[]]
        for _ in 0..<count { tuples = tuples.flatMap { tuple in Self.values.map { tuple + [$0] } } }
        let best = tuples.map { (higherIsBetter ? $0.max() : $0.min()) ?? 0 }
        return best.reduce(0, +) / Double(best.count)
    }

    @Test("is the mean over all draws with replacement", arguments: [true, false])
    func exhaustive(higherIsBetter: Bool) throws {
        for count in 1...6 {
            let value = try #require(
                ExpectedBest.value(
                    of: Self.values, count: count, higherIsBetter: higherIsBetter))
            #expect(abs(value - enumerated(count, higherIsBetter: higherIsBetter)) < 1e-12)
        }
    }

    @Test("of one point is the mean, and of very many the best of all")
    func ends() throws {
        let one = try #require(
            ExpectedBest.value(of: Self.values, count: 1, higherIsBetter: false))
        #expect(abs(one - 15.75 / 4) < 1e-12)
        let many = try #require(
            ExpectedBest.value(of: Self.values, count: 1000, higherIsBetter: false))
        #expect(abs(many - 1.5) < 1e-9)
        #expect(ExpectedBest.value(of: [], count: 1, higherIsBetter: true) == nil)
        #expect(ExpectedBest.value(of: [.nan], count: 1, higherIsBetter: true) == nil)
    }
}
