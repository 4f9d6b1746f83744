import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Synchronization

/// The stages of a sweep, computed once in a folder of their own.
final class Attempt: Sendable {
    let executor: any StageExecutor
    private let stages: [Stage]
    private let layout: ResultsLayout
    private let prepared: any PreparedStudy
    private let state = Mutex<(results: [Digest: StageResult], fileBefore: [Digest: Bool])>(
        ([:], [:]))

    var results: [Digest: StageResult] { state.withLock { $0.results } }
    /// Whether each stage's file was said to be there before the stage had run.
    var fileBefore: [Digest: Bool] { state.withLock { $0.fileBefore } }

    init(_ session: SweepSession, _ layout: ResultsLayout) {
        stages = session.stages.stages
        prepared = session.prepared
        executor = prepared.executor(layout)
        self.layout = layout
    }

    /// As another process would do it, which has nothing in memory.
    func executeAnew(_ stage: Stage) -> Result<StageResult, any Error> {
        Result {
            try prepared.executor(layout).execute(
                stage, context: StageContext(worker: 0, workers: 1, threads: 1))
        }
    }

    func execute(
        _ stage: Stage, worker: Int = 0, isCancelled: Bool = false
    ) -> Result<StageResult, any Error> {
        Result {
            try executor.execute(
                stage,
                context: StageContext(
                    worker: worker, workers: 2, threads: 1, isCancelled: { isCancelled }))
        }
    }

    /// Each stage after those that it needs; returns what went wrong.
    ///
    /// - Parameters:
    ///   - reversed: among those that could run next, the last of the plan first.
    ///   - stopsFirst: each is stopped at its beginning, and run then.
    func runInOrder(reversed: Bool = false, worker: Int = 0, stopsFirst: Bool = false) -> [String] {
        var faults: [String] = []
        for wave in waves() {
            for stage in reversed ? wave.reversed() : wave {
                if stopsFirst { faults += stop(stage) }
                faults += run(stage, worker: worker)
            }
        }
        return faults
    }

    /// Stages that do not need each other, at the same time on two workers.
    func runAtOnce() -> [String] {
        let faults = Mutex<[String]>([])
        for wave in waves() {
            // A worker runs one stage after another.
            Parallel.perform(iterations: 2, threads: 2) { worker in
                for index in stride(from: worker, to: wave.count, by: 2) {
                    let found = run(wave[index], worker: worker)
                    faults.withLock { $0 += found }
                }
            }
        }
        return faults.withLock { $0 }
    }

    private func run(_ stage: Stage, worker: Int) -> [String] {
        let isThere = executor.hasArtifact(stage)
        switch execute(stage, worker: worker) {
        case .success(let result):
            state.withLock {
                $0.results[stage.id] = result
                $0.fileBefore[stage.id] = isThere
            }
            return []
        case .failure(let error):
            return ["\(stage.title) fails: \(error)"]
        }
    }

    /// A stopped stage throws `CancellationError`, unless it was done before it looked.
    private func stop(_ stage: Stage) -> [String] {
        if case .failure(let error) = execute(stage, isCancelled: true),
            !(error is CancellationError)
        {
            return ["\(stage.title) fails instead of stopping: \(error)"]
        }
        return []
    }

    /// Stages that need nothing but those of earlier waves.
    private func waves() -> [[Stage]] {
        var depths: [Digest: Int] = [:]
        var waves: [[Stage]] = []
        for stage in stages {
            let depth = (stage.dependencies.compactMap { depths[$0] }.max() ?? -1) + 1
            depths[stage.id] = depth
            if depth == waves.count { waves.append([]) }
            waves[depth].append(stage)
        }
        return waves
    }

    // MARK: Files

    func file(of stage: Stage) -> URL? {
        layout.cachedFiles().first { $0.digest == stage.id }?.file
    }

    /// Removes a file, or cuts it in half; false where that cannot be done, as with a folder.
    func spoil(_ file: URL, isRemoved: Bool) -> Bool {
        if isRemoved { return (try? FileManager.default.removeItem(at: file)) != nil }
        guard let data = try? Data(contentsOf: file) else { return false }
        return (try? data.prefix(data.count / 2).write(to: file)) != nil
    }
}
