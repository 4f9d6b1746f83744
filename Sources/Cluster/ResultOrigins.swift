import Digests
import ResultsStore
import Studies

/// Where results come from that tasks have left: kept as a run of the sweep of each submission, as those are that
/// one process computes.
struct ResultOrigins {
    fileprivate struct Origin: Hashable {
        var submission: String
        var program: String?
    }

    private let exchange: ExchangeFolder
    private var records: [Origin: [ExchangeRecord]] = [:]

    init(_ exchange: ExchangeFolder) { self.exchange = exchange }

    /// Results of versions that did not say whose task they are have no origin.
    mutating func add(_ record: ExchangeRecord) {
        guard let submission = record.submission else { return }
        var record = record
        // It has been taken in.
        (record.curves, record.details, record.log) = ([:], [:], "")
        records[Origin(submission: submission, program: record.program), default: []].append(record)
    }

    /// Keeps those whose results the store has now.
    ///
    /// Throws: `StoreError`.
    func record(in store: ResultsStore) throws {
        let statuses = try store.statuses(of: records.values.flatMap { $0.map(\.stage) })
        for (origin, records) in records.sorted(by: { $0.key.order < $1.key.order }) {
            let taken = records.filter {
                switch ($0.outcome, statuses[$0.stage]) {
                case (.finished, .finished?), (.failed, .failed?): true
                default: false
                }
            }
            guard let submission = try? Submission(reading: exchange.submission(origin.submission)),
                let started = taken.map(\.started).min(),
                let ended = taken.map({ $0.started + $0.seconds }).max()
            else { continue }
            let run = SweepProvenance.Run(
                started: started, seconds: ended - started, stages: taken.count,
                repository: submission.repository, program: origin.program, joules: nil)
            do {
                try run.record(
                    of: submission.sweep, in: store,
                    workers: Set(taken.map { "\($0.host) \($0.job)" }).count,
                    outcome: taken.contains { $0.outcome == .failed } ? "failed" : "finished")
            } catch StoreError.unknownSweep {
                // It was deleted since.
            } catch StoreError.unknownRevision {
                // Its plan was.
            }
        }
    }
}

extension ResultOrigins.Origin {
    fileprivate var order: String { submission + " " + (program ?? "") }
}
