package import Digests
import Files
import Foundation
package import Orchestration
package import ResultsStore
package import SoundData
package import Studies
package import Sweeps

/// MC-SimCLR with the recordings that a sweep learns from and is tested on.
package struct PreparedSounds: PreparedStudy {
    package let dataSet: SoundDataSet
    private let clips: [Split: Int]

    init(_ dataSet: SoundDataSet) {
        self.dataSet = dataSet
        clips = Dictionary(grouping: dataSet.clips, by: \.split).mapValues(\.count)
    }

    package var dataDigest: Digest { dataSet.digest }

    package var facts: [String: String] {
        var facts = [
            "data": dataSet.name,
            "synthetic": dataSet.isSynthetic ? "yes" : "no",
            "classes": String(dataSet.classes.count),
            "clips": String(dataSet.clips.count),
        ]
        if !dataSet.notes.isEmpty { facts["data_notes"] = try? SortedJSON.text(of: dataSet.notes) }
        return facts.merging(EventFacts(dataSet).encoded) { first, _ in first }
    }

    package var overview: [String] { DataSetText(summary: DataSummary(dataSet)).overview }

    package var settingsWithoutCost: Set<String> { StageCost.settingsWithoutCost }

    package var settingsOfFileSizes: Set<String> {
        TrialSchema.keys { $0.traits.contains(.sizesBanks) }
    }

    package func conflicts(in plan: SweepPlan) -> [(conflict: SettingConflict, row: SweepRow)] {
        DataChecks(plan, dataSet).conflicts()
    }

    package func demands(of settings: [String: SettingValue]) -> [String: StageDemand] {
        Self.demands(of: settings, clips: clips)
    }

    /// - Parameter clips: how many there are in each split: work grows with them.
    package static func demands(
        of settings: [String: SettingValue], clips: [Split: Int]
    ) -> [String: StageDemand] {
        let cost = StageCost(TrialSettings(settings), clips: clips)
        return Dictionary(
            uniqueKeysWithValues: StageKind.allCases.map { kind in
                let demand = StageDemand(
                    memoryBytes: cost.memoryBytes(kind), work: cost.work(kind))
                return (kind.rawValue, demand)
            })
    }

    package func fileBytes(of stage: String, settings: [String: SettingValue]) -> Int {
        guard let kind = StageKind(rawValue: stage), kind.makesScenes else { return 0 }
        return BankPrediction(dataSet, TrialSettings(settings).bank(of: kind)).bytes
    }

    package var modelFiles: [String: String] {
        [StageKind.pretrain.rawValue: ResultsLayout.placeOfCheckpoints]
    }

    package func calibratedRates(
        of stages: [Stage], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [String: MeasuredRate] {
        try Calibration(dataSet, isCancelled).rates(of: stages)
    }

    package func withoutTest() throws -> any PreparedStudy {
        guard clips[.validation, default: 0] > 0 else {
            throw BuiltinStudyError.noValidation(data: dataSet.name)
        }
        return PreparedSounds(dataSet.withoutTest)
    }

    package func executor(_ layout: ResultsLayout) -> any StageExecutor {
        TrainingExecutor(layout: layout, dataSet: dataSet)
    }
}

extension BankSettings {
    /// What a stage that makes scenes makes.
    ///
    /// Throws: `StudiesError` for a payload of another version.
    package init(ofStage payload: String, kind: String) throws {
        let payload = try StagePayload(decoding: payload, kind: kind)
        self = try payload.trialSettings.bank(of: payload.stageKind)
    }
}
