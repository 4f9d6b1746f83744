import SoundData
import Sweeps

// MARK: Which settings are read

extension TrialSchema {
    /// The settings that some of the evaluations depend on, with these data.
    static let reads: SettingsSchema.ReadingRule = { evaluations, data, common in
        var read: Set<String> = []
        for kind in evaluations.compactMap(StageKind.init) {
            var settings = Set(kind.settings)
            if kind.ignoresPatches(
                unit: common["evaluation_unit"] ?? .null, motion: common["source_motion"] ?? .null)
            {
                settings.remove("patch_frames")
            }
            read.formUnion(settings)
        }
        let isRecorded = data["source"]?.text == DataSource.tau2019.rawValue
        return isRecorded ? read.subtracting(settingsOfRooms) : read
    }

    /// What recordings of real rooms have no use for: nothing is simulated, each exists once.
    private static let settingsOfRooms: Set = [
        "rt60", "evaluation_rt60", "simulation", "snr_db", "evaluation_snr_db", "noise",
        "source_speed", "spatialisations", "test_spatialisations", "scene_seed",
    ]
}
