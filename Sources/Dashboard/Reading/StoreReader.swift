import Foundation
import ResultsStore
import Studies

/// A store that may not be there yet, may be replaced, and is open for reading while it is there.
///
/// Used from one thread.
final class StoreReader {
    private let path: String
    private let catalogue: StudyCatalogue
    private var store: ResultsStore?
    private var opened: StoreFileMark?
    private let isWithdrawn: (@Sendable () -> Bool)?

    /// - Parameter isWithdrawn: whether nobody waits any more for what is being read.
    init(
        _ path: String, _ catalogue: StudyCatalogue, isWithdrawn: (@Sendable () -> Bool)? = nil
    ) {
        self.path = path
        self.catalogue = catalogue
        self.isWithdrawn = isWithdrawn
    }

    /// The store as it is now; nil where there is none.
    ///
    /// Throws: `StoreError` for a file that is no store, or one of a newer version.
    func current() throws -> StudyStore? {
        guard let mark = StoreFileMark(path) else {
            try? store?.close()
            (store, opened) = (nil, nil)
            return nil
        }
        // One of an older schema was copied when it was opened.
        let isStale = mark.file != opened?.file || store?.isCopy == true && mark != opened
        if store == nil || isStale {
            try? store?.close()
            store = nil
            store = try ResultsStore(
                readingFrom: path, options: .init(busyTimeout: 5, isWithdrawn: isWithdrawn))
            opened = mark
        }
        return store.map { StudyStore($0, catalogue) }
    }
}

/// Tells two states of a database's files apart without opening them.
struct StoreFileMark: Hashable, Sendable {
    struct File: Hashable, Sendable {
        var device: UInt64
        var number: UInt64
    }

    var file: File
    private var times: [Int]

    /// Nil where there is no file, or an empty one.
    init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_size > 0 else { return nil }
        file = File(device: UInt64(facts.st_dev), number: UInt64(facts.st_ino))
        times = [Self.time(facts), Int(facts.st_size)]
        if stat(path + "-wal", &facts) == 0 { times += [Self.time(facts), Int(facts.st_size)] }
    }

    private static func time(_ facts: stat) -> Int {
        #if canImport(Darwin)
            facts.st_mtimespec.tv_sec * 1_000_000_000 + facts.st_mtimespec.tv_nsec
        #else
            facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
        #endif
    }
}
