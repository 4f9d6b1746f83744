import Acoustics
import MCSimCLR
import SoundData
import Sweeps

// MARK: Settings that contradict each other

extension TrialSchema {
    /// Data that were recorded in rooms, by an array.
    static let recordedSources = Set([DataSource.tau2019, .starss23].map(\.rawValue))

    static let arrayConflict: @Sendable (SettingCheck.Row) -> SettingConflict? = { row in
        let (settings, given) = (row.settings, row.given)
        let array = settings["array"]
        let microphones = settings["microphones"]?.integer ?? 0
        if array?.text == ArrayShape.tetrahedral.rawValue, microphones != 4 {
            return SettingConflict(
                key: "microphones",
                message: "microphones is \(microphones), but a tetrahedral array has 4; "
                    + "leave microphones out")
        }
        guard array?.text == nil else { return nil }
        guard let positions = positions(array) else {
            return SettingConflict(
                key: "array", message: "array has no positions; write {positions: [[x, y, z], ...]}"
            )
        }
        if given.contains("microphones"), microphones != positions.count {
            return SettingConflict(
                key: "microphones",
                message: "microphones is \(microphones), but array.positions has "
                    + "\(positions.count); leave microphones out")
        }
        let made = MicrophoneArray(positions: positions)
        do {
            try made.validate()
        } catch {
            return SettingConflict(key: "array", message: "array.positions: \(error)")
        }
        guard made.hasMirrorAmbiguity, made.side == nil else { return nil }
        return SettingConflict(
            key: "array",
            message:
                "array.positions are one above the other, which cannot tell azimuths apart; move a "
                + "microphone aside")
    }

    /// The source of data that were recorded in rooms; nil for all others.
    private static func recordedSource(_ row: SettingCheck.Row) -> String? {
        row.data["source"]?.text.flatMap { recordedSources.contains($0) ? $0 : nil }
    }

    /// Recordings of real rooms are what they are: four microphones, one source that stays.
    static let dataConflict: @Sendable (SettingCheck.Row) -> SettingConflict? = { row in
        let settings = row.settings
        guard let source = recordedSource(row) else { return nil }
        let array = settings["array"]
        let shape = array?.text
        if shape.map({ $0 != ArrayShape.tetrahedral.rawValue })
            ?? (positions(array)?.count != 4)
        {
            return SettingConflict(
                key: "array",
                message: "array is \(array?.description ?? "not given"), but the recordings of "
                    + "\(source) have four microphones on a sphere; write array: tetrahedral and "
                    + "array_diameter: 0.084")
        }
        for (key, wanted) in [("overlap", "1"), ("source_motion", "still")]
        where settings[key]?.description != wanted {
            return SettingConflict(
                key: key,
                message: "\(key) is \(settings[key]?.description ?? "not given"), but the "
                    + "recordings of \(source) have one source each, which stays where it is; "
                    + "leave \(key) out")
        }
        return nil
    }

    /// Probes that are not asked for what a table is to show, or for what nobody knows.
    static let targetConflict: @Sendable (SettingCheck.Row) -> SettingConflict? = { row in
        let value = row.settings["probe_targets"]
        let targets = (value?.texts ?? []).compactMap(ProbeTarget.init)
        func conflict(_ reason: String) -> SettingConflict {
            SettingConflict(
                key: "probe_targets",
                message: "probe_targets is \(value?.description ?? "not given"), but \(reason)")
        }
        let missing = ProbeTarget.always.filter { !targets.contains($0) }
        if !missing.isEmpty {
            return conflict(
                "every probe says class and azimuth; name "
                    + missing.map(\.rawValue).joined(separator: " and ") + " too")
        }
        for figure in EventFigure.all {
            guard let target = figure.target, !targets.contains(target),
                let metric = row.metrics.first(where: {
                    $0 == figure.name || $0.hasSuffix("_" + figure.name)
                })
            else { continue }
            return conflict(
                "the file asks for \(metric); name \(target.rawValue) too, or write all")
        }
        return recordedSource(row).flatMap { unknownRoom($0, targets) }.map(conflict)
    }

    /// That nobody knows of the rooms what probes are asked for; nil where they are not.
    ///
    /// - Parameter owner: whose rooms they are.
    static func unknownRoom(_ owner: String, _ targets: [ProbeTarget]) -> String? {
        let names = targets.filter(\.isOfRoom).map(\.rawValue)
        guard let last = names.last else { return nil }
        return names.count == 1
            ? "the \(last) of the rooms of \(owner) is not known; leave \(last) out"
            : "the \(names.dropLast().joined(separator: ", ")) and \(last) of the rooms of \(owner) are "
                + "not known; leave them out"
    }

    /// An embedding is of a whole recording.
    static let embeddingConflict: @Sendable (SettingCheck.Row) -> SettingConflict? = { row in
        guard let name = row.evaluations.lazy.compactMap(NamedEmbeddings.name(ofStage:)).first
        else {
            return nil
        }
        let isOfPatches = row.settings["evaluation_unit"]?.text == EvaluationUnit.patch.rawValue
        guard isOfPatches || moves(row.settings) else { return nil }
        let key = moves(row.settings) ? "source_motion" : "evaluation_unit"
        return SettingConflict(
            key: key,
            message:
                "\(key) is \(row.settings[key]?.description ?? "not given"), so that patches are judged, but "
                + "the embeddings of \(name) are of whole recordings; leave \(key) out, or embeddings"
        )
    }
}
