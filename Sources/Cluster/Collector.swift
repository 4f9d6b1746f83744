import Digests
import Foundation
import Platform
public import ResultsStore
public import Studies

/// Takes the results that tasks have left into the store. The only one to open it; works at any time, also
/// half-way, and again.
public struct Collector: Sendable {
    private let layout: ResultsLayout
    private let exchange: ExchangeFolder
    private let catalogue: StudyCatalogue
    /// Units: seconds without a sign of life until another collector is taken to be gone.
    private let patience: Double

    /// What was found and taken in.
    public struct Summary: Sendable, Hashable {
        public var intake = IntakeSummary()
        /// Files that are torn, changed, of a later version, or say what no evaluation gives.
        public var unreadable: [String] = []
        /// Results that were computed twice, with other values.
        public var differing: [String] = []

        public init() {}
    }

    /// - Parameter catalogue: the studies that know which values their metrics can have.
    public init(
        _ layout: ResultsLayout, patience: Double = 180,
        catalogue: StudyCatalogue
    ) {
        self.layout = layout
        self.patience = patience
        self.catalogue = catalogue
        exchange = ExchangeFolder(layout)
    }

    /// Does something to the store while no other collector does.
    ///
    /// - Parameter seconds: for which another one is waited for.
    /// - Throws: ``ClusterError/collecting(host:)``, and what `body` throws.
    public func locked<Value>(
        waiting seconds: Double = 600, _ body: () throws -> Value
    ) throws -> Value {
        try exchange.createFolders()
        let url = exchange.lease("collect")
        let start = ContinuousClock.now
        var watch = LeaseWatch(url, patience: patience)
        while true {
            if let lease = try Lease.take(
                url, job: ProcessInfo.processInfo.environment["SLURM_JOB_ID"] ?? "")
            {
                let signs = try SignsOfLife { lease.renew() }
                defer {
                    signs.end()
                    lease.release()
                }
                return try body()
            }
            if watch.isFree() { continue }
            guard ContinuousClock.now - start < .seconds(seconds) else {
                throw ClusterError.collecting(
                    host: Lease.holder(of: url)?.host ?? "another machine")
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// Takes in every result that the store does not have. To be called within ``locked(waiting:_:)``.
    ///
    /// Throws: `StoreError`.
    public func collect(into store: ResultsStore) throws -> Summary {
        var summary = Summary()
        // What tasks have left may have them still.
        _ = try store.giveUpStagesWithoutFigures()
        let (stages, differing) = exchange.records()
        let statuses = try store.statuses(of: stages)
        let source = Exchange(folder: exchange)
        var batch: [ForeignResult] = []
        var origins = ResultOrigins(exchange)
        // Asked for by the first value that is doubted: most often none is.
        lazy var fault = try? StudyStore(store, catalogue).metricFault()
        for stage in stages {
            // What is finished is not read again.
            switch statuses[stage] {
            case .finished?:
                summary.intake.known += 1
                continue
            case nil:
                summary.intake.unnamed += 1
                continue
            case .pending?, .failed?: break
            }
            guard let record = source.record(stage) else {
                summary.unreadable.append("\(stage).json is torn, damaged or of another version")
                continue
            }
            let reason = record.impossible { stage, metric, value in
                catalogue.doubts(metric, value) ? fault?(stage, metric, value) : nil
            }
            if let reason {
                summary.unreadable.append("\(stage).json: \(reason)")
                continue
            }
            batch.append(record.foreignResult)
            origins.add(record)
            if batch.count == 500 {
                summary.intake.add(try store.takeIn(batch))
                batch.removeAll(keepingCapacity: true)
            }
        }
        summary.intake.add(try store.takeIn(batch))
        try origins.record(in: store)
        try compare(differing, with: store, &summary)
        return summary
    }

    /// Results that tasks had to put beside the first one of their stage.
    private func compare(
        _ files: [URL], with store: ResultsStore, _ summary: inout Summary
    ) throws {
        for file in files {
            let digest = Digest(file.lastPathComponent.prefix { $0 != "." })
            guard let digest, let data = SharedFile.read(file),
                let record = ExchangeRecord(data, of: digest),
                let here = try? store.stage(digest),
                let difference = MetricDifference(here: here.metrics, there: record.metrics)
            else { continue }
            summary.differing.append(
                "\(record.title): \(difference) (\(record.host), \(record.build))")
        }
    }
}
