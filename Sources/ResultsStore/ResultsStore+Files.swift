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

/// Which file a path leads to.
struct FileIdentity: Sendable, Equatable {
    private let device: UInt64
    private let inode: UInt64

    /// nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension ResultsStore {
    /// SQLite goes on writing into a file that has been deleted, and nobody would find it again.
    ///
    /// Throws: ``StoreError/replaced(path:)``.
    func requireSameFile() throws(StoreError) {
        guard let identity, FileIdentity(path) != identity else { return }
        throw .replaced(path: path)
    }
}
