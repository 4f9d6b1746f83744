import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import Reports
import ResultsStore
import SoundData
import Studies
import Sweeps
import TestSupport
import Testing

/// Sweeps of a few steps on a few sounds, through the whole program but for the command line.
@Suite("A sweep, end to end", .serialized)
struct SweepRunTests {
    /// As the program does at its start: other suites do it too, and would change the order of sums
    /// in the middle of a sweep.
    init() { NumericBackend.prepare() }

    /// Everything small, so that a trial takes a fraction of a second.
    private static let beginning = """
        name: tiny
        data: {source: builtin, clips: 40, classes: 4}
        base:
          encoder: {channels: [8, 8, 8], recurrent_units: 8}
          feature_pooling: 2
          pretraining_steps: 6
          finetuning_steps: 4
          finetuning_batch_size: 8
          batch_size: 8
        """

    private static let sweep = """
        \(beginning)
          recording_seconds: 1.5
          spatialisations: 1
          rt60: 0.1
        parameters:
          augmentations: {values: [[], [channel_swap, mixup, random_resized_crop, channel_drop]]}
        seeds: [0, 1]
        """

    private func session(
        _ folder: TemporaryFolder, _ text: String = Self.sweep, overrides: [String] = []
    ) throws -> SweepSession {
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(text.utf8).write(to: file)
        return try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
    }

    /// Runs a sweep into the folder; `stop` may cancel it.
    @discardableResult
    private func run(
        _ session: SweepSession, in folder: TemporaryFolder, workers: Int = 1,
        dataSet: SoundDataSet? = nil,
        stopAfter: (@Sendable (RunEvent) -> Bool)? = nil
    ) throws -> (summary: RunSummary, table: String) {
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        let registration = session.registration
        _ = try store.register(registration)
        let watcher = Watcher(stopAfter)
        let run = try SweepRun(
            stages: registration.stages, trials: registration.trials, store: store,
            executor: TrainingExecutor(layout: layout, dataSet: dataSet ?? session.dataSet),
            settings: RunSettings(workers: workers), observer: watcher)
        watcher.cancel = { run.cancel() }
        let summary = try run.run()
        let table = try SweepTable.make("tiny", from: store.read)
        return (summary, TableFormat.allCases.map { $0.text(of: table) }.joined())
    }

    private final class Watcher: RunObserver, @unchecked Sendable {
        // Set before the run starts.
        var cancel: () -> Void = {}
        private let stop: (@Sendable (RunEvent) -> Bool)?
        init(_ stop: (@Sendable (RunEvent) -> Bool)?) { self.stop = stop }
        func event(_ event: RunEvent) { if stop?(event) == true { cancel() } }
    }

    @Test("one worker, three workers, and a run that was stopped and resumed give the same bytes")
    func sameBytes() throws {
        let (one, three, stopped) = (
            try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()
        )
        let alone = try run(session(one), in: one)
        #expect(alone.summary.trialsFinished == 4)
        let together = try run(session(three), in: three, workers: 3)
        #expect(together.table == alone.table)

        // Stopped in the middle of a pretraining, then gone on with.
        let half = try run(session(stopped), in: stopped) { event in
            if case .progress(let stage, _, let progress, _) = event {
                return stage.kind == "pretrain" && progress.step == 3
            }
            return false
        }
        #expect(half.summary.isCancelled)
        #expect(half.summary.trialsFinished < 4)
        let resumed = try run(session(stopped), in: stopped)
        #expect(resumed.summary.trialsFinished == 4)
        #expect(resumed.table == alone.table)

        let again = try run(session(stopped), in: stopped)
        #expect(again.summary.stagesRun == 0)
        #expect(again.table == alone.table)
    }

    private static let busyScenes = """
        \(beginning)
          recording_seconds: 2
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.1
          source_speed: 0.25
        parameters:
          overlap: [1, 2]
          source_motion: [still, arc]
        """

    @Test("moving and overlapping sources: a prediction a source and patch, the same bytes again")
    func busyScenes() throws {
        let (one, three) = (try TemporaryFolder(), try TemporaryFolder())
        let alone = try run(session(one, Self.busyScenes), in: one)
        #expect(alone.summary.trialsFinished == 4)
        #expect(
            try run(session(three, Self.busyScenes), in: three, workers: 3).table == alone.table)
        #expect(alone.table.contains("2 sources, moving on an arc"))
        #expect(alone.table.contains("raw features, no encoder (2 sources, still)"))

