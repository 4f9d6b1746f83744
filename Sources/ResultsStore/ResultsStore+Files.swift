import Foundation

extension ResultsStore {
    /// Opening a pipe would wait for ever for somebody who writes to it.
    ///
    /// Throws: ``StoreError/notADatabase(path:)`` where something else than a file lies where the
    /// database, its log, its index or its journal goes.
    static func requireFiles(_ path: String) throws(StoreError) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            var status = stat()
            guard stat(path + ending, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw .notADatabase(path: path + ending)
            }
        }
    }
}
