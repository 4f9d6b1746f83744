import Foundation
import Reports
import ResultsStore
import Studies
import Synchronization

/// The tables that were made last: one is made once and then sorted and turned page by page.
final class TableShelf: Sendable {
    private struct Name: Hashable {
        var sweep: String
        var kind: TableAnswer.Kind
    }

    private struct Entry {
        var mark: String
        var table: Table
        var used: Int
    }

    private static let most = 6
    private let shelf = Mutex<(entries: [Name: Entry], uses: Int)>(([:], 0))

    /// Throws: as the table does that is made.
    func table(_ kind: TableAnswer.Kind, _ sweep: String, _ store: StudyStore) throws -> Table {
        let name = Name(sweep: sweep, kind: kind)
        let mark = try store.store.resultsMark()
        let known = shelf.withLock { shelf -> Table? in
            shelf.uses += 1
            guard shelf.entries[name]?.mark == mark else { return nil }
            shelf.entries[name]?.used = shelf.uses
            return shelf.entries[name]?.table
        }
        if let known { return known }
        let table = try TableAnswer.table(kind, sweep, store)
        shelf.withLock { shelf in
            shelf.entries[name] = Entry(mark: mark, table: table, used: shelf.uses)
            if shelf.entries.count > Self.most,
                let oldest = shelf.entries.min(by: { $0.value.used < $1.value.used })
            {
                shelf.entries[oldest.key] = nil
            }
        }
        return table
    }
}
