import Acoustics
import AudioFeatures
import NeuralNetwork
import Randomness
import SoundData
import Sweeps

// MARK: Settings that no stage could run with

extension TrialSchema {
    /// What must hold of the settings of a row before anything runs. Later checks take for granted
    /// what earlier ones found.
    static let checks =
        [
            SettingCheck(reading: ["array", "microphones"], arrayConflict),
            SettingCheck(reading: ["array", "overlap", "source_motion"], dataConflict),
            SettingCheck(reading: ["probe_targets"], targetConflict),
            SettingCheck(reading: ["evaluation_unit", "source_motion"], embeddingConflict),
        ] + [featureCheck, encoderCheck, roomCheck, negativesCheck]

    private static let arrayKeys = ["array", "microphones", "array_diameter"]

    /// Maps that the extractor would refuse.
    private static let featureCheck = SettingCheck(
        reading: arrayKeys + ["mel_bands", "lag_spacing", "feature_pooling"]
    ) { row in
        do {
            try TrialSettings(row.settings).features.validate()
            return nil
        } catch let error as AudioFeaturesError {
            return conflict(of: error, in: row.settings)
        } catch {
            return SettingConflict(key: "mel_bands", message: "\(error)")
        }
    }

    private static func conflict(
        of error: AudioFeaturesError, in settings: [String: SettingValue]
    ) -> SettingConflict {
        func text(_ key: String) -> String { "\(key) is \(settings[key]?.description ?? "none")" }
        switch error {
        case .pooling(_, let bins, let bands):
            let fitting = (1...8).filter { bands % $0 == 0 }.map(String.init)
            return SettingConflict(
                key: "feature_pooling", others: ["mel_bands"],
                message: "\(text("feature_pooling")), but blocks of \(bins) do not divide the "
                    + "\(bands) mel bands; write \(fitting.joined(separator: ", "))")
        case .emptyMelBand(let band, let bands, let length):
            return SettingConflict(
                key: "mel_bands",
                message: "\(text("mel_bands")), but band \(band) of \(bands) would lie between two "
                    + "frequencies of the transform of \(length) samples and hold none; write fewer"
            )
        case .lagRange(let largest, let length):
            return SettingConflict(
                key: "lag_spacing", others: ["mel_bands", "array"],
                message:
                    "\(text("lag_spacing")) and \(text("mel_bands")), so that the largest of as "
                    + "many lags is \(SettingValue.number(largest)) samples, but half the "
                    + "transform's \(length) is the most; lower one of them")
        default: return SettingConflict(key: "mel_bands", message: error.description)
        }
    }

    /// Encoders that cannot be made, or that pool all of a patch away.
    private static let encoderCheck = SettingCheck(
        reading: arrayKeys + ["encoder", "patch_frames", "feature_pooling", "mel_bands"]
    ) { row in
        guard row.evaluations.contains(where: { $0 != StageKind.raw.rawValue }) else { return nil }
        let encoder = TrialSettings(row.settings).encoder
        do {
            try encoder.validate()
            return nil
        } catch let error as NeuralNetworkError {
            return conflict(of: error, encoder, in: row.settings)
        } catch {
            return SettingConflict(key: "encoder", message: "\(error)")
        }
    }

    private static func conflict(
        of error: NeuralNetworkError, _ encoder: CRNNConfiguration,
        in settings: [String: SettingValue]
    ) -> SettingConflict {
        func integer(_ key: String) -> Int { settings[key]?.integer ?? 0 }
        let pooling = integer("feature_pooling")
        switch error {
        case .evenKernel(let size), .badSize(name: "kernelSize", value: let size, range: _):
            return SettingConflict(
                key: "encoder",
                message: "encoder.kernel_size is \(size), but must be 1, 3, 5 or 7")
        case .mapVanishes:
            let frames = encoder.pools.reduce(1) { $0 * $1[0] }
            let bins = encoder.pools.reduce(1) { $0 * $1[1] }
            if encoder.frames < frames {
                return SettingConflict(
                    key: "patch_frames", others: ["feature_pooling"],
                    message: "patch_frames is \(integer("patch_frames")), which feature_pooling "
                        + "\(pooling) leaves \(encoder.frames) frames of, but the encoder needs "
                        + "\(frames); raise patch_frames to at least \(frames * pooling), or lower "
                        + "feature_pooling")
            }
            return SettingConflict(
                key: "mel_bands", others: ["feature_pooling"],
                message: "mel_bands is \(integer("mel_bands")), which feature_pooling \(pooling) "
                    + "leaves \(encoder.bins) bins of, but the encoder needs \(bins); raise "
                    + "mel_bands to at least \(bins * pooling), or lower feature_pooling")
        default: return SettingConflict(key: "encoder", message: "encoder: \(error)")
        }
    }

    /// Ways of moving sources for which no room has space. Scenes are drawn as a bank draws them, at the
    /// shortest reverberation, which small rooms alone can have. Sources at rest always find a place:
    /// the ranges of arrays and times that a file may have see to it.
    private static let roomCheck = SettingCheck(
        reading: arrayKeys + [
            "rt60", "evaluation_rt60", "overlap", "source_motion", "source_speed",
            "recording_seconds",
        ]
    ) { row in
        guard !recordedSources.contains(row.data["source"]?.text ?? ""), moves(row.settings)
        else { return nil }
        let settings = TrialSettings(row.settings)
        for (bank, key) in [(settings.bank, "rt60"), (settings.testBank, "evaluation_rt60")] {
            var scene = bank.scene
            let shortest = scene.reverberationTime.lowerBound
            scene.reverberationTime = shortest...shortest
            do {
                for index in 0..<8 {
                    var stream = Stream(0, "scenes of a plan", index)
                    _ = try Scene.draw(scene, array: bank.array, using: &stream)
                }
            } catch AcousticsError.sourceDoesNotFit {
                return SettingConflict(
                    key: "source_speed", others: ["recording_seconds", "source_motion"],
                    message: "source_speed is \(text(scene.sourceSpeed)) m/s for recordings of "
                        + "\(SettingValue.number(bank.maximumSeconds)) s, but no room of 3 to 10 m "
                        + "has space for such a way; lower source_speed or recording_seconds")
            } catch {
                return SettingConflict(key: key, message: "\(key): \(error)")
            }
        }
        return nil
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        SettingValue.list([.number(range.lowerBound), .number(range.upperBound)]).description
    }

    /// More spatialisations of a clip in a batch than there are.
    private static let negativesCheck = SettingCheck(
        reading: ["spatial_negatives", "spatialisations"]
    ) { row in
        let isRecorded = recordedSources.contains(row.data["source"]?.text ?? "")
        let wanted = row.settings["spatial_negatives"]?.integer ?? 1
        let count = isRecorded ? 1 : row.settings["spatialisations"]?.integer ?? 1
        guard StageKind.needed(for: row.evaluations).contains(.pretrain), wanted > count else {
            return nil
        }
        return SettingConflict(
            key: "spatial_negatives", others: ["spatialisations"],
            message: "spatial_negatives is \(wanted), but each clip is heard in \(count) "
                + (count == 1 ? "room" : "rooms") + "; lower it to \(count)"
                + (isRecorded ? "" : ", or raise spatialisations"))
    }
}
