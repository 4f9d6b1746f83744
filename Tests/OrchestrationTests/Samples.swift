import Digests
import Foundation
import Orchestration
import ResultsStore
import Synchronization
import TestSupport

extension TemporaryFolder {
    var database: String { url.appending(path: "results.sqlite").path }
}

/// Runs what a test says, counts what ran, and keeps artifacts in memory.
final class RecordingExecutor: StageExecutor {
    struct Record {
        var runs: [Digest: Int] = [:]
        var order: [String] = []
        var artifacts: Set<Digest> = []
    }

    let record = Mutex(Record())
    private let body: @Sendable (Stage, StageContext) throws -> StageResult

    init(
        _ body: @escaping @Sendable (Stage, StageContext) throws -> StageResult = { stage, _ in
            StageResult(metrics: ["\(stage.kind).length": Double(stage.title.count)])
        }
    ) {
        self.body = body
    }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        record.withLock {
            $0.runs[stage.id, default: 0] += 1
            $0.order.append(stage.title)
        }
        let result = try body(stage, context)
        if stage.producesArtifact { record.withLock { _ = $0.artifacts.insert(stage.id) } }
        return result
    }

    func hasArtifact(_ stage: Stage) -> Bool {
        record.withLock { $0.artifacts.contains(stage.id) }
    }

    var runs: [Digest: Int] { record.withLock { $0.runs } }
    var order: [String] { record.withLock { $0.order } }
}

/// Keeps every event as a line.
final class RecordingObserver: RunObserver {
    private let lines = Mutex<[String]>([])
    private let onEvent: @Sendable (RunEvent) -> Void

    init(_ onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }) { self.onEvent = onEvent }

    func event(_ event: RunEvent) {
        lines.withLock { $0.append("\(event)") }
        onEvent(event)
    }

    func contains(_ text: String) -> Bool { lines.withLock { $0.contains { $0.contains(text) } } }
}

/// Scenes, a pretraining for each row and seed, a probe for each pretraining.
func sampleSweep(_ name: String = "sample", rows: Int = 2, seeds: Int = 2) -> SweepRegistration {
    let scenes = Stage(
        id: Digest(of: "scenes"), kind: "scenes", title: "scenes", work: 10, producesArtifact: true,
        threads: 8)
    var stages = [scenes]
    var trials: [PlannedTrial] = []
    for row in 0..<rows {
        for seed in 0..<seeds {
            let pretrain = Stage(
                id: Digest(of: "pretrain \(row) \(seed)"), kind: "pretrain",
                title: "pretrain \(row) \(seed)", dependencies: [scenes.id], memoryBytes: 100,
                work: 5, producesArtifact: true)
            let probe = Stage(
                id: Digest(of: "probe \(row) \(seed)"), kind: "probe",
                title: "probe \(row) \(seed)",
                dependencies: [pretrain.id], memoryBytes: 10, work: 1)
            stages += [pretrain, probe]
            trials.append(
                PlannedTrial(
                    id: Digest(of: "trial \(row) \(seed)"), row: row, seed: seed,
                    stages: [scenes.id, pretrain.id, probe.id]))
        }
    }
    let plannedRows = (0..<rows).map {
        PlannedRow(
            index: $0, label: "row \($0)", settings: #"{"x":\#($0)}"#, varied: #"{"x":\#($0)}"#)
    }
    return SweepRegistration(
        name: name, parameters: ["x"], rows: plannedRows, trials: trials, stages: stages)
}

extension SweepRun {
    /// Registers the sweep and plans its run.
    convenience init(
        _ sweep: SweepRegistration, _ store: ResultsStore, _ executor: any StageExecutor,
        _ settings: RunSettings = RunSettings(), observer: (any RunObserver)? = nil
    ) throws {
        try store.register(sweep)
        try self.init(
            stages: sweep.stages, trials: sweep.trials, store: store, executor: executor,
            settings: settings, observer: observer)
    }
}
