import Digests
import MCSimCLRStudy
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

/// Every setting is varied by itself through the whole program, and the results that change are
/// those that it should change by what it means, as written down here, whatever the code declares.
@Suite("What a setting reaches", .serialized)
struct SettingsReachTests {
    /// What looks at no recording is another matter (``withoutLooking``).
    private static let everything = Set(StageKind.onTest).subtracting([.mean])
    private static let scenes: Set = [StageKind.scenes, .testScenes]
    private static let evaluations: Set = [StageKind.raw, .random, .probe, .finetune, .scratch]
    private static let pretrained: Set = [StageKind.pretrain, .probe, .finetune]
    private static let networks = pretrained.union([.random, .scratch])
    private static let supervised: Set = [StageKind.finetune, .scratch]

    /// The second value of each setting (the first is that of `text`), and what it changes.
    private static let effects: [(key: String, value: String, changes: Set<StageKind>)] = [
        ("array", "tetrahedral", everything),
        ("microphones", "3", everything),
        ("array_diameter", "0.2", everything),
        ("simulation", "hybrid", everything),
        ("noise", "diffuse", everything),
        ("overlap", "2", everything),
        ("source_motion", "arc", everything),
        ("recording_seconds", "2.2", everything),
        ("scene_seed", "5", everything),
        ("rt60", "0.25", everything),
        ("snr_db", "3", everything),
        ("spatialisations", "3", everything.subtracting([.testScenes])),
        ("evaluation_rt60", "0.3", evaluations.union([.testScenes])),
        ("evaluation_snr_db", "0", evaluations.union([.testScenes])),
        ("test_spatialisations", "2", evaluations.union([.testScenes])),
        ("evaluation_unit", "patch", evaluations),
        ("gcc_weight", "1", networks),
        ("mel_bands", "80", networks.union([.raw])),
        ("lag_spacing", "0.5", networks.union([.raw])),
        ("feature_pooling", "1", networks.union([.raw])),
        ("patch_frames", "48", networks),
        ("encoder", "{channels: [3, 4, 4], recurrent_units: 4}", networks),
        ("projection", "[32, 16]", pretrained),
        ("augmentations", "[mixup]", pretrained),
        ("channel_drop_probability", "0.5", pretrained),
        ("channel_swap_mode", "permutations", pretrained),
        ("channel_swap_views", "one", pretrained),
        ("mixup_level", "-10", pretrained),
        ("crop_time", "0.3", pretrained),
        ("crop_frequency", "0.3", pretrained),
        ("crop_lags", "true", pretrained),
        ("pretraining_steps", "7", pretrained),
        ("batch_size", "6", pretrained),
        ("temperature", "0.5", pretrained),
        ("learning_rate", "0.01", pretrained),
        ("warm_up_fraction", "0.5", pretrained),
        ("spatial_negatives", "2", pretrained),
        ("label_fraction", "0.3", evaluations),
        ("labels_per_class", "2", evaluations),
        ("finetuning_steps", "5", supervised),
        ("finetuning_batch_size", "6", supervised),
        ("finetuning_learning_rate", "0.02", supervised),
        ("finetuning_encoder_rate", "0.3", [.finetune]),
        ("finetuning_heads", "random", [.finetune]),
        ("finetuning_statistics", "kept", [.finetune]),
        ("finetuning_augmentations", "[channel_drop]", supervised),
        ("finetuning_weight_decay", "1", supervised),
        ("azimuth_weight", "10", supervised),
        ("probe_targets", "[class, azimuth, distance]", [.raw, .random, .probe]),
    ]

    /// Those of augmentations that a file must name to have.
    private static let laterEffects: [(key: String, value: String, changes: Set<StageKind>)] = [
        ("frequency_shift_bands", "2", pretrained),
        ("time_frequency_mask_count", "3", pretrained),
        ("time_frequency_mask_time", "0.5", pretrained),
        ("time_frequency_mask_frequency", "0.5", pretrained),
    ]

    private static let base = [
        "encoder": "{channels: [4, 4, 4], recurrent_units: 4}",
        "projection": "[16, 8]",
        "feature_pooling": "2",
        "pretraining_steps": "6",
        "finetuning_steps": "4",
        "finetuning_batch_size": "8",
        // The best of so few steps is often the first state, which most settings do not change.
        "finetuning_selection": "last",
        "batch_size": "8",
        "recording_seconds": "2",
        "spatialisations": "2",
        "test_spatialisations": "1",
        "rt60": "0.15",
        "source_speed": "0.1",
    ]

    /// - Parameter varied: settings with their second values.
    private static func sweep(
        _ settings: [String: String], varied: [(key: String, value: String)], seeds: String = "[0]"
    ) -> String {
        func lines(_ lines: [String]) -> String { lines.map { "  \($0)\n" }.joined() }
        let standing = Dictionary(
            uniqueKeysWithValues: TrialSchema.schema.trial.map {
                ($0.key, $0.defaultValue.canonicalJSON)
            })
        // A speed at rest would be said in vain.
        let moves =
            settings["source_motion"] != nil || varied.contains { $0.key == "source_motion" }
        let settings = settings.filter { moves || $0.key != "source_speed" }
        return """
            name: tiny
            data: {source: builtin, clips: 20, classes: 3}
            base:
            \(lines(settings.map { "\($0): \($1)" }.sorted()))
            design: one_factor
            baseline: {scene_seed: 0}
            parameters:
            \(lines(varied.map { "\($0): [\(settings[$0] ?? standing[$0] ?? "null"), \($1)]" }))
            seeds: \(seeds)
            """
    }

