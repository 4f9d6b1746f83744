import Acoustics
import AudioFeatures
import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
public import Orchestration
public import ResultsStore
public import SoundData
public import Studies
import Sweeps

/// Runs the stages of MC-SimCLR trials: the orchestrator's hands.
///
/// Artifacts (banks, checkpoints) are files of ``ResultsLayout``'s cache. A file that is missing or
/// damaged when a stage needs it is made again on the spot.
public final class TrainingExecutor: StageExecutor {
    private let layout: ResultsLayout
    private let inputs: StageInputs
    /// By the stage that probes them.
    private let embeddings: [String: EmbeddingFile]
    private let rooms: SweepRooms

    /// What maps of a bank may take, to be kept. Units: bytes.
    public static let featureMemory = 3 << 30

    /// - Parameters:
    ///   - dataSet: the data that all stages of the run use.
    ///   - featureMemory: maps of a bank that would take more are not kept. Units: bytes.
    ///   - copiesBanks: whether banks are read from a copy on this machine's own disk; where they lie on a
    ///     network file system, where nil. A bank is mapped, and pages that the network does not bring end a
    ///     process with SIGBUS.
    public convenience init(
        layout: ResultsLayout, dataSet: SoundDataSet, featureMemory: Int = featureMemory,
        copiesBanks: Bool? = nil
    ) {
        self.init(
            layout: layout, dataSet: dataSet, embeddings: [], rooms: .simulated,
            featureMemory: featureMemory, copiesBanks: copiesBanks)
    }

    /// - Parameters:
    ///   - embeddings: files that stages of their own probe.
    ///   - rooms: those of files; none where all are simulated.
    package init(
        layout: ResultsLayout, dataSet: SoundDataSet, embeddings: [EmbeddingFile],
        rooms: SweepRooms = .simulated, featureMemory: Int = featureMemory,
        copiesBanks: Bool? = nil
    ) {
        self.layout = layout
        self.embeddings = Dictionary(
            embeddings.map { ($0.named.stage, $0) }, uniquingKeysWith: { first, _ in first })
        self.rooms = rooms
        inputs = StageInputs(
            layout: layout, dataSet: dataSet, rooms: rooms, featureMemory: featureMemory,
            copiesBanks: copiesBanks ?? SharedFolder.isShared(layout.bank(dataSet.digest)))
    }

    public func hasArtifact(_ stage: Stage) -> Bool {
        guard let payload = try? StagePayload(decoding: stage.payload, kind: stage.kind) else {
            return false
        }
        switch try? payload.stageKind {
        case .scenes, .testScenes:
            return FileManager.default.fileExists(
                atPath: layout.bank(stage.id).path)
        case .pretrain:
            return FileManager.default.fileExists(atPath: layout.checkpoint(stage.id).path)
        default: return true
        }
    }

