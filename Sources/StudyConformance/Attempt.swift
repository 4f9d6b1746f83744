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
    private let state = Mutex(State())

    private struct State {
        var results: [Digest: StageResult] = [:]
        var fileBefore: [Digest: Bool] = [:]
        var looks: [Digest: Int] = [:]
    }

    var results: [Digest: StageResult] { state.withLock { $0.results } }
    /// How often each stage has asked whether it is cancelled.
    var looks: [Digest: Int] { state.withLock { $0.looks } }
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

    /// - Parameters:
    ///   - threads: that it has where it borrows some.
    ///   - stopAfter: how often the stage is told that it may go on; nil for always.
    func execute(
        _ stage: Stage, worker: Int = 0, threads: Int = 1, stopAfter: Int? = nil
    ) -> Result<StageResult, any Error> {
        let looks = Looks()
        defer {
            let count = looks.count.load(ordering: .relaxed)
            state.withLock { $0.looks[stage.id] = count }
        }
        return Result {
            try executor.execute(
                stage,
                context: StageContext(
                    worker: worker, workers: 2, threads: 1,
                    team: stage.borrowsThreads ? ThreadTeam(threads: threads) : ThreadTeam(),
                    isCancelled: {
                        let count = looks.count.add(1, ordering: .relaxed).oldValue
                        return stopAfter.map { count >= $0 } ?? false
                    }))
        }
    }

    /// Each stage after those that it needs; returns what went wrong.
    ///
    /// - Parameters:
    ///   - reversed: among those that could run next, the last of the plan first.
    ///   - stops: how often each is told to go on before it is stopped, once for each number; then it is run.
    func runInOrder(
        reversed: Bool = false, worker: Int = 0, stops: (Stage) -> [Int] = { _ in [] }
    ) -> [String] {
        var faults: [String] = []
        for wave in waves() {
            for stage in reversed ? wave.reversed() : wave {
                for count in stops(stage) { faults += stop(stage, after: count) }
                faults += run(stage, worker: worker)
            }
        }
        return faults
    }

    /// Stages that do not need each other, at the same time on two workers, which have other numbers of threads.
    func runAtOnce() -> [String] {
        let faults = Mutex<[String]>([])
        for wave in waves() {
            // A worker runs one stage after another.
            Parallel.perform(iterations: 2, threads: 2) { worker in
                for index in stride(from: worker, to: wave.count, by: 2) {
                    let found = run(wave[index], worker: worker, threads: 2 + worker)
                    faults.withLock { $0 += found }
                }
            }
        }
        return faults.withLock { $0 }
    }

    private func run(_ stage: Stage, worker: Int, threads: Int = 1) -> [String] {
        let isThere = executor.hasArtifact(stage)
        switch execute(stage, worker: worker, threads: threads) {
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
    private func stop(_ stage: Stage, after count: Int) -> [String] {
        if case .failure(let error) = execute(stage, stopAfter: count),
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

    /// Files that are left, and that no stage has declared: paths below the results folder.
    var undeclaredFiles: [String] {
        let root = layout.root.resolvingSymlinksInPath().path + "/"
        let declared = Set(stages.filter(\.producesArtifact).map(\.id))
        let own = layout.cachedFiles().filter { declared.contains($0.digest) }
            .map { $0.file.resolvingSymlinksInPath().path.dropFirst(root.count) }
        let names = FileManager.default.enumerator(atPath: layout.root.path)?.allObjects ?? []
        return names.compactMap { $0 as? String }.filter { name in
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(
                atPath: root + name, isDirectory: &isFolder)
            return isThere && !isFolder.boolValue
                && !own.contains { name == $0 || name.hasPrefix($0 + "/") }
        }.sorted()
    }

    /// Removes a file, or cuts it in half; false where that cannot be done, as with a folder.
    func spoil(_ file: URL, isRemoved: Bool) -> Bool {
        if isRemoved { return (try? FileManager.default.removeItem(at: file)) != nil }
        guard let data = try? Data(contentsOf: file) else { return false }
        return (try? data.prefix(data.count / 2).write(to: file)) != nil
    }
}

/// How often a stage has asked whether it is cancelled; it may do so on any thread.
private final class Looks: Sendable {
    let count = Atomic(0)
}