    @Test("each setting changes the results that it is about, and no others")
    func oneAtATime() throws {
        let folder = try TemporaryFolder()
        let found = try TinySweep(
            Self.sweep(Self.base, varied: Self.effects.map { ($0.key, $0.value) }), in: folder,
            workers: 2)
        #expect(found.trials.allSatisfy { $0.reason == nil })
        try #require(found.trials.count == Self.effects.count + 1)
        let plain = found.findings(ofTrial: 0)
        #expect(Set(plain.keys) == Self.everything)
        for (index, effect) in Self.effects.enumerated() {
            let other = found.findings(ofTrial: index + 1)
            let changed = Self.everything.filter { plain[$0] != other[$0] }
            #expect(changed == effect.changes, "\(effect.key) changes \(changed)")
        }
    }

    @Test(
        "rooms of their own for the test keep it from the training's; moving sources have a speed")
    func ownTestRooms() throws {
        let folder = try TemporaryFolder()
        let own = [
            "evaluation_rt60": "0.1", "snr_db": "20", "evaluation_snr_db": "15",
            "source_motion": "line", "recording_seconds": "1.4", "spatialisations": "1",
        ]
        let found = try TinySweep(
            Self.sweep(
                Self.base.merging(own) { $1 },
                varied: [("rt60", "0.1"), ("snr_db", "3"), ("source_speed", "0.2")]
            ).replacing("scene_seed: 0", with: "rt60: 0.15"), in: folder)
        let plain = found.findings(ofTrial: 0)
        func changed(_ trial: Int) -> Set<StageKind> {
            let other = found.findings(ofTrial: trial)
            return Self.everything.filter { plain[$0] != other[$0] }
        }
        #expect(changed(1) == Self.everything.subtracting([.testScenes]))
        #expect(changed(2) == Self.everything.subtracting([.testScenes]))
        #expect(changed(3) == Self.everything)
    }

    @Test("settings of augmentations that came later change what is learnt")
    func laterAugmentations() throws {
        let folder = try TemporaryFolder()
        let own = ["augmentations": "[frequency_shift, time_frequency_mask]"]
        let found = try TinySweep(
            Self.sweep(
                Self.base.merging(own) { $1 },
                varied: Self.laterEffects.map { ($0.key, $0.value) }
            ).replacing("scene_seed: 0", with: "frequency_shift_bands: 4"), in: folder)
        try #require(found.trials.count == Self.laterEffects.count + 1)
        let plain = found.findings(ofTrial: 0)
        for (index, effect) in Self.laterEffects.enumerated() {
            let other = found.findings(ofTrial: index + 1)
            let changed = Self.everything.filter { plain[$0] != other[$0] }
            #expect(changed == effect.changes, "\(effect.key) changes \(changed)")
        }
    }

    @Test(
        "what looks at no recording changes with the truth alone: rooms, directions, what is judged"
    )
    func withoutLooking() throws {
        let folder = try TemporaryFolder()
        let varied = [
            ("noise", "diffuse", false), ("mel_bands", "80", false), ("rt60", "0.25", true),
            ("scene_seed", "5", true), ("evaluation_unit", "patch", true),
            ("probe_targets", "[class, azimuth]", true),
        ]
        let found = try TinySweep(
            Self.sweep(
                Self.base.merging(["probe_targets": "all"]) { $1 },
                varied: varied.map { ($0.0, $0.1) }) + "\nevaluation: [mean]\n", in: folder)
        #expect(found.trials.allSatisfy { $0.reason == nil })
        // What no evaluation reads makes no row: a map's bands.
        let rows = varied.filter { $0.0 != "mel_bands" }
        try #require(found.trials.count == rows.count + 1)
        let plain = try #require(found.findings(ofTrial: 0)[.mean])
        for (index, row) in rows.enumerated() {
            let other = found.findings(ofTrial: index + 1)[.mean]
            #expect((other != plain) == row.2, "\(row.0)")
        }
    }

    @Test("every setting of the schema is varied here")
    func complete() {
        let varied =
            (Self.effects + Self.laterEffects).map(\.key) + [
                "source_speed", "finetuning_selection", "finetuning_checks",
            ]
        #expect(varied.sorted() == TrialSchema.schema.trial.map(\.key).sorted())
    }

    @Test("another seed is another training and another start, in the same rooms")
    func seeds() throws {
        let folder = try TemporaryFolder()
        let text = Self.sweep(Self.base, varied: [("scene_seed", "1")], seeds: "[3, 4]")
        let found = try TinySweep(text, in: folder)
        try #require(found.trials.map(\.seed) == [3, 4, 3, 4])
        let (one, other) = (found.findings(ofTrial: 0), found.findings(ofTrial: 1))
        #expect(Self.everything.filter { one[$0] != other[$0] } == Self.networks)
    }

    @Test("a stage is another one exactly where its results can be others")
    func digests() throws {
        func digests(_ settings: [String: String]) throws -> [StageKind: Digest] {
            let text = Self.sweep(settings, varied: [("scene_seed", "1")])
            let plan = try SweepFile.parse(
                text, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema
            ).expand()
            let stages = StagePlan(
                plan, study: BuiltinStudy(), prepared: StandIn(Digest(of: "data"), clips: [:]))
            return Dictionary(
                uniqueKeysWithValues: stages.trials[0].stages.compactMap { digest in
                    stages[digest].flatMap { StageKind(rawValue: $0.kind) }.map { ($0, digest) }
                })
        }
        let plain = try digests(Self.base)
        for effect in Self.effects where effect.key != "scene_seed" {
            let other = try digests(Self.base.merging([effect.key: effect.value]) { $1 })
            let changed = Self.everything.filter { plain[$0] != other[$0] }
            #expect(changed == effect.changes, "\(effect.key): \(changed)")
        }
    }
}
