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
    /// Those of files; none where all are simulated.
    package let rooms: SweepRooms
    private let embeddings: [EmbeddingFile]
    /// The files of rooms, by their paths as the sweep has them.
    private let roomFiles: [String]
    private let clips: [Split: Int]

    init(
        _ dataSet: SoundDataSet, embeddings: [EmbeddingFile] = [],
        rooms: SweepRooms = .simulated, companions: [String] = []
    ) {
        self.dataSet = dataSet
        self.embeddings = embeddings
        self.rooms = rooms
        roomFiles = companions
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

    package var overview: [String] {
        DataSetText(summary: DataSummary(dataSet)).overview + rooms.overview
            + embeddings.map {
                "embeddings \($0.named.name): \($0.columns) numbers for each of \($0.recordings) recordings "
                    + "(\($0.named.path))"
            }
    }

    package var companions: [String] { embeddings.flatMap(\.files) + roomFiles }

    package func content(ofStage name: String) -> String {
        embeddings.first { $0.named.stage == name }.map { "embeddings \($0.digest)" }
            ?? rooms.content(of: StageKind(rawValue: name))
    }

    /// Throws: ``EmbeddingError`` for embeddings of other recordings than those of the plan's rows.
    func requireOwnRecordings(_ plan: SweepPlan) throws {
        guard let first = embeddings.first else { return }
        var rows: [Digest: (label: String, recordings: Int)] = [:]
        var seen: Set<[BankSettings]> = []
        for row in plan.rows {
            let settings = TrialSettings(row.settings, rooms: rooms)
            let banks = [settings.bank, settings.testBank]
            guard seen.insert(banks).inserted else { continue }
            let index = BankExport.index(of: banks.map { RecordingBank.digest(dataSet, $0) })
            rows[index] = (
                row.label, banks.reduce(0) { $0 + BankPrediction(dataSet, $1).recordings }
            )
        }
        guard let (index, own) = rows.first, rows.count == 1 else {
            throw EmbeddingError.severalBanks(name: first.named.name, banks: rows.count)
        }
        for file in embeddings {
            guard file.index == index else {
                throw EmbeddingError.otherBank(
                    name: file.named.name, path: file.named.path, found: file.index,
                    expected: index, row: own.label)
            }
            guard file.recordings == own.recordings else {
                throw EmbeddingError.otherCount(
                    name: file.named.name, path: file.named.path, rows: file.recordings,
                    recordings: own.recordings)
            }
        }
    }

    package var settingsWithoutCost: Set<String> { StageCost.settingsWithoutCost }

    package var settingsOfFileSizes: Set<String> {
        TrialSchema.keys { $0.traits.contains(.sizesBanks) }
    }

    package func conflicts(in plan: SweepPlan) -> [(conflict: SettingConflict, row: SweepRow)] {
        DataChecks(plan, dataSet, rooms).conflicts()
    }

    package func demands(of settings: [String: SettingValue]) -> [String: StageDemand] {
        var demands = Self.demands(
            of: settings, clips: clips, classes: dataSet.classes.count, rooms: rooms)
        for file in embeddings {
            // The numbers as they are read, in double precision, and by split.
            demands[file.named.stage] = StageDemand(
                memoryBytes: (64 << 20) + 20 * file.recordings * file.columns,
                work: Double(file.recordings))
        }
        return demands
    }

    /// - Parameters:
    ///   - clips: how many there are in each split: work grows with them.
    ///   - classes: how many are told apart.
    package static func demands(
        of settings: [String: SettingValue], clips: [Split: Int], classes: Int = 20,
        rooms: SweepRooms = .simulated
    ) -> [String: StageDemand] {
        let cost = StageCost(
            TrialSettings(settings, rooms: rooms), clips: clips, classes: classes)
        return Dictionary(
            uniqueKeysWithValues: StageKind.allCases.map { kind in
                let demand = StageDemand(
                    memoryBytes: cost.memoryBytes(kind), work: cost.work(kind))
                return (kind.rawValue, demand)
            })
    }

    package func fileBytes(of stage: String, settings: [String: SettingValue]) -> Int {
        guard let kind = StageKind(rawValue: stage), kind.makesScenes else { return 0 }
        return BankPrediction(
            dataSet, TrialSettings(settings, rooms: rooms).bank(of: kind)
        ).bytes
    }

    package var modelFiles: [String: String] {
        [StageKind.pretrain.rawValue: ResultsLayout.placeOfCheckpoints]
    }

    package func calibratedRates(
        of stages: [Stage], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [String: MeasuredRate] {
        try Calibration(dataSet, rooms, isCancelled).rates(of: stages)
    }

    package func withoutTest() throws -> any PreparedStudy {
        guard clips[.validation, default: 0] > 0 else {
            throw BuiltinStudyError.noValidation(data: dataSet.name)
        }
        return PreparedSounds(dataSet.withoutTest, rooms: rooms)
    }

    package func executor(_ layout: ResultsLayout) -> any StageExecutor {
        TrainingExecutor(layout: layout, dataSet: dataSet, embeddings: embeddings, rooms: rooms)
    }
}

extension BankSettings {
    /// What a stage that makes scenes makes.
    ///
    /// Throws: `StudiesError` for a payload of another version.
    package init(ofStage payload: String, kind: String, rooms: SweepRooms = .simulated) throws {
        let payload = try StagePayload(decoding: payload, kind: kind)
        self = try payload.trialSettings(rooms).bank(of: payload.stageKind)
    }
}
