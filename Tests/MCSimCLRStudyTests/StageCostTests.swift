import Digests
import MCSimCLRStudy
import ResultsStore
import SoundData
import Studies
import Sweeps
import Testing

/// Work decides which stages run first and when a run is said to end.
@Suite("Work of stages")
struct StageCostTests {
    private static let base = [
        "recording_seconds": "2", "spatialisations": "2", "test_spatialisations": "1",
        "rt60": "0.2", "encoder": "small", "batch_size": "32",
    ]

    private func work(_ changes: [String: String] = [:]) throws -> [StageKind: Double] {
        let settings = Self.base.merging(changes) { $1 }
        let text =
            "name: x\nbase:\n" + settings.map { "  \($0): \($1)\n" }.sorted().joined()
        let plan = try SweepFile.parse(
            text, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema
        ).expand()
        let stages = StagePlan(
            plan, study: BuiltinStudy(),
            prepared: StandIn(
                Digest(of: "data"), clips: [.training: 60, .validation: 20, .test: 20]))
        return Dictionary(
            stages.stages.compactMap { stage in
                StageKind(rawValue: stage.kind).map { ($0, stage.work) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// By how much a change multiplies the work of the stages that it touches.
    private func ratios(_ changes: [String: String]) throws -> [StageKind: Double] {
        let (before, after) = (try work(), try work(changes))
        var ratios: [StageKind: Double] = [:]
        for (kind, work) in before where after[kind] != work {
            ratios[kind] = ((after[kind] ?? 0) / work * 1000).rounded() / 1000
        }
        return ratios
    }

    @Test("work grows with steps, batches, recordings and sources, of the stages that have them")
    func proportions() throws {
        #expect(try ratios(["pretraining_steps": "8000"]) == [.pretrain: 2])
        #expect(try ratios(["batch_size": "64"]) == [.pretrain: 2])
        #expect(try ratios(["finetuning_steps": "3000"]) == [.finetune: 3, .scratch: 3])
        #expect(try ratios(["finetuning_batch_size": "32"]) == [.finetune: 0.5, .scratch: 0.5])
        // 60 clips twice and 20 clips once, then four times and once; 20 test clips.
        #expect(
            try ratios(["spatialisations": "4"]) == [
                .scenes: 1.857, .probe: 1.75, .random: 1.75, .raw: 1.75,
            ])
        #expect(
            try ratios(["test_spatialisations": "5"]) == [
                .testScenes: 5, .probe: 1.5, .random: 1.5, .raw: 1.5,
            ])
        let scenes = try ratios(["overlap": "2"])
        #expect(scenes == [.scenes: 2, .testScenes: 2])
        let slower = try ratios(["rt60": "0.4", "evaluation_rt60": "0.2"])
        #expect(slower.keys.map(\.rawValue) == ["scenes"])
        // Images grow with the cube of the time; what they are convolved with does not.
        #expect((slower[.scenes] ?? 0) > 2 && (slower[.scenes] ?? 0) < 8)
    }
}
