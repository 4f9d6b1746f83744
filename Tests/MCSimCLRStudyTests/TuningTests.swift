import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import ResultsStore
import SoundData
import Studies
import Sweeps
import TestSupport
import Testing

import struct Randomness.Stream

/// Rows choose on the validation split; what is in the test split cannot reach their choice.
@Suite("Tuning and the test split", .serialized)
struct TuningTests {
    /// What tuning has run, and what rows chose.
    private struct Found: Equatable {
        /// By the stage's digest: what it measured and predicted.
        var stages: [Digest: String] = [:]
        var choices: [String?] = []
        /// Of the sweep itself.
        var evaluations: Set<Digest> = []
        var stagesRun = 0
    }

    private static func sweep(_ metric: String, parameters: String) -> String {
        """
        name: tiny
        base:
          encoder: {channels: [8, 8, 8], recurrent_units: 8}
          projection: [16, 8]
          feature_pooling: 2
          pretraining_steps: 6
          finetuning_steps: 4
          finetuning_batch_size: 8
          batch_size: 8
          recording_seconds: 1.5
          spatialisations: 2
          test_spatialisations: 1
          rt60: 0.1
        parameters: {augmentations: [[], [mixup]]}
        seeds: [1]
        evaluation: [probe, finetune, scratch]
        tune: {points: 2, metric: \(metric), parameters: \(parameters)}

        """
    }

