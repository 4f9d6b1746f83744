import AudioFeatures
import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import Orchestration
import ResultsStore
import SoundData
import Studies

/// What stages of one process begin with, and share: banks, feature maps, encoders. What a stage needs and
/// nobody has at hand is made, by the first who asks.
final class StageInputs: Sendable {
    private let layout: ResultsLayout
    private let dataSet: SoundDataSet
    private let rooms: SweepRooms
    private let resources = SharedResources()
    /// Feature maps larger than this are computed anew for each patch. Units: bytes.
    private let featureMemory: Int
    /// Whether banks are read from a copy on this machine's own disk.
    private let copiesBanks: Bool

    init(
        layout: ResultsLayout, dataSet: SoundDataSet, rooms: SweepRooms, featureMemory: Int,
        copiesBanks: Bool
    ) {
        self.layout = layout
        self.dataSet = dataSet
        self.rooms = rooms
        self.featureMemory = featureMemory
        self.copiesBanks = copiesBanks
    }

    /// The bank that a stage with this digest makes.
    func bank(
        _ digest: Digest, _ settings: BankSettings, _ context: StageContext
    ) throws -> RecordingBank {
        let file = layout.bank(digest)
        return try resources.bank(digest) {
            try layout.createFolders(inCache: ResultsLayout.foldersOfCache)
            let bank = try built(settings, at: file, context)
            guard copiesBanks else { return bank }
            let copy = FileManager.default.temporaryDirectory
                .appending(path: "ablate-\(UUID().uuidString).bank")
            // Once it is mapped it needs no name any more.
            defer { try? FileManager.default.removeItem(at: copy) }
            try FileManager.default.copyItem(at: file, to: copy)
            return try built(settings, at: copy, context)
        }
    }

    private func built(
        _ settings: BankSettings, at file: URL, _ context: StageContext
    ) throws -> RecordingBank {
        do {
            // Opens a whole bank, goes on with a part of one, replaces a damaged one.
            return try RecordingBank.build(
                dataSet, settings, rooms: rooms.responses(of: settings), at: file,
                threads: context.threads,
                progress: { done, total in
                    context.report(StageProgress(step: done, steps: total, detail: "recordings"))
                }, isCancelled: context.isCancelled)
        } catch SoundDataError.cancelled {
            throw CancellationError()
        }
    }

    /// The maps of the scenes that are learnt from.
    func maps(
        _ stage: Stage, _ settings: TrialSettings, _ context: StageContext
    ) throws -> FeatureMaps {
        // These scenes are the first dependency of every stage that has any.
        let bank = try bank(stage.dependencies[0], settings.bank, context)
        return try resources.maps(Self.name(settings, bank)) {
            try FeatureMaps(
                bank: bank, settings: settings.features, training: bank.indices(for: .pretraining),
                gccWeight: settings.gccWeight, byteLimit: featureMemory, team: context.team)
        }
    }

    /// These maps and those of the test scenes, which tuning does not have.
    func evaluationMaps(
        _ stage: Stage, _ settings: TrialSettings, _ context: StageContext
    ) throws -> EvaluationMaps {
        let training = try maps(stage, settings, context)
        if StageKind(rawValue: stage.kind)?.isOnValidation == true {
            return EvaluationMaps(training: training)
        }
        // The test scenes are the second dependency of every evaluation.
        let bank = try bank(stage.dependencies[1], settings.testBank, context)
        // Their maps are normalised as the others are.
        let name = "\(bank.digest) \(Self.name(settings, training.bank))"
        let test = try resources.testMaps(name) {
            try FeatureMaps(
                bank: bank, like: training, byteLimit: featureMemory - training.keptBytes,
                team: context.team)
        }
        return EvaluationMaps(training: training, test: test)
    }

    private static func name(_ settings: TrialSettings, _ bank: RecordingBank) -> String {
        "\(bank.digest) \(settings.features) \(settings.gccWeight)"
    }

    /// The encoder of the last dependency.
    ///
    /// Throws: `MissingArtifacts` where it is missing or damaged.
    func pretrainedEncoder(_ stage: Stage) throws -> EncoderCheckpoint {
        guard let pretraining = stage.dependencies.last else {
            throw StudiesError.badPayload(kind: stage.kind)
        }
        let file = layout.checkpoint(pretraining)
        do {
            return try EncoderCheckpoint(readingFrom: file, stage: pretraining)
        } catch {
            // Without the damaged file the orchestrator pretrains again.
            try? FileManager.default.removeItem(at: file)
            throw MissingArtifacts(stages: [pretraining], reason: "\(error)")
        }
    }

    /// The heads of a linear probe of the last dependency's encoder: what the probe is judged by, and fine-tuning
    /// begins with.
    func probeHeads(
        _ encoder: CRNN, _ maps: EvaluationMaps, _ stage: Stage, _ settings: TrialSettings,
        seed: UInt64, _ context: StageContext
    ) throws -> TrackHeads {
        let pretraining = stage.dependencies.last.map(\.description) ?? ""
        let name =
            "\(pretraining) \(Self.name(settings, maps.training.bank)) \(settings.grid) \(settings.labels) \(seed)"
        return try resources.heads(name) {
            try MCSimCLR.probeHeads(
                encoder, maps: maps, grid: settings.grid, labels: settings.labels, seed: seed,
                team: context.team, isCancelled: context.isCancelled)
        }
    }
}
