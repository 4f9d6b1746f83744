import Digests
import ResultsStore

/// A trial is named by the first digits of its digest.
enum TrialLookup {
    /// Throws: ``CommandError/unknownTrial(_:matches:)`` for none, and for more than one.
    static func find(_ text: String, in store: ResultsStore) throws -> TrialRecord {
        let records = try store.allSweeps().flatMap { try store.trials(of: $0) }
        let matches = records.filter { $0.digest.description.hasPrefix(text) }
        guard let match = matches.first, Set(matches.map(\.digest)).count == 1 else {
            throw CommandError.unknownTrial(text, matches: matches.count)
        }
        return match
    }
}
