import MCSimCLR
import SoundData
import Sweeps

// MARK: Settings that rooms of files have no use for

extension TrialSchema {
    /// What the file of the rooms says by itself.
    private static let ofFile = [
        "array": "which has its own array", "microphones": "which has its own array",
        "array_diameter": "which has its own array", "rt60": "which decays as it does",
        "simulation": "in which nothing is simulated",
        "source_speed": "whose sources stay where they are",
    ]

    /// Checks of a file that names rooms; none for one that does not.
    static func roomChecks(_ rooms: RoomSections) -> [SettingCheck] {
        guard !rooms.isEmpty else { return [] }
        let section = rooms.rooms == nil ? "evaluation_rooms" : "rooms"
        var refused: [String: String] = [:]
        if rooms.rooms != nil { refused = ofFile }
        refused["evaluation_rt60"] = "which decays as it does"
        let (unwanted, reasons) = (refused.keys.sorted(), refused)
        return [
            SettingCheck(
                reading: unwanted + ["overlap", "source_motion", "probe_targets"]
            ) { row in
                if let source = row.data["source"]?.text, recordedSources.contains(source) {
                    return SettingConflict(
                        key: "array", others: ["array_diameter"],
                        message:
                            "\(section) is given, but the recordings of \(source) were made in rooms of "
                            + "their own; leave \(section) out")
                }
                for key in unwanted where row.given.contains(key) {
                    return SettingConflict(
                        key: key,
                        message:
                            "\(key) is \(row.settings[key]?.description ?? "given"), but \(section) names a "
                            + "file, \(reasons[key] ?? ""); leave \(key) out")
                }
                for (key, wanted) in [("overlap", "1"), ("source_motion", "still")]
                where row.settings[key]?.description != wanted {
                    return SettingConflict(
                        key: key,
                        message:
                            "\(key) is \(row.settings[key]?.description ?? "not given"), but a response of "
                            + "\(section) is of one source, which stays where it is; leave \(key) out"
                    )
                }
                let targets = (row.settings["probe_targets"]?.texts ?? [])
                    .compactMap(ProbeTarget.init)
                return unknownRoom(section, targets).map { reason in
                    SettingConflict(
                        key: "probe_targets",
                        message:
                            "probe_targets is \(row.settings["probe_targets"]?.description ?? ""), but \(reason)"
                    )
                }
            }
        ]
    }
}
