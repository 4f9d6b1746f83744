import Foundation
import Platform
public import ResultsStore
public import Studies

/// The store of a results folder that several machines see: opened by one process at a time, the one that
/// holds the collector's lease.
///
/// SQLite's log and its locks are for the processes of one machine. On a network file system the work is done
/// on a copy on this machine's own disk, which then takes the file's place as a whole: whoever reads it, on any
/// machine, has the one before or the one after.
public enum SharedStore {
    /// - Parameters:
    ///   - isShared: whether several machines see the database; as its file system says, where nil.
    ///   - body: works with the store, which is closed afterwards.
    public static func withStore<Value>(
        _ layout: ResultsLayout, isShared: Bool? = nil, _ body: (ResultsStore) throws -> Value
    ) throws -> Value {
        let file = layout.database
        guard isShared ?? SharedFolder.isShared(file) else {
            let store = try ResultsStore(path: file.path)
            let value = try body(store)
            try store.checkpoint()
            try store.close()
            return value
        }
        let manager = FileManager.default
        // What a run has left in a log goes into the file first; a log that stayed would be taken for one of
        // the file that comes in its place.
        if manager.fileExists(atPath: file.path + "-wal") {
            let run = try ResultsStore(path: file.path)
            try run.checkpoint()
            try run.close()
            for ending in ["-wal", "-shm"] { unlink(file.path + ending) }
        }
        let folder = manager.temporaryDirectory.appending(path: "ablate-\(UUID().uuidString)")
        try SharedFile.makeFolder(folder)
        defer { try? manager.removeItem(at: folder) }
        let copy = folder.appending(path: file.lastPathComponent)
        if let content = SharedFile.read(file) { try SharedFile.replace(content, at: copy) }
        let store = try ResultsStore(path: copy.path)
        let value = try body(store)
        try store.closeWhole()
        try SharedFile.replace(try Data(contentsOf: copy, options: .alwaysMapped), at: file)
        return value
    }
}
