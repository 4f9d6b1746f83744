import Digests
import Foundation
import MCSimCLRStudy
import ResultsStore
import SoundData
import Studies
import Sweeps
import Testing

@Suite("Stage plan")
struct StagePlanTests {
    private func plan(_ body: String, data: Digest = Digest(of: "data")) throws -> StagePlan {
        let file = try SweepFile.parse(
            "name: x\n" + body, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema)
        let plan = file.expand()
        return StagePlan(
            plan, study: BuiltinStudy(), prepared: StandIn(data, clips: [.training: 80, .test: 20]))
    }

    private func counts(_ plan: StagePlan) -> [String: Int] {
        Dictionary(grouping: plan.stages, by: \.kind).mapValues(\.count)
    }

    @Test("scenes, baselines and pretraining are shared by all that depend on the same settings")
    func sharing() throws {
        let plan = try plan(
            """
            parameters:
              augmentations: {values: [none, [mixup], all]}
              label_fraction: {values: [0.1, 0.5, 1]}
            seeds: [0, 1]
            """)
        #expect(
            counts(plan) == [
                "scenes": 1, "test_scenes": 1, "raw": 5, "random": 6, "pretrain": 6, "probe": 18,
                "scratch": 6,
                "finetune": 18,
            ])
        #expect(plan.trials.count == 18)
    }

    @Test(
        "a probe without a network has a run a seed where few clips have labels, and one where all have"
    )
    func labels() throws {
        let plan = try plan(
            """
            parameters: {labels_per_class: [1, all]}
            evaluation: [raw, mean]
            seeds: [0, 1, 2]
            """)
        #expect(counts(plan) == ["scenes": 1, "test_scenes": 1, "raw": 4, "mean": 4])
        // One that all seeds share names none.
        let raw = plan.stages.filter { $0.kind == "raw" }
        #expect(Set(raw.map { $0.title.suffix(6) }) == ["seed 0", "seed 1", "seed 2", "raw"])
        for stage in raw {
            let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
            #expect((payload.seed == nil) == (stage.title == "raw"))
        }
    }

    @Test("trials that differ in the test scenes alone share scenes for training and pretraining")
    func sharedPretraining() throws {
        let plan = try plan(
            """
            parameters:
              rt60: [[0.1, 0.3], [0.3, 0.6]]
              evaluation_rt60: [same, [0.1, 0.3], [0.3, 0.6]]
              test_spatialisations: [1, 2]
            evaluation: [raw, probe]
            """)
        // 'same' is what the range of the training rooms is: of the six test scenes two are equal
        // to two others for each number of test spatialisations.
        #expect(
            counts(plan) == [
                "scenes": 2, "test_scenes": 4, "pretrain": 2, "raw": 8, "probe": 8,
            ])
        let noisy = try self.plan(
            "parameters: {evaluation_snr_db: [same, 10]}\nevaluation: [probe]")
        #expect(
            counts(noisy) == ["scenes": 1, "test_scenes": 2, "pretrain": 1, "probe": 2])
    }

    @Test("dependencies come before what needs them")
    func order() throws {
        let plan = try plan("parameters: {batch_size: {values: [32, 64]}}\nseeds: 2")
        var seen: Set<Digest> = []
        for stage in plan.stages {
            #expect(stage.dependencies.allSatisfy(seen.contains))
            seen.insert(stage.id)
        }
    }

    @Test("other data, another seed or another setting that matters gives another digest")
    func digests() throws {
        func pretrain(_ body: String, data: String = "data") throws -> Digest {
            let plan = try plan(body + "\nevaluation: [probe]", data: Digest(of: data))
            return try #require(plan.stages.first { $0.kind == "pretrain" }?.id)
        }
        let base = try pretrain("seeds: [0]")
        #expect(try pretrain("seeds: [0]", data: "other") != base)
        #expect(try pretrain("seeds: [1]") != base)
        #expect(try pretrain("seeds: [0]\nbase: {temperature: 0.2}") != base)
        #expect(try pretrain("seeds: [0]\nbase: {rt60: [0.1, 0.2]}") != base)
        #expect(try pretrain("seeds: [0]\nbase: {label_fraction: 0.5}") == base)
        #expect(
            try pretrain(
                "seeds: [0]\nbase: {augmentations: []}\n"
                    + "parameters: {channel_drop_probability: [0.3]}")
                == pretrain("seeds: [0]\nbase: {augmentations: []}"))
    }

    @Test("whole clips take more memory to simulate than patches, many clips more to regress on")
    func memory() throws {
        func memory(_ body: String, kind: String) throws -> Int {
            let plan = try plan(body + "\nevaluation: [raw]")
            return try #require(plan.stages.first { $0.kind == kind }).memoryBytes
        }
        let patches = try memory("base: {recording_seconds: 2.6}", kind: "scenes")
        let whole = try memory("base: {recording_seconds: [0.3, 30]}", kind: "scenes")
        // 30 s of 4 channels: 7.7 MB a thread as floats, several times.
        #expect(whole - patches > 50_000_000)
        let few = try memory("base: {spatialisations: 1}", kind: "raw")
        #expect(try memory("base: {spatialisations: 3}", kind: "raw") > few)
    }

    @Test("every setting of the schema is one that some stage depends on, and the other way round")
    func settingsOfStages() {
        let used = Set(StageKind.allCases.flatMap(\.settings))
        #expect(used == Set(TrialSchema.schema.trial.map(\.key)))
    }

    @Test("raw features know neither the weight of GCC maps nor, as a whole, patches")
    func rawSettings() throws {
        func raw(_ body: String) throws -> Int {
            try counts(plan("parameters: {\(body)}\nevaluation: [raw]"))["raw"] ?? 0
        }
        #expect(try raw("gcc_weight: [0.1, 0.2, 1]") == 1)
        #expect(try raw("patch_frames: [32, 64]") == 1)
        #expect(try raw("patch_frames: [32, 64], evaluation_unit: [patch]") == 2)
        #expect(try raw("patch_frames: [32, 64], source_motion: [arc]") == 2)
        #expect(try raw("mel_bands: [32, 64]") == 2)
    }

    @Test("settings of augmentations that came later are in payloads only where they say something")
    func laterSettings() throws {
        func pretraining(_ text: String) throws -> [(id: Digest, payload: String)] {
            try plan(text + "\nevaluation: [probe]").stages.filter { $0.kind == "pretrain" }
                .map { ($0.id, $0.payload) }
        }
        let plain = try pretraining("base: {temperature: 0.2}")
        #expect(!plain[0].payload.contains("frequency_shift"))
        let shifted = try pretraining(
            """
            base: {augmentations: [frequency_shift]}
            parameters: {frequency_shift_bands: [4, 2]}
            """)
        #expect(shifted.count == 2 && shifted[0].id != shifted[1].id)
        #expect(!shifted[0].payload.contains("frequency_shift_bands"))
        #expect(shifted[1].payload.contains(#""frequency_shift_bands":2"#))
        #expect(try pretraining("base: {augmentations: [frequency_shift]}")[0].id == shifted[0].id)
    }

    @Test("the paper's four are the default, all, and what designs over sets are about")
    func standingAugmentations() throws {
        func pretraining(_ text: String) throws -> Set<Digest> {
            let plan = try plan(text + "\nseeds: [0]\nevaluation: [probe]")
            return Set(plan.stages.filter { $0.kind == "pretrain" }.map(\.id))
        }
        let plain = try pretraining("base: {temperature: 0.1}")
        #expect(try pretraining("base: {augmentations: all}") == plain)
        #expect(
            try pretraining(
                "base: {augmentations: [mixup, channel_drop, random_resized_crop, channel_swap]}")
                == plain)
        #expect(try pretraining("design: powerset").count == 16)
        #expect(
            try pretraining(
                "design: powerset\nparameters: {augmentations: [mixup, frequency_shift]}"
            ).count == 4)
    }

    @Test("what probes are always asked for is no part of digests; more is, for probes alone")
    func probeTargets() throws {
        func stages(_ body: String) throws -> [String: Digest] {
            let evaluation = "\nevaluation: [mean, raw, random, probe, finetune, scratch]"
            return Dictionary(
                uniqueKeysWithValues: try plan(body + evaluation).stages.map { ($0.kind, $0.id) })
        }
        let plain = try stages("base: {temperature: 0.2}")
        #expect(try stages("base: {temperature: 0.2, probe_targets: [azimuth, class]}") == plain)
        let asked = try stages("base: {temperature: 0.2, probe_targets: all}")
        #expect(
            Set(plain.keys.filter { plain[$0] != asked[$0] }) == ["mean", "raw", "random", "probe"])
    }

    @Test("versions are of kinds: one rises with its own results")
    func versions() {
        let versions = Dictionary(
            uniqueKeysWithValues: StageKind.allCases.map { ($0.rawValue, $0.version) })
        #expect(
            versions == [
                "scenes": 1, "test_scenes": 1, "pretrain": 2, "finetune": 3, "scratch": 3,
                "probe": 4, "random": 4, "raw": 4, "mean": 1,
                // What is judged on another split is the same algorithm.
                "probe_validation": 4, "finetune_validation": 3, "scratch_validation": 3,
            ])
    }
}
