import MCSimCLRStudy
import Studies
import Testing

@Suite("Confusion matrices that differ")
struct ConfusionDifferenceTests {
    @Test("the difference is the share of predictions that would have to be others")
    func shares() {
        let counts = [[8, 2], [0, 10]]
        #expect(SweepFigures.difference(counts, counts) == 0)
        #expect(abs(SweepFigures.difference(counts, [[7, 3], [0, 10]]) - 0.05) < 1e-12)
        // As many again of each are the same shares.
        #expect(abs(SweepFigures.difference(counts, [[16, 4], [0, 20]])) < 1e-12)
        // A class that the other has not.
        #expect(
            abs(SweepFigures.difference(counts, [[8, 2, 0], [0, 5, 5], [0, 0, 0]]) - 0.25) < 1e-12)
        #expect(SweepFigures.difference([[1, 0], [0, 0]], [[0, 0], [0, 1]]) == 1)
    }
}
