import Foundation
import Platform
import ResultsStore
import Studies
import Synchronization

/// Notices, twice a second, that a store has changed: in anything, or in what tables show.
final class StoreWatch: Sendable {
    struct Moment: Hashable, Sendable {
        /// Counts changes of any kind.
        var version = 1
        /// Counts changes of results and plans.
        var results = 1
    }

    private struct State: Equatable {
        var moment = Moment()
        var isOver = false
    }

    private let state = Monitor(State())
    private let path: String
    private let catalogue: StudyCatalogue

    init(_ path: String, _ catalogue: StudyCatalogue) {
        self.path = path
        self.catalogue = catalogue
    }

    /// Nil when it has ended.
    var moment: Moment? { state.withLock { $0.isOver ? nil : $0.moment } }

    /// Throws: `PlatformError` where there is no thread to be had.
    func start() throws -> WorkThread {
        try WorkThread(
            name: "store watch", cancel: { [self] in stop() }, body: { [self] in watch() })
    }

    func stop() { state.update { $0.isOver = true } }

    private func watch() {
        let reader = StoreReader(path, catalogue)
        var file: StoreFileMark?
        var results: String?
        var isFirst = true
        while state.wait(seconds: isFirst ? 0 : 0.5, { $0.isOver ? () : nil }) == nil {
            isFirst = false
            let found = StoreFileMark(path)
            guard found != file else { continue }
            // A store that cannot be read now may be readable soon: its next change is looked at.
            let mark = found == nil ? nil : try? reader.current()?.store.resultsMark()
            let isNew = mark != results || found?.file != file?.file
            (file, results) = (found, mark)
            state.update {
                $0.moment.version += 1
                if isNew { $0.moment.results += 1 }
            }
        }
    }
}
