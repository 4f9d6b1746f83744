public import Digests
import Foundation
import Platform
import ResultsStore
public import Studies

/// Reads and leaves results in the shared folder. Any number of processes on any number of machines do so at
/// once.
package struct Exchange: Sendable {
    package let folder: ExchangeFolder
    package var calls = SharedFile.Calls()

    private let fault: @Sendable (String, Double) -> String?

    /// - Parameter fault: why a metric cannot have a value; a record with such a value counts as none.
    package init(
        folder: ExchangeFolder,
        fault: @escaping @Sendable (_ metric: String, _ value: Double) -> String? = { _, _ in nil }
    ) {
        self.folder = folder
        self.fault = fault
    }

    /// What became of a record that was handed in.
    package enum Publication: Sendable, Hashable {
        case kept
        /// The same result was there.
        case known
        /// Another result of the same stage was there, which stays.
        case differs(String)
    }

    /// The result of a stage; nil where there is none that is whole and can be.
    package func record(_ stage: Digest) -> ExchangeRecord? {
        guard let data = SharedFile.read(folder.record(stage)),
            let record = ExchangeRecord(data, of: stage),
            record.impossible({ fault($1, $2) }) == nil
        else { return nil }
        return record
    }

    /// Hands in a result. The first one stays, but for a failure in the place of which a result comes, and
    /// for what cannot be read.
    ///
    /// Throws: `PlatformError`.
    package func publish(_ record: ExchangeRecord) throws -> Publication {
        let url = folder.record(record.stage)
        let content = try record.sealed()
        if try SharedFile.create(content, at: url, calls: calls) { return .kept }
        guard let there = self.record(record.stage) else {
            try SharedFile.replace(content, at: url, calls: calls)
            return .kept
        }
        switch (there.outcome, record.outcome) {
        case (.failed, .finished):
            try SharedFile.replace(content, at: url, calls: calls)
            return .kept
        case (.finished, .finished):
            guard
                let difference = MetricDifference(here: there.metrics, there: record.metrics)
            else { return .known }
            let other = folder.differing(record.stage, host: record.host, job: record.job)
            try SharedFile.replace(content, at: other, calls: calls)
            return .differs("\(record.title): \(difference)")
        default:
            return .known
        }
    }

}

extension ExchangeFolder {
    /// Those of the stages that have a result here that can be read.
    ///
    /// - Parameter study: whose stages they are.
    public func finished(among stages: Set<Digest>, of study: any Study) -> Set<Digest> {
        let exchange = Exchange(folder: self, fault: { study.fault(ofMetric: $0, $1) })
        return Set(
            records().stages.filter {
                stages.contains($0) && exchange.record($0)?.outcome == .finished
            })
    }

    /// Gives up what was left of stages, so that they are computed again.
    public func forget(_ stages: [Digest]) {
        for stage in stages { unlink(record(stage).path) }
    }
}
