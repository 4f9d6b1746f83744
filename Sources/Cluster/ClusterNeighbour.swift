public import Digests
import Foundation
public import Orchestration
import Platform
import ResultsStore
public import Studies

/// A run beside the tasks of a cluster, in the results folder that they were submitted from: what one computes
/// the other waits for, and takes.
public final class ClusterNeighbour: Sendable {
    private let exchange: Exchange
    private let build: String
    private let executor = Monitor<SharedExecutor?>(nil)

    /// nil where no task was ever to compute a stage of the sweep.
    public init?(_ layout: ResultsLayout, _ session: SweepSession, build: String) {
        let folder = ExchangeFolder(layout)
        let own = Set(session.stages.stages.map(\.id))
        let isShared = folder.submissions().contains { submission in
            guard let submission = try? Submission(reading: submission) else { return false }
            return submission.tasks.contains { !own.isDisjoint(with: $0.stages) }
        }
        guard isShared else { return nil }
        let study = session.study
        exchange = Exchange(folder: folder, fault: { study.fault(ofMetric: $0, $1) })
        self.build = build
    }

    /// Stages that are to be computed again whatever tasks have left.
    public func forget(_ stages: [Digest]) { exchange.folder.forget(stages) }

    /// Computes what no task has computed or is at work on.
    public func sharing(_ inner: any StageExecutor) -> any StageExecutor {
        let shared = SharedExecutor(
            inner, exchange: exchange, build: build, origin: .init(), patience: 180,
            writingPatience: 600)
        executor.update { $0 = shared }
        return shared
    }

    /// Runs something that computes, and shows meanwhile that somebody is at work.
    ///
    /// Throws: what `body` throws, and `PlatformError` where no thread can be had.
    public func atWork<Value>(_ body: () throws -> Value) throws -> Value {
        let signs = try SignsOfLife { [executor] in executor.withLock { $0 }?.renewLeases() }
        defer { signs.end() }
        return try body()
    }
}
