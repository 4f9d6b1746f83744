import Foundation
import MCSimCLRStudy
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("A plan refuses what cannot run")
struct PlanCheckTests {
    /// The faults that planning a file finds, a line each without the file's name.
    private func faults(_ body: String, overrides: [String] = []) throws -> [String] {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let file = folder.url.appending(path: "x.yaml")
        try Data(body.utf8).write(to: file)
        do {
            _ = try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
            return []
        } catch let error as SweepFaults {
            return error.faults.map { $0.description.replacing(file.path + ":", with: "") }
        }
    }

    private static let data = "data: {clips: 100, classes: 4}\n"

    @Test(
        "with the line and the setting",
        arguments: [
            (
                "base: {mel_bands: 64, feature_pooling: 3}",
                "2:40: feature_pooling is 3, but blocks of 3 do not divide the 64 mel bands; "
                    + "write 1, 2, 4, 8"
            ),
            (
                "base:\n  encoder: {kernel_size: 4}",
                "3:12: encoder.kernel_size is 4, but must be 1, 3, 5 or 7"
            ),
            (
                "base: {encoder: {kernel_size: 9}}",
                "2:31: encoder.kernel_size is 9, but must be a whole number from 1 to 7"
            ),
            (
                "parameters: {patch_frames: [64, 8], feature_pooling: [1, 2]}",
                "2:33: patch_frames is 8, which feature_pooling 2 leaves 4 frames of, but the encoder "
                    + "needs 8; raise patch_frames to at least 16, or lower feature_pooling"
            ),
            (
                "base: {mel_bands: 16}",
                "2:19: mel_bands is 16, which feature_pooling 1 leaves 16 bins of, but the encoder "
                    + "needs 32; raise mel_bands to at least 32, or lower feature_pooling"
            ),
            (
                "base: {mel_bands: 256}",
                "2:19: mel_bands is 256, but band 5 of 256 would lie between two frequencies of the "
                    + "transform of 512 samples and hold none; write fewer"
            ),
            (
                "base: {lag_spacing: 4, mel_bands: 136}",
                "2:21: lag_spacing is 4 and mel_bands is 136, so that the largest of as many lags is "
                    + "270 samples, but half the transform's 512 is the most; lower one of them"
            ),
            (
                "base: {source_motion: line, source_speed: 10, recording_seconds: 20}",
                "2:43: source_speed is [10, 10] m/s for recordings of 20 s, but no room of 3 to 10 m "
                    + "has space for such a way; lower source_speed or recording_seconds"
            ),
            (
                "base: {probe_targets: [azimuth, distance]}",
                "2:23: probe_targets is [azimuth, distance], but every probe says class and azimuth; "
                    + "name class too"
            ),
            (
                "base: {probe_targets: [distance]}",
                "2:23: probe_targets is [distance], but every probe says class and azimuth; "
                    + "name class and azimuth too"
            ),
            (
                "parameters: {labels_per_class: [4, 15, all]}",
                "2:36: labels_per_class is 15, but no class has more than 15 clips for training: "
                    + "nothing is left out; write all"
            ),
            (
                "metrics: [error, distance_error]\nbase: {probe_targets: [class, azimuth, rt60]}",
                "3:23: probe_targets is [class, azimuth, rt60], but the file asks for "
                    + "distance_error; name distance too, or write all"
            ),
            (
                "base: {spatial_negatives: 4}",
                "2:27: spatial_negatives is 4, but each clip is heard in 3 rooms; lower it to 3, or "
                    + "raise spatialisations"
            ),
            (
                "base: {batch_size: 512, spatialisations: 2}",
                "2:20: batch_size is 512, but there are 120 recordings for pretraining (60 clips, "
                    + "each in 2 rooms); lower batch_size, or raise spatialisations"
            ),
            (
                "base: {recording_seconds: 1}",
                "2:27: patch_frames is 64, but the shortest recording lasts 1 s, which "
                    + "is 49 frames; lower patch_frames, or raise recording_seconds"
            ),
        ])
    func refused(body: String, message: String) throws {
        #expect(try faults(Self.data + body) == [message])
    }

    @Test(
        "figures of quantities that no probe is asked for are a fault of the file, also in tuning")
    func unasked() throws {
        let message =
            "x.yaml: probe_targets is [class, azimuth], but the file asks for rt60_error; name rt60 "
            + "too, or write all"
        let found = try faults(Self.data + "metrics: [rt60_error]")
        #expect(found.count == 1 && message.hasSuffix(found[0]), "\(found)")
        #expect(try faults(Self.data + "metrics: [rt60_error]\nbase: {probe_targets: all}").isEmpty)
        let tuned = try faults(
            Self.data
                + "tune: {parameters: {temperature: [0.1, 0.2]}, metric: probe_validation_rt60_error}"
        )
        #expect(tuned.contains { $0.contains("asks for probe_validation_rt60_error") }, "\(tuned)")
    }

    @Test("classes that overlap are counted in every split")
    func overlap() throws {
        #expect(
            try faults(
                "data: {clips: 100, classes: 2}\nbase: {batch_size: 16}\n"
                    + "parameters: {overlap: [1, 2, 3]}") == [
                    "3:30: overlap is 3, but 2 classes have clips for training, and sources that "
                        + "sound at once are of different classes; lower overlap, or give that split "
                        + "clips of more classes"
                ])
    }

    @Test("what an evaluation does not do is not held against it; what is excluded neither")
    func unaffected() throws {
        let small = "data: {clips: 100, classes: 4}\n"
        #expect(
            try faults(
                small
                    + "base: {encoder: {kernel_size: 4}, batch_size: 4000, recording_seconds: 1}\n"
                    + "evaluation: [raw]"
            ).isEmpty)
        #expect(try faults(small + "base: {batch_size: 4000}\nevaluation: [scratch]").isEmpty)
        #expect(
            try faults(
                small + "base: {recording_seconds: 1, evaluation_unit: patch}\nevaluation: [raw]"
            ).count == 1)
        #expect(
            try faults(
                small + "parameters: {feature_pooling: [1, 3], temperature: [0.1, 0.2]}\n"
                    + "exclude: {feature_pooling: 3}"
            ).isEmpty)
        // An override is where the fault is.
        #expect(
            try faults(small + "base: {feature_pooling: 2}", overrides: ["feature_pooling=3"]) == [
                "-S feature_pooling=3: feature_pooling is 3, but blocks of 3 do not divide the 64 mel "
                    + "bands; write 1, 2, 4, 8"
            ])
    }

    @Test("one of two excluded combinations does not hide the other that runs")
    func exclusionsOfChecks() throws {
        #expect(
            try faults(
                Self.data + "parameters: {temperature: [0.1, 0.2], feature_pooling: [1, 3]}\n"
                    + "exclude: {feature_pooling: 3, temperature: 0.1}"
            ).count == 1)
    }
}
