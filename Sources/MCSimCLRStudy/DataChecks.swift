import Acoustics
import AudioFeatures
import MCSimCLR
import Platform
import SoundData
import Sweeps

/// Settings of a plan's rows that the data set at hand has too little for: found before anything runs.
struct DataChecks {
    private let plan: SweepPlan
    private let dataSet: SoundDataSet
    private let rooms: SweepRooms
    private let kinds: Set<StageKind>
    /// Units: seconds.
    private let shortest: Double?

    init(_ plan: SweepPlan, _ dataSet: SoundDataSet, _ rooms: SweepRooms) {
        self.plan = plan
        self.dataSet = dataSet
        self.rooms = rooms
        kinds = StageKind.needed(for: plan.evaluation)
        shortest = dataSet.clips.map(\.seconds).min()
    }

    /// Each conflict once, with the first row that has it.
    func conflicts() -> [(conflict: SettingConflict, row: SweepRow)] {
        let keys: Set = [
            "batch_size", "spatialisations", "patch_frames", "feature_pooling",
            "recording_seconds", "overlap", "source_motion", "evaluation_unit", "array",
            "microphones", "array_diameter", "noise", "mel_bands", "lag_spacing",
            "labels_per_class",
        ]
        let positions = plan.changingPositions(of: keys)
        var seen: Set<[SettingValue]> = []
        var found: [(conflict: SettingConflict, row: SweepRow)] = []
        for row in plan.rows where seen.insert(row.values(at: positions)).inserted {
            let settings = TrialSettings(row.settings, rooms: rooms)
            let own = [batch(settings), patch(settings), overlap(settings), labels(settings)]
                .compactMap { $0 }
            for conflict in own + rooms.conflicts(settings)
            where !found.contains(where: { $0.conflict == conflict }) {
                found.append((conflict, row))
            }
        }
        return found
    }

    /// A batch has no recording twice.
    private func batch(_ settings: TrialSettings) -> SettingConflict? {
        guard kinds.contains(.pretrain) else { return nil }
        let clips = dataSet.clips(for: .pretraining).count
        let rooms = dataSet.isSpatial ? 1 : settings.bank.spatialisations.pretraining
        let size = settings.pretraining.optimisation.batchSize
        guard size > clips * rooms else { return nil }
        return SettingConflict(
            key: "batch_size", others: ["spatialisations"],
            message:
                "batch_size is \(size), but there are \(Count.text(clips * rooms, "recording")) for "
                + "pretraining (\(Count.text(clips, "clip"))"
                + (dataSet.isSpatial ? "" : ", each in " + Count.text(rooms, "room"))
                + "); lower batch_size" + (dataSet.isSpatial ? "" : ", or raise spatialisations"))
    }

    /// Patches are whole, whoever looks at them: nothing stands behind the end of a recording.
    private func patch(_ settings: TrialSettings) -> SettingConflict? {
        let features = settings.features
        let needsPatches = kinds.contains { !$0.makesScenes && $0 != .raw }
        guard needsPatches || settings.grid.unit == .patch, let shortest else { return nil }
        let bank = settings.bank
        let seconds = min(max(shortest, bank.minimumSeconds), bank.maximumSeconds)
        let frames = features.frames(samples: Int((seconds * Double(bank.sampleRate)).rounded()))
        let wanted = settings.pretraining.patchFrames
        guard wanted > frames else { return nil }
        let pooling = features.pooling.frames
        return SettingConflict(
            key: "patch_frames", others: ["recording_seconds", "feature_pooling"],
            message: "patch_frames is \(wanted * pooling), but the shortest recording "
                + "lasts \(SettingValue.number(seconds)) s, which is \(frames * pooling) frames; "
                + "lower patch_frames, or raise recording_seconds")
    }

    /// A limit that no class reaches makes a row that is another one's copy.
    private func labels(_ settings: TrialSettings) -> SettingConflict? {
        let clips = Dictionary(grouping: dataSet.clips(for: .training), by: \.label)
        guard let limit = settings.labels.perClass, let most = clips.values.map(\.count).max(),
            limit >= most
        else { return nil }
        return SettingConflict(
            key: "labels_per_class",
            message: "labels_per_class is \(limit), but no class has more than "
                + "\(Count.text(most, "clip")) for training: nothing is left out; write all")
    }

    /// Sources that sound at once are of different classes.
    private func overlap(_ settings: TrialSettings) -> SettingConflict? {
        let count = settings.bank.scene.sourceCount
        guard count > 1, !dataSet.isSpatial else { return nil }
        for split in Split.allCases {
            let classes = Set(dataSet.clips.filter { $0.split == split }.map(\.label))
            guard !classes.isEmpty, classes.count < count else { continue }
            return SettingConflict(
                key: "overlap",
                message: "overlap is \(count), but \(classes.count) "
                    + (classes.count == 1 ? "class has" : "classes have")
                    + " clips for \(split.rawValue), and sources that sound at once are of "
                    + "different classes; lower overlap, or give that split clips of more classes")
        }
        return nil
    }
}
