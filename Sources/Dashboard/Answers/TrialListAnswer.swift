import Digests
import ResultsStore

/// A page of a sweep's trials.
struct TrialListAnswer: Encodable {
    struct Item: Encodable {
        var row: Int
        var label: String
        var seed: Int
        var digest: String
        var status: String
        var reason: String?
    }

    var trials: [Item]
    var total: Int
    var from: Int

    /// - Parameter status: `finished`, `running`, `failed` (those that are blocked too), `pending`; nil
    ///   for all.
    init(
        _ sweep: String, row: Int?, status: String?, from first: Int, count: Int,
        _ store: ResultsStore
    ) throws {
        let statuses: Set<TrialStatus>? =
            status == "failed"
            ? [.failed, .blocked] : status.flatMap(TrialStatus.init(rawValue:)).map { [$0] }
        let page = try store.trialPage(
            of: sweep, row: row, statuses: statuses, from: first, count: count)
        trials = page.trials.map {
            Item(
                row: $0.row, label: $0.label, seed: $0.seed, digest: $0.digest.description,
                status: $0.status.rawValue, reason: $0.reason)
        }
        total = page.total
        from = first
    }
}