    /// Four clips of each of three classes to train on, two to validate and two to test.
    private static func write(_ folder: URL, changed: Split?) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var manifest = "path,label,split\n"
        let counts = [(Split.training, 4), (.validation, 2), (.test, 2)]
        for label in 0..<3 {
            for (split, clips) in counts {
                for clip in 0..<clips {
                    var stream = Stream(
                        split == changed ? 2 : 1, "clip \(split.rawValue)", label, clip)
                    var last = 0.0
                    let samples = (0..<24_000).map { _ in
                        last = Double(label) * 0.4 * last + stream.normal()
                        return Float(0.05 * last)
                    }
                    let path = "\(label)-\(split.rawValue)-\(clip).wav"
                    manifest += "\(path),class \(label),\(split.rawValue)\n"
                    let file = folder.appending(path: path)
                    // A file says when it was written: one that stays is not written again.
                    if split != changed, FileManager.default.fileExists(atPath: file.path) {
                        continue
                    }
                    try SoundFile.write(samples, sampleRate: 16_000, to: file)
                }
            }
        }
        try Data(manifest.utf8).write(to: folder.appending(path: "manifest.csv"))
    }

    private func tune(
        _ text: String, changed: Split? = nil, in folder: TemporaryFolder
    ) throws -> (Found, SweepSession) {
        NumericBackend.prepare()
        let sounds = folder.url.appending(path: "sounds")
        try Self.write(sounds, changed: changed)
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(
            (text + "data: {source: manifest, path: \(sounds.path)/manifest.csv}\n").utf8
        ).write(to: file)
        let session = try SweepSession(path: file.path, overrides: [], catalogue: .builtin)
        let tuning = try #require(session.tuning)
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        let study = try StudyRun(tuning, layout: layout, store: store.read)
        let limits = StudyRun.Limits(workers: 2, memory: 1 << 30, build: "test")
        let summary = try study.prepared(
            .init(study.registration.trials), limits, observer: Silence()
        ).run()
        var found = Found(stagesRun: summary.stagesRun)
        for trial in try store.trials(of: study.name) {
            #expect(trial.status == .finished, "\(trial.reason ?? "")")
            for digest in try store.stages(ofTrial: trial.digest) {
                let stage = try store.stage(digest)
                found.stages[digest] =
                    "\(stage.kind) \(stage.metrics.sorted { $0.key < $1.key }) \(stage.details)"
            }
        }
        let tuned = try #require(
            try session.tuned(by: study.name, of: tuning, in: store))
        found.choices = session.plan.rows.map { tuned.choice(ofRow: $0.label) }
        found.evaluations = Set(tuned.stages.stages.map(\.id))
        return (found, tuned)
    }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }

    @Test(
        "other test clips change neither its stages nor its choice, other validation clips do",
        arguments: [
            ("probe_validation_error", "{temperature: [0.05, 0.1, 0.5, 1]}"),
            ("finetune_validation_accuracy", "{finetuning_learning_rate: {min: 0.001, max: 0.1}}"),
            ("scratch_validation_error", "{finetuning_learning_rate: {min: 0.001, max: 0.1}}"),
        ])
    func blind(metric: String, parameters: String) throws {
        let text = Self.sweep(metric, parameters: parameters)
        let folders = try (0..<2).map { _ in try TemporaryFolder() }
        let (plain, tuned) = try tune(text, in: folders[0])
        #expect(plain.stagesRun > 2 && plain.choices.allSatisfy { $0 != nil })
        #expect(plain.stages.values.allSatisfy { !$0.hasPrefix("test_scenes") })
        #expect(tuned.plan.rows.map(\.label) == ["none", "none, tuned", "Mixup", "Mixup, tuned"])

        // In the same folder: nothing is left to run, since nothing that tuning knows has changed.
        let (test, _) = try tune(text, changed: .test, in: folders[0])
        #expect(test.stagesRun == 0)
        #expect(test.stages == plain.stages && test.choices == plain.choices)
        #expect(test.evaluations.isDisjoint(with: plain.evaluations))

        let (validation, _) = try tune(text, changed: .validation, in: folders[1])
        #expect(Set(validation.stages.keys).isDisjoint(with: plain.stages.keys))
        #expect(validation.stages.values.sorted() != plain.stages.values.sorted())
    }

    @Test("computed anew beside other test clips, it finds the same to the last bit")
    func anew() throws {
        let text = Self.sweep("probe_validation_error", parameters: "{temperature: [0.05, 1]}")
        let folders = try (0..<2).map { _ in try TemporaryFolder() }
        let (plain, _) = try tune(text, in: folders[0])
        try FileManager.default.copyItem(
            at: folders[0].url.appending(path: "sounds"),
            to: folders[1].url.appending(path: "sounds"))
        let (test, _) = try tune(text, changed: .test, in: folders[1])
        #expect(test.stagesRun == plain.stagesRun && test.stages == plain.stages)
    }

    @Test("predictions are of the validation clips, each with its label")
    func predictions() throws {
        let folder = try TemporaryFolder()
        let (found, _) = try tune(
            Self.sweep("finetune_validation_error", parameters: "{finetuning_steps: [2, 3]}"),
            in: folder)
        let store = try ResultsStore(
            readingFrom: folder.url.appending(path: "results/ablate.sqlite").path)
        var count = 0
        for digest in found.stages.keys {
            let stage = try store.stage(digest)
            guard stage.kind == "finetune_validation" else { continue }
            count += 1
            let predictions = try #require(
                try BuiltinStudy().predictions(
                    of: stage, in: store.sweep("tiny.tuning")) as? EventPredictions)
            #expect(predictions.predictions.map(\.label) == [0, 0, 1, 1, 2, 2])
            let error = try #require(stage.metrics["finetune_validation_error"])
            #expect(error == predictions.value(of: "error"))
            #expect(stage.details["probe_heads"] == nil)
        }
        #expect(count > 1)
    }

    @Test("data without a validation split cannot be tuned on")
    func noValidation() throws {
        let folder = try TemporaryFolder()
        let text =
            Self.sweep("probe_validation_error", parameters: "{temperature: [0.05, 1]}")
            + "data: {clips: 30, classes: 3, validation_fraction: 0}\n"
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(text.utf8).write(to: file)
        #expect(throws: BuiltinStudyError.noValidation(data: "built-in sound events")) {
            try SweepSession(path: file.path, overrides: [], catalogue: .builtin)
        }
    }
}
