import Digests
import MCSimCLRStudy
import ResultsStore
import Studies
import Testing

@Suite("Ends of the grids of penalties")
struct PenaltyNoteTests {
    private func trial(_ seed: Int, row: Int = 0, _ metrics: [String: Double]) -> TrialRecord {
        TrialRecord(
            row: row, label: "row \(row)", seed: seed, digest: Digest(of: "\(row) \(seed)"),
            status: .finished, metrics: metrics)
    }

    @Test("an end that was taken is said, with how often; what trials share counts once")
    func ends() {
        let raw = ["raw_accuracy": 50, "raw_direction_penalty_edge": 1.0]
        func probe(_ accuracy: Double, _ edge: Double) -> [String: Double] {
            raw.merging(["probe_accuracy": accuracy, "probe_class_penalty_edge": edge]) { $1 }
        }
        let notes = PenaltyNotes.make([
            trial(0, probe(40, -1)), trial(1, probe(41, 0)), trial(2, probe(42, -1)),
            trial(0, row: 1, probe(43, 1)),
        ])
        #expect(
            notes == [
                "linear probe: the weakest of the penalties for class was the best on the validation "
                    + "split in 2 of 4 fits; a weaker one might do better",
                "linear probe: the strongest of the penalties for class was the best on the "
                    + "validation split in 1 of 4 fits; a stronger one might do better",
                "raw features: the strongest of the penalties for direction was the best on the "
                    + "validation split in 1 of 1 fit; a stronger one might do better",
            ])
    }

    @Test("penalties inside their grids, and results that do not say where they lie, need no note")
    func inside() {
        #expect(
            PenaltyNotes.make([
                trial(0, ["probe_class_penalty_edge": 0, "probe_class_penalty": 0.1]),
                trial(1, ["probe_class_penalty": 0.1]),
            ]).isEmpty)
    }
}
