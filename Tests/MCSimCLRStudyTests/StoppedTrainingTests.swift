import Foundation
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import ResultsStore
import Studies
import Synchronization
import TestSupport
import Testing

/// A task whose time is up saves what it trains, and the next one goes on from there.
@Suite("Stages of training that are stopped", .serialized)
struct StoppedTrainingTests {
    private static let sweep = """
        name: tiny
        data: {source: builtin, clips: 20, classes: 3, seed: 2}
        base:
          encoder: {channels: [4, 4, 4], recurrent_units: 4}
          projection: [8, 4]
          feature_pooling: 2
          pretraining_steps: 6
          finetuning_steps: 6
          finetuning_batch_size: 6
          batch_size: 8
          recording_seconds: 2
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.1
        seeds: [11]
        evaluation: [finetune, scratch]
        """

    /// What a thread that trains sees.
    private final class Watch: Sendable {
        let steps = Mutex(0)
        let log = Mutex<[String]>([])
        let stop: Int

        init(stopAfter stop: Int = .max) { self.stop = stop }

        var context: StageContext {
            StageContext(
                isCancelled: { self.steps.withLock { $0 } >= self.stop },
                report: { progress in self.steps.withLock { $0 = progress.step } },
                log: { line in self.log.withLock { $0.append(line) } })
        }
    }

    @Test("go on where they were, to the same results, and leave nothing unfinished behind")
    func continued() throws {
        NumericBackend.prepare()
        let folder = try TemporaryFolder()
        try folder.write(Self.sweep, to: "tiny.yaml")
        let session = try SweepSession(
            path: folder.file("tiny.yaml").path, overrides: [], catalogue: .builtin)
        let layout = ResultsLayout(root: folder.url.appending(path: "stopped").path)
        let stopped = session.prepared.executor(layout)
        let whole = session.prepared.executor(
            ResultsLayout(root: folder.url.appending(path: "whole").path))
        for stage in session.stages.stages {
            let expected = try whole.execute(stage, context: StageContext())
            guard ["pretrain", "finetune", "scratch"].contains(stage.kind) else {
                #expect(try stopped.execute(stage, context: StageContext()) == expected)
                continue
            }
            for stop in [2, 5] {
                #expect(throws: CancellationError.self) {
                    try stopped.execute(stage, context: Watch(stopAfter: stop).context)
                }
                #expect(
                    FileManager.default.fileExists(atPath: layout.unfinishedTraining(stage.id).path)
                )
            }
            let last = Watch()
            #expect(try stopped.execute(stage, context: last.context) == expected, "\(stage.kind)")
            #expect(last.log.withLock { $0 } == ["continues at step 5"], "\(stage.kind)")
            #expect(
                !FileManager.default.fileExists(atPath: layout.unfinishedTraining(stage.id).path))
        }
    }
}
