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
        // Looks at the validation split and the probe's heads come with any number of steps.
        let longer = try ratios(["finetuning_steps": "3000"])
        #expect(Set(longer.keys) == [.finetune, .scratch])
        #expect(longer.values.allSatisfy { $0 > 2.5 && $0 < 3 }, "\(longer)")
        let smaller = try ratios(["finetuning_batch_size": "32"])
        #expect(smaller.values.allSatisfy { $0 > 0.5 && $0 < 0.6 }, "\(smaller)")
        // 60 clips twice and 20 clips once, then four times and once; 20 test clips.
        let more = try ratios(["spatialisations": "4"])
        #expect(more[.scenes] == 1.857 && more[.raw] == 1.75 && more[.scratch] == nil)
        #expect(try #require(more[.probe]) > 1.7 && #require(more[.probe]) < 2)
        let tested = try ratios(["test_spatialisations": "5"])
        #expect(tested[.testScenes] == 5 && tested[.raw] == 1.5 && tested[.pretrain] == nil)
        #expect(try #require(tested[.probe]) > 1.1)
        let scenes = try ratios(["overlap": "2"])
        #expect(scenes[.scenes] == 2 && scenes[.testScenes] == 2 && scenes[.pretrain] == nil)
        #expect(try #require(scenes[.probe]) > 1, "heads for two tracks")
        let slower = try ratios(["rt60": "0.4", "evaluation_rt60": "0.2"])
        #expect(slower.keys.map(\.rawValue) == ["scenes"])
        // Images grow with the cube of the time; what they are convolved with does not.
        #expect((slower[.scenes] ?? 0) > 2 && (slower[.scenes] ?? 0) < 8)
    }

    @Test("mixing waveforms, probes before fine-tuning, labels and looks cost what they take")
    func parts() throws {
        let plain = try ratios(["augmentations": "[channel_swap, channel_drop]"])
        #expect(Set(plain.keys) == [.pretrain])
        #expect(try #require(plain[.pretrain]) < 0.9, "the default mixes")
        let uncropped = try ratios(["augmentations": "[mixup]"])
        #expect(try #require(uncropped[.pretrain]) > 1.03, "a crop leaves frames out")
        let few = try ratios(["label_fraction": "0.1"])
        #expect(Set(few.keys) == [.probe, .random, .finetune, .scratch])
        #expect(few.values.allSatisfy { $0 < 1 })
        #expect(try Set(ratios(["finetuning_heads": "random"]).keys) == [.finetune])
        let unseen = try ratios(["finetuning_selection": "last"])
        #expect(Set(unseen.keys) == [.finetune, .scratch] && unseen.values.allSatisfy { $0 < 1 })
        let mixed = try ratios(["finetuning_augmentations": "[mixup]"])
        #expect(Set(mixed.keys) == [.finetune, .scratch] && mixed.values.allSatisfy { $0 > 1 })
    }
}