    public func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        if context.isCancelled() { throw CancellationError() }
        let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
        let settings = payload.trialSettings(rooms)
        do {
            if let file = embeddings[stage.kind] {
                return try evaluateEmbeddings(file, stage, settings, payload, context)
            }
            let kind = try payload.stageKind
            switch kind {
            case .scenes, .testScenes:
                return try simulate(stage, settings.bank(of: kind), context)
            case .raw: return try evaluateRaw(stage, settings, payload, context)
            case .mean: return try evaluateMean(stage, settings, payload, context)
            case .random: return try evaluateRandom(stage, settings, payload, context)
            case .pretrain: return try pretrain(stage, settings, payload, context)
            case .probe, .probeValidation:
                return try probe(stage, settings, payload, context)
            case .finetune, .finetuneValidation:
                return try supervise(
                    inputs.pretrainedEncoder(stage).encoder, stage, settings, settings.supervised,
                    payload,
                    context)
            case .scratch, .scratchValidation:
                return try supervise(
                    makeEncoder(settings.encoder, seed: payload.trialSeed), stage, settings,
                    settings.supervised.fromScratch, payload, context)
            }
        } catch let error as MCSimCLRError {
            // Another attempt would end the same way.
            throw TrialFault(reason: error.description)
        } catch let error as AcousticsError {
            throw TrialFault(reason: error.description)
        } catch let error as AudioFeaturesError {
            throw TrialFault(reason: error.description)
        } catch let error as NeuralNetworkError where error.isOfSettings {
            throw TrialFault(reason: error.description)
        } catch let error as SoundDataError {
            guard case .bankSetting = error else { throw error }
            throw TrialFault(reason: error.description)
        }
    }

    // MARK: Stages

    private func simulate(
        _ stage: Stage, _ settings: BankSettings, _ context: StageContext
    ) throws -> StageResult {
        let bank = try inputs.bank(stage.id, settings, context)
        var counts: [String: Double] = ["scenes_recordings": Double(bank.recordings.count)]
        for split in Split.allCases {
            let count = bank.indices(for: split).count
            if count > 0 { counts["scenes_\(split.rawValue)"] = Double(count) }
        }
        return StageResult(metrics: counts)
    }

    private func evaluateRaw(
        _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload, _ context: StageContext
    ) throws -> StageResult {
        result(
            of: try rawProbe(
                inputs.evaluationMaps(stage, settings, context), grid: settings.grid,
                quantities: settings.quantities, labels: settings.labels, seed: payload.trialSeed),
            prefix: "raw")
    }

    private func evaluateMean(
        _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload, _ context: StageContext
    ) throws -> StageResult {
        result(
            of: try meanProbe(
                evaluationBanks(stage, settings, context), grid: settings.grid,
                quantities: settings.quantities, labels: settings.labels, seed: payload.trialSeed),
            prefix: "mean")
    }

    private func evaluateEmbeddings(
        _ file: EmbeddingFile, _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload,
        _ context: StageContext
    ) throws -> StageResult {
        result(
            of: try embeddingProbe(
                file.matrix(), banks: evaluationBanks(stage, settings, context),
                quantities: settings.quantities, labels: settings.labels, seed: payload.trialSeed),
            prefix: stage.kind)
    }

    /// The scenes, which are the first dependencies of every evaluation.
    private func evaluationBanks(
        _ stage: Stage, _ settings: TrialSettings, _ context: StageContext
    ) throws -> EvaluationBanks {
        EvaluationBanks(
            training: try inputs.bank(stage.dependencies[0], settings.bank, context),
            test: try inputs.bank(stage.dependencies[1], settings.testBank, context),
            features: settings.features)
    }

    private func evaluateRandom(
        _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload, _ context: StageContext
    ) throws -> StageResult {
        let maps = try inputs.evaluationMaps(stage, settings, context)
        let encoder = try randomEncoder(
            settings.encoder, seed: payload.trialSeed, maps: maps.training,
            patchFrames: settings.pretraining.patchFrames, team: context.team)
        return result(
            of: try linearProbe(
                encoder, maps: maps, grid: settings.grid, quantities: settings.quantities,
                labels: settings.labels, seed: payload.trialSeed, team: context.team,
                isCancelled: context.isCancelled),
            prefix: "random")
    }

    private func pretrain(
        _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload,
        _ context: StageContext
    ) throws -> StageResult {
        let maps = try inputs.maps(stage, settings, context)
        let run = try Pretraining(
            maps: maps, array: settings.bank.array, encoder: settings.encoder,
            settings: settings.pretraining, seed: payload.trialSeed, team: context.team)
        let saver = try saver(of: run, stage, context)
        try saving(with: saver) {
            try run.run(
                monitor(context, settings.pretraining.optimisation, curve: "pretrain_loss") {
                    try? saver.saveIfDue()
                })
        }
        try EncoderCheckpoint(run.encoder, maps: maps, provenance: stage.payload)
            .write(to: layout.checkpoint(stage.id), stage: stage.id)
        removeUnfinished(stage)
        let similarities = run.similarities(bins: 40)
        return StageResult(
            metrics: [
                "pretrain_loss": run.curve.points.last?.value ?? .nan,
                "positive_similarity": similarities.meanPositive,
                "negative_similarity": similarities.meanNegative,
            ].filter { $0.value.isFinite },
            curves: [
                "pretrain_loss": run.curve.points.map {
                    CurvePoint(step: $0.step, value: $0.value)
                },
                "positive_similarity": histogram(similarities.positiveShares),
                "negative_similarity": histogram(similarities.negativeShares),
            ])
    }

    private func probe(
        _ stage: Stage, _ settings: TrialSettings, _ payload: StagePayload,
        _ context: StageContext
    ) throws -> StageResult {
        let kind = try payload.stageKind
        let maps = try inputs.evaluationMaps(stage, settings, context)
        let checkpoint = try inputs.pretrainedEncoder(stage)
        let evaluation = try linearProbe(
            checkpoint.encoder, maps: maps, grid: settings.grid, quantities: settings.quantities,
            labels: settings.labels, seed: payload.trialSeed, team: context.team,
            isCancelled: context.isCancelled)
        var result = result(of: evaluation, prefix: kind.rawValue)
        if let heads = evaluation.heads, !kind.isOnValidation {
            result.details[ProbeHeads.detail] = try ProbeHeads(
                heads, encoder: checkpoint.identity(), unit: settings.grid.unit,
                classes: maps.training.bank.classes
            ).encoded()
        }
        return result
    }

    private func supervise(
        _ encoder: CRNN, _ stage: Stage, _ settings: TrialSettings,
        _ supervised: SupervisedSettings, _ payload: StagePayload, _ context: StageContext
    ) throws -> StageResult {
        let prefix = stage.kind
        let maps = try inputs.evaluationMaps(stage, settings, context)
        let heads =
            supervised.heads == .random
            ? nil
            : try probeHeads(
                encoder, maps: maps, grid: settings.grid, labels: settings.labels,
                seed: payload.trialSeed, team: context.team, isCancelled: context.isCancelled)
        let run = try SupervisedTraining(
            encoder, heads: heads, maps: maps, settings: supervised, grid: settings.grid,
            seed: payload.trialSeed, team: context.team)
        let saver = try saver(of: run, stage, context)
        let evaluation = try saving(with: saver) {
            try run.run(
                monitor(context, settings.supervised.optimisation, curve: "\(prefix)_loss") {
                    try? saver.saveIfDue()
                })
            return try run.evaluate(settings.grid, isCancelled: context.isCancelled)
        }
        removeUnfinished(stage)
        var result = self.result(of: evaluation, prefix: prefix)
        result.curves["\(prefix)_loss"] = run.curve.points.map {
            CurvePoint(step: $0.step, value: $0.value)
        }
        if !run.checks.isEmpty {
            result.curves["\(prefix)_checked_accuracy"] = run.checks.map {
                CurvePoint(step: $0.step, value: $0.accuracy)
            }
            result.curves["\(prefix)_checked_error"] = run.checks.map {
                CurvePoint(step: $0.step, value: $0.error)
            }
        }
        return result
    }

    // MARK: Trainings that are stopped and go on

    /// Takes a training to where an earlier attempt left it.
    private func saver(
        of run: any ResumableTraining, _ stage: Stage, _ context: StageContext
    ) throws -> TrainingSaver {
        try layout.createFolders(inCache: ResultsLayout.foldersOfCache)
        let saver = TrainingSaver(
            run, at: layout.unfinishedTraining(stage.id), stage: stage.id, interval: .seconds(60))
        if saver.restore() { context.log("continues at step \(run.step)") }
        return saver
    }

    /// Keeps what was trained when it is told to stop.
    private func saving<Value>(
        with saver: TrainingSaver, _ body: () throws -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch is CancellationError {
            try saver.save()
            throw CancellationError()
        }
    }

    private func removeUnfinished(_ stage: Stage) {
        try? FileManager.default.removeItem(at: layout.unfinishedTraining(stage.id))
    }

    // MARK: What they leave

    private func result(of evaluation: EvaluationResult, prefix: String) -> StageResult {
        StageResult(
            metrics: evaluation.metrics(prefix: prefix),
            details: [
                "\(prefix)_predictions": PackedPredictions.text(of: evaluation.predictions)
            ])
    }

    private static func threeDecimals(_ value: Double) -> String {
        String(format: "%.3f", value)
    }

    private func monitor(
        _ context: StageContext, _ optimisation: OptimisationSettings, curve: String,
        afterStep: @escaping () -> Void = {}
    ) -> TrainingMonitor {
        let rate = RateMeter()
        return TrainingMonitor(
            report: { step, steps, loss in
                afterStep()
                context.report(
                    StageProgress(
                        step: step, steps: steps, detail: "loss \(Self.threeDecimals(loss))",
                        rate: rate.examplesPerSecond(
                            step: step, batchSize: optimisation.batchSize),
                        values: [curve: loss]))
            }, isCancelled: context.isCancelled)
    }
}

