import Digests
import Foundation
public import ResultsStore
public import SoundData
public import Sweeps

/// A sweep file made ready to run: checked, expanded, its data found, its stages named.
public struct SweepSession: Sendable {
    public let file: SweepFile
    public let plan: SweepPlan
    public let dataSet: SoundDataSet
    public let stages: StagePlan
    private let path: String
    private let overrides: [String]
    private let name: String?

    /// - Parameters:
    ///   - name: what to call the sweep instead of what its file says.
    ///   - look: how the recordings are looked at.
    ///   - progress: is told from time to time how many of how many trials are planned.
    /// - Throws: `SweepFaults` for a faulty file (all faults at once), `SoundDataError` for data that
    ///   is not there.
    public init(
        path: String, overrides: [String], name: String? = nil, look: FirstLook = FirstLook(),
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        self.path = path
        self.overrides = overrides
        self.name = name
        file = try SweepFile.load(
            path: path,
            overrides: overrides
                + (name.map { ["name=" + SettingValue.text($0).canonicalJSON] } ?? []),
            schema: TrialSchema.schema)
        plan = file.expand()
        dataSet = try SoundDataSet.load(DataSettings(plan.data), look: look)
        try dataSet.requireTraining()
        let conflicts = DataChecks(plan, dataSet).conflicts()
        guard conflicts.isEmpty else { throw file.faults(of: conflicts) }
        let count = plan.trials.count
        stages = StagePlan(
            plan, evaluation: plan.evaluation, dataDigest: dataSet.digest,
            clips: Dictionary(grouping: dataSet.clips, by: \.split).mapValues(\.count)
        ) { progress($0, count) }
    }

    /// The name of the sweep that a file defines.
    ///
    /// Throws: `SweepFaults` for a faulty file.
    public static func name(ofFile path: String) throws -> String {
        try SweepFile.load(path: path, overrides: [], schema: TrialSchema.schema).name
    }

    /// What runs this sweep again, for a shell.
    private var command: String {
        (["ablate", "run", path] + (name.map { ["--name", $0] } ?? [])
            + overrides.flatMap { ["-S", $0] })
            .map(Self.quoted).joined(separator: " ")
    }

    /// A word as a shell reads it back: bare where it can be.
    private static func quoted(_ word: String) -> String {
        let isBare = word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_-+=./:,@%".unicodeScalars.contains($0)
        }
        return isBare && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }

    /// What the store is told before the sweep runs.
    public var registration: SweepRegistration {
        let parameters = plan.variedKeys
        let more = SweepFacts(file, dataSet: dataSet).encoded
        return SweepRegistration(
            name: file.name, sourceText: file.sourceText,
            facts: [
                "description": file.summary,
                "command": command,
                "data": dataSet.name,
                "data_digest": dataSet.digest.description,
                "data_settings": SettingValue.map(plan.data).canonicalJSON,
                "synthetic": dataSet.isSynthetic ? "yes" : "no",
                "classes": String(dataSet.classes.count),
                "clips": String(dataSet.clips.count),
                "evaluation": plan.evaluation.joined(separator: " "),
                "seeds": String(plan.seeds.count),
                "scale": file.scale ?? "",
            ].merging(more) { first, _ in first },
            parameters: parameters,
            rows: plan.rows.map { row in
                PlannedRow(
                    index: row.index, label: row.label,
                    settings: SettingValue.map(row.settings).canonicalJSON,
                    varied: SettingValue.map(
                        Dictionary(uniqueKeysWithValues: row.varied.map { ($0.key, $0.value) })
                    ).canonicalJSON, isBaseline: row.isBaseline, baseline: row.baseline)
            },
            trials: stages.trials, stages: stages.stages)
    }
}

extension DataSettings {
    /// - Parameter values: complete and checked against ``TrialSchema``.
    public init(_ values: [String: SettingValue]) {
        let reader = SettingsReader(values)
        self.init(
            source: reader.text("source"), path: reader.textIfAny("path"),
            recordings: reader.integer("recordings"), classes: reader.integer("classes"),
            seed: UInt64(reader.integer("seed")),
            validationFraction: reader.number("validation_fraction"),
            testFraction: reader.number("test_fraction"), fold: reader.integer("fold"))
    }
}