        let store = try ResultsStore(
            readingFrom: one.url.appending(path: "results/ablate.sqlite").path)
        for trial in try store.trials(of: "tiny") {
            let stages = try store.stages(ofTrial: trial.digest).map { try store.stage($0) }
            let tests = try #require(
                stages.first { $0.kind == "test_scenes" }?.metrics["scenes_test"])
            let isDouble = trial.label.hasPrefix("2")
            let isMoving = trial.label.contains("moving")
            for kind in ["raw", "random", "probe", "finetune", "scratch"] {
                let text = try #require(
                    stages.first { $0.kind == kind }?.details["\(kind)_predictions"])
                let predictions = try #require(PackedPredictions.predictions(in: text))
                // Two patches of 1.28 s are spread over 2 s.
                let patches = Set(predictions.map(\.patch)).count
                #expect(isMoving == (patches > 1))
                #expect(predictions.count == Int(tests) * patches * (isDouble ? 2 : 1))
                #expect(predictions.allSatisfy { ($0.source != nil) == isDouble })
                if isDouble {
                    // The classes of a recording differ.
                    let first = predictions.prefix(2)
                    #expect(Set(first.map(\.recording)).count == 1)
                    #expect(Set(first.map(\.label)).count == 2)
                }
            }
        }
    }

    @Test("what a linear array hears is in front of it; other arrays hear all around")
    func halfPlane() throws {
        let folder = try TemporaryFolder()
        let text =
            Self.busyScenes
            .replacing("overlap: [1, 2]", with: "array: [linear, tetrahedral]")
            .replacing("source_motion: [still, arc]", with: "noise: [diffuse]")
            + "\nevaluation: [raw]"
        let hybrid = ["base.simulation=hybrid", "base.evaluation_unit=patch"]
        #expect(
            try run(session(folder, text, overrides: hybrid), in: folder)
                .summary.trialsFinished == 2)
        let store = try ResultsStore(
            readingFrom: folder.url.appending(path: "results/ablate.sqlite").path)
        for trial in try store.trials(of: "tiny") {
            let raw = try #require(
                try store.stages(ofTrial: trial.digest).map { try store.stage($0) }
                    .first { $0.kind == "raw" })
            let predictions = try #require(
                PackedPredictions.predictions(in: raw.details["raw_predictions"] ?? ""))
            let isBehind = predictions.contains { abs($0.azimuth) > .pi / 2 }
            #expect(isBehind == trial.label.hasPrefix("tetrahedral"))
            #expect(predictions.allSatisfy { $0.patch != nil && $0.source == nil })
        }
    }

    @Test("a deleted or damaged cache is rebuilt when a new stage needs it, with the same result")
    func rebuiltCache() throws {
        let (whole, damaged) = (try TemporaryFolder(), try TemporaryFolder())
        let expected = try run(session(whole), in: whole).table
        let probeAlone = ["evaluation=[probe]"]
        try run(session(damaged, overrides: probeAlone), in: damaged)
        let cache = damaged.url.appending(path: "results/cache")
        for name in try FileManager.default.subpathsOfDirectory(atPath: cache.path) {
            let file = cache.appending(path: name)
            guard var data = try? Data(contentsOf: file), !data.isEmpty else { continue }
            if name.hasSuffix(".safetensors") {
                data.removeLast(data.count / 2)
            } else {
                data[data.count / 2] ^= 1
            }
            try data.write(to: file)
        }
        let repaired = try run(session(damaged), in: damaged)
        #expect(repaired.summary.trialsFailed == 0)
        #expect(repaired.table == expected)
    }

    @Test("a trial that cannot be run fails with its reason; the others go on")
    func failedTrial() throws {
        let folder = try TemporaryFolder()
        let text = Self.sweep.replacing(
            "augmentations: {values: [[], [channel_swap, mixup, random_resized_crop, channel_drop]]}",
            with: "batch_size: {values: [8, 60]}"
        ).replacing("\n  batch_size: 8\n", with: "\n")
            .replacing("clips: 40", with: "clips: 120")
        // Planned with more recordings than there are when it runs.
        let result = try run(
            session(folder, text + "\nevaluation: [probe]\n"), in: folder,
            dataSet: SoundDataSet.load(DataSettings(clips: 40, classes: 4)))
        #expect(result.summary.trialsFinished == 2)
        #expect(result.summary.trialsFailed == 2)
        #expect(result.table.contains("a batch of 60 does not fit"))
        let store = try ResultsStore(
            readingFrom: folder.url.appending(path: "results/ablate.sqlite").path)
        let failures = try store.failures(of: "tiny")
        #expect(failures.count == 2)
        #expect(failures.allSatisfy { $0.reason.contains("lower batch_size") })
        // A fault of the trial is not tried again.
        #expect(failures.allSatisfy { $0.attempts == 1 })
    }

    @Test("the view trial_results has a row a trial with parameters, seed and metrics")
    func flatView() throws {
        let folder = try TemporaryFolder()
        try run(session(folder, overrides: ["evaluation=[probe]", "seeds=[4]"]), in: folder)
        let store = try ResultsStore(
            readingFrom: folder.url.appending(path: "results/ablate.sqlite").path)
        let trials = try store.trials(of: "tiny")
        #expect(trials.count == 2)
        #expect(trials.allSatisfy { $0.metrics["probe_error"] != nil && $0.seed == 4 })
    }
}