extension StagePayload {
    /// Throws: `StudiesError` for a kind of another version.
    var stageKind: StageKind {
        get throws {
            guard let stageKind = StageKind(rawValue: kind) else {
                throw StudiesError.badPayload(kind: kind)
            }
            return stageKind
        }
    }

    /// The trial's settings; those that this stage does not depend on have their defaults.
    ///
    /// - Parameter rooms: those of the sweep's files.
    func trialSettings(_ rooms: SweepRooms) -> TrialSettings {
        TrialSettings(TrialSchema.schema.completeTrial(settings), rooms: rooms)
    }

    /// The seed of the trial's random streams.
    var trialSeed: UInt64 { UInt64(bitPattern: Int64(seed ?? 0)) }
}

/// A histogram as a curve: a point's step is its bin.
private func histogram(_ shares: [Double]) -> [CurvePoint] {
    shares.enumerated().map { CurvePoint(step: $0, value: $1) }
}

extension NeuralNetworkError {
    /// Whether it is about sizes that were asked for, not about a file.
    fileprivate var isOfSettings: Bool {
        switch self {
        case .badSize, .evenKernel, .poolCount, .badPool, .mapVanishes: true
        case .missingTensor, .shapeMismatch, .unreadable, .unwritable, .notACheckpoint: false
        }
    }
}
