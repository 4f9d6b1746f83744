import MCSimCLR
import Testing

@Suite("Matching of sources and tracks")
struct SourceMatchingTests {
    private func facts(_ label: Int, _ degrees: Double) -> SourceFacts {
        SourceFacts(label: label, azimuth: degrees * .pi / 180)
    }

    @Test("the assignment of least cost is found among all, the first of equals")
    func leastCost() {
        #expect(SourceMatching.tracks(cost: [[3]]) == [0])
        #expect(SourceMatching.tracks(cost: [[1, 2], [1, 3]]) == [1, 0])
        #expect(SourceMatching.tracks(cost: [[1, 1], [1, 1]]) == [0, 1])
        // 0-1, 1-2, 2-0 costs 1 + 1 + 1; taking the least of each row first would cost 0 + 9 + 1.
        let cost: [[Double]] = [[0, 1, 5], [1, 9, 1], [1, 4, 9]]
        #expect(SourceMatching.tracks(cost: cost) == [1, 2, 0])
        #expect(SourceMatching.permutations(of: 3).count == 6)
    }

    @Test("one assignment serves class and direction: a wrong class weighs as much as half a turn")
    func together() {
        // By direction alone the sources would change places (10 + 10 degrees against 40 + 40).
        let sources = [facts(1, 0), facts(2, 50)]
        let tracks = [facts(1, 40), facts(2, 10)]
        #expect(SourceMatching.tracks(of: sources, among: tracks) == [0, 1])
        // With classes that say nothing, direction decides.
        let blind = [facts(7, 40), facts(7, 10)]
        #expect(SourceMatching.tracks(of: sources, among: blind) == [1, 0])
        // Angles are taken the short way round.
        #expect(
            SourceMatching.tracks(
                of: [facts(1, 175), facts(1, 0)], among: [facts(1, 90), facts(1, -175)]) == [1, 0])
    }

    @Test("accuracy and error of two overlapping sources, worked by hand")
    func metrics() {
        // First recording: tracks in the other order, one class wrong: errors 9 and 21 degrees.
        // Second recording: both right, errors 0 and 30 degrees.
        func predictions(
            _ sources: [SourceFacts], _ tracks: [SourceFacts]
        ) -> [Prediction] {
            SourceMatching.tracks(of: sources, among: tracks).enumerated().map { source, track in
                Prediction(
                    recording: 0, clip: 0, label: sources[source].label,
                    predictedLabel: tracks[track].label, azimuth: sources[source].azimuth,
                    predictedAzimuth: tracks[track].azimuth, source: source)
            }
        }
        let metrics = EventFigure.stored(
            of: predictions([facts(0, 90), facts(1, -90)], [facts(1, -69), facts(3, 81)])
                + predictions([facts(2, 10), facts(0, 170)], [facts(2, 10), facts(0, -160)]),
            prefix: "a")
        #expect(metrics["a_accuracy"] == 75)
        #expect(abs((metrics["a_error"] ?? 0) - 15) < 1e-9)
        #expect(metrics["a_within_10"] == 50)
    }
}
