import Digests
import Foundation
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport

/// A sweep of a few steps on a few sounds, run through the whole program but for the command line,
/// and what each of its stages found.
struct TinySweep {
    /// Trials in the order of the plan.
    let trials: [TrialRecord]
    /// By the trial's place.
    private let stages: [[String: StageRecord]]
    private let layout: ResultsLayout
    /// Where the files are for as long as this is.
    private let folder: TemporaryFolder
    private let store: ResultsStore

    init(
        _ text: String, overrides: [String] = [], in folder: TemporaryFolder, workers: Int = 1
    ) throws {
        // As the program does at its start: it may change the order of sums.
        NumericBackend.prepare()
        self.folder = folder
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(text.utf8).write(to: file)
        let session = try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
        layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        store = try ResultsStore(path: layout.database.path)
        let registration = session.registration
        _ = try store.register(registration)
        _ = try SweepRun(
            stages: registration.stages, trials: registration.trials, store: store,
            executor: session.prepared.executor(layout),
            settings: RunSettings(workers: workers), observer: Silence()
        ).run()
        trials = try store.trials(of: session.file.name)
        stages = try trials.map { [store] trial in
            let stages = try store.stages(ofTrial: trial.digest).map { try store.stage($0) }
            return Dictionary(uniqueKeysWithValues: stages.map { ($0.kind, $0) })
        }
    }

    func stage(_ kind: StageKind, ofTrial trial: Int = 0) -> StageRecord? {
        stage(named: kind.rawValue, ofTrial: trial)
    }

    func stage(named name: String, ofTrial trial: Int = 0) -> StageRecord? { stages[trial][name] }

    /// What tables read.
    var reading: StudyStore { store.read }

    func curves(of kind: StageKind, ofTrial trial: Int = 0) throws -> [String: [CurvePoint]] {
        guard let stage = stage(kind, ofTrial: trial) else { return [:] }
        return try store.curves(of: stage.digest)
    }

    /// What each stage of a trial found, all of it: the samples of scenes, the losses of a
    /// pretraining, the predictions of an evaluation.
    func findings(ofTrial trial: Int) -> [StageKind: String] {
        results(ofTrial: trial) { stage in
            switch StageKind(rawValue: stage.kind) {
            case .scenes, .testScenes: samples(of: stage)
            case .pretrain:
                stage.metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    .joined(separator: ", ")
            default: stage.details["\(stage.kind)_predictions"] ?? "none"
            }
        }
    }

    private func results<Value>(
        ofTrial trial: Int, _ value: (StageRecord) -> Value
    ) -> [StageKind: Value] {
        Dictionary(
            uniqueKeysWithValues: stages[trial].values.compactMap { stage in
                StageKind(rawValue: stage.kind).map { ($0, value(stage)) }
            })
    }

    /// The number of recordings, and a digest of nearly all samples: those of a bank follow its head
    /// of 4,096 bytes, and precede an index that is far smaller.
    private func samples(of stage: StageRecord) -> String {
        let bank = (try? Data(contentsOf: layout.bank(stage.digest))) ?? Data()
        let count = stage.metrics["scenes_recordings"] ?? 0
        let samples = bank.dropFirst(4096).prefix(bank.count * 9 / 10)
        return "\(count) recordings, \(samples.withUnsafeBytes { Digest(of: $0) })"
    }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }
}
