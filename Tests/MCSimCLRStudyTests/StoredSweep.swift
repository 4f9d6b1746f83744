import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import Orchestration
import ResultsStore
import Studies
import Sweeps

/// A sweep whose results are written down instead of computed: figures are known beforehand.
struct StoredSweep {
    let store: ResultsStore
    let session: SweepSession

    static let text = """
        name: written
        description: Which helps?
        data: {source: builtin, clips: 40, classes: 4}
        base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
        design: powerset
        parameters:
          augmentations: [mixup, channel_drop]
        seeds: [0, 1, 2]
        evaluation: [random, probe, scratch]
        paper:
          none: {probe_accuracy: 33.0, probe_error: 13.2}
          random: {random_error: 83.1}
        """

    /// - Parameters:
    ///   - probeError: by the position of the row in the plan and the seed. Units: degrees.
    ///   - fails: rows and seeds whose probe fails.
    init(
        in folder: URL, text: String = Self.text, name: String = "store.sqlite",
        probeError: @escaping @Sendable (_ row: Int, _ seed: Int) -> Double = Self.falling,
        fails: @escaping @Sendable (_ row: Int, _ seed: Int) -> Bool = { _, _ in false }
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "written.yaml")
        try Data(text.utf8).write(to: file)
        session = try SweepSession(path: file.path, overrides: [], catalogue: .builtin)
        store = try ResultsStore(path: folder.appending(path: name).path)
        let registration = session.registration
        _ = try store.register(registration)
        var owners: [Digest: PlannedTrial] = [:]
        for trial in registration.trials {
            for stage in trial.stages where owners[stage] == nil { owners[stage] = trial }
        }
        let executor = Scribe { [owners] stage in
            guard let owner = owners[stage.id] else { return StageResult() }
            if stage.kind == "probe", fails(owner.row, owner.seed) {
                throw TrialFault(reason: "written down as failed")
            }
            return Self.result(stage.kind, probeError: probeError(owner.row, owner.seed))
        }
        _ = try SweepRun(
            stages: registration.stages, trials: registration.trials, store: store,
            executor: executor, settings: RunSettings(workers: 1), observer: Deaf()
        ).run()
    }

    /// Two degrees less in each row, one more in each seed.
    static let falling: @Sendable (Int, Int) -> Double = { row, seed in
        20 - 2 * Double(row) + Double(seed)
    }

    private static func result(_ kind: String, probeError: Double) -> StageResult {
        switch kind {
        case "probe":
            // Two clips ahead and to the left, the latter taken for another class.
            let predictions = [
                Prediction(
                    recording: 0, clip: 0, label: 0, predictedLabel: 0, azimuth: 0,
                    predictedAzimuth: probeError * .pi / 180),
                Prediction(
                    recording: 1, clip: 1, label: 1, predictedLabel: 2, azimuth: .pi / 2,
                    predictedAzimuth: .pi / 2),
            ]
            let text = (try? JSONEncoder().encode(predictions)) ?? Data()
            return StageResult(
                metrics: [
                    "probe_accuracy": 50, "probe_error": probeError, "probe_median_error": 7,
                    "probe_within_10": 40, "probe_within_20": 60,
                    "probe_embedding_deviation": 0.2,
                ], details: ["probe_predictions": String(decoding: text, as: UTF8.self)])
        case "random": return StageResult(metrics: ["random_accuracy": 20, "random_error": 80])
        case "scratch": return StageResult(metrics: ["scratch_accuracy": 44, "scratch_error": 12])
        case "pretrain":
            let bins = (0..<40).map { CurvePoint(step: $0, value: $0 == 39 ? 1 : 0) }
            return StageResult(
                metrics: ["pretrain_loss": 1],
                curves: [
                    "pretrain_loss": [
                        CurvePoint(step: 10, value: 3), CurvePoint(step: 20, value: 1),
                    ],
                    "positive_similarity": bins, "negative_similarity": bins,
                ])
        default: return StageResult()
        }
    }
}

/// Writes down what it is told.
struct Scribe: StageExecutor {
    let write: @Sendable (Stage) throws -> StageResult
    func execute(_ stage: Stage, context: StageContext) throws -> StageResult { try write(stage) }
    func hasArtifact(_ stage: Stage) -> Bool { true }
}

struct Deaf: RunObserver {
    func event(_ event: RunEvent) {}
}
