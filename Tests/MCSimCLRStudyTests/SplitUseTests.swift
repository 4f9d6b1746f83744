import Foundation
import MCSimCLR
import MCSimCLRStudy
import ResultsStore
import SoundData
import Studies
import TestSupport
import Testing

import struct Randomness.Stream

/// The clips of one split are exchanged for others, and only that may change which the split is for.
@Suite("What each split is for", .serialized)
struct SplitUseTests {
    private static let sweep = """
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
        seeds: [1]
        """

    /// What looks at recordings at all.
    private static let learning = StageKind.onTest.filter { $0 != .mean }

    /// Four clips of each of three classes to train on, two to validate and two to test: noise whose
    /// colour is the class.
    private static func write(_ folder: URL, changed: Split?) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var manifest = "path,label,split\n"
        let counts: [(split: Split, name: String, clips: Int)] = [
            (.training, "training", 4), (.validation, "validation", 2), (.test, "test", 2),
        ]
        for label in 0..<3 {
            for (split, name, clips) in counts {
                for clip in 0..<clips {
                    var stream = Stream(split == changed ? 2 : 1, "clip \(name)", label, clip)
                    var last = 0.0
                    let samples = (0..<24_000).map { _ in
                        last = Double(label) * 0.4 * last + stream.normal()
                        return Float(0.05 * last)
                    }
                    let path = "\(label)-\(name)-\(clip).wav"
                    manifest += "\(path),class \(label),\(name)\n"
                    try SoundFile.write(
                        samples, sampleRate: 16_000, to: folder.appending(path: path))
                }
            }
        }
        try Data(manifest.utf8).write(to: folder.appending(path: "manifest.csv"))
    }

    private func run(changed: Split? = nil, in folder: TemporaryFolder) throws -> TinySweep {
        let sounds = folder.url.appending(path: "sounds")
        try Self.write(sounds, changed: changed)
        let data = "data: {source: manifest, path: \(sounds.path)/manifest.csv}\n"
        return try TinySweep(Self.sweep + "\n" + data, in: folder)
    }

    /// What is learnt in a trial: losses of all trainings, penalties of all probes.
    private func learnt(_ sweep: TinySweep, penalties: Bool) throws -> [String: String] {
        var found: [String: String] = [:]
        for kind in Self.learning {
            let stage = try #require(sweep.stage(kind))
            for (name, points) in try sweep.curves(of: kind) { found[name] = "\(points)" }
            for (name, value) in stage.metrics
            where name.hasPrefix("pretrain") || (penalties && name.contains("penalty")) {
                found[name] = "\(value)"
            }
        }
        return found
    }

    @Test("each split serves what it is there for")
    func exchanged() throws {
        let folders = try (0..<4).map { _ in try TemporaryFolder() }
        let plain = try run(in: folders[0])
        let learntOfPlain = try learnt(plain, penalties: true)
        #expect(learntOfPlain.count >= 12, "\(learntOfPlain.keys)")
        let found = plain.findings(ofTrial: 0)

        // Test clips: everything is learnt as before, and every prediction is another.
        let test = try run(changed: .test, in: folders[1])
        #expect(try learnt(test, penalties: true) == learntOfPlain)
        let ofTest = test.findings(ofTrial: 0)
        #expect(
            Self.learning.filter { ofTest[$0] != found[$0] }
                == [.testScenes, .probe, .finetune, .random, .scratch, .raw])

        // Validation clips: penalties may change, and with them probes and what fine-tuning begins
        // with; of training from scratch which state is taken, but no step.
        let validation = try run(changed: .validation, in: folders[2])
        let (steps, ofPlain) = (
            try learnt(validation, penalties: false), try learnt(plain, penalties: false)
        )
        for name in ["pretrain_loss", "positive_similarity", "negative_similarity", "scratch_loss"]
        {
            #expect(try #require(steps[name]) == ofPlain[name], "\(name)")
        }
        for name in ["finetune_checked_error", "scratch_checked_error"] {
            #expect(try #require(steps[name]) != ofPlain[name], "\(name)")
        }
        let ofValidation = validation.findings(ofTrial: 0)
        for kind in [StageKind.testScenes, .pretrain] {
            #expect(ofValidation[kind] == found[kind], "\(kind)")
        }

        // Training clips: nothing stays but the test scenes.
        let training = try run(changed: .training, in: folders[3])
        let ofTraining = training.findings(ofTrial: 0)
        #expect(
            Self.learning.filter { ofTraining[$0] == found[$0] } == [.testScenes])
    }

    @Test("predictions are of the test clips, each with its label, once a spatialisation")
    func predictions() throws {
        let folder = try TemporaryFolder()
        let sweep = try run(in: folder)
        for kind in [StageKind.raw, .random, .probe, .finetune, .scratch] {
            let stage = try #require(sweep.stage(kind))
            let text = try #require(stage.details["\(kind.rawValue)_predictions"])
            let predictions = try #require(PackedPredictions.predictions(in: text))
            // Clips stand in the order of their names: eight of a class, the first two for the test.
            #expect(predictions.map(\.clip) == [0, 1, 8, 9, 16, 17])
            #expect(predictions.map(\.label) == [0, 0, 1, 1, 2, 2])
            let right = predictions.filter { $0.label == $0.predictedLabel }.count
            let accuracy = try #require(stage.metrics["\(kind.rawValue)_accuracy"])
            #expect(abs(accuracy - 100 * Double(right) / 6) < 1e-9)
        }
    }

    @Test("a pretraining's curves are its own: losses step by step, shares of similar pairs")
    func curves() throws {
        let folder = try TemporaryFolder()
        let sweep = try run(in: folder)
        let stage = try #require(sweep.stage(.pretrain))
        let curves = try sweep.curves(of: .pretrain)
        let losses = try #require(curves["pretrain_loss"])
        #expect(losses.map(\.step) == [1, 2, 3, 4, 5, 6])
        #expect(losses.last?.value == stage.metrics["pretrain_loss"])
        for kind in [StageKind.finetune, .scratch] {
            let own = try sweep.curves(of: kind)
            let loss = try #require(own["\(kind.rawValue)_loss"])
            #expect(loss.map(\.step) == [1, 2, 3, 4] && loss.allSatisfy { $0.value > 0 })
            // All are curves over steps, and so are shown and exported: looks at the validation split too.
            let names = ["loss", "checked_accuracy", "checked_error"].map {
                "\(kind.rawValue)_\($0)"
            }
            #expect(own.keys.sorted() == names.sorted())
            #expect(BuiltinStudy().curvesOfTraining(among: own).map(\.name) == names)
        }
        #expect(BuiltinStudy().curvesOfTraining(among: curves).map(\.name) == ["pretrain_loss"])
        for name in ["positive_similarity", "negative_similarity"] {
            let shares = try #require(curves[name])
            #expect(shares.count == 40)
            #expect(abs(shares.reduce(0) { $0 + $1.value } - 1) < 1e-9)
            // A bin is 0.05 wide.
            let mean = shares.reduce(0) { $0 + $1.value * ((Double($1.step) + 0.5) / 20 - 1) }
            #expect(abs(mean - (try #require(stage.metrics[name]))) < 0.026, "\(name)")
        }
        #expect(
            try #require(stage.metrics["positive_similarity"])
                > #require(stage.metrics["negative_similarity"]))
    }
}
