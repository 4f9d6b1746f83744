import Digests
import Foundation
import GRDB
import Platform
import Sweeps

/// What can be wrong with a results database. A failed trial is not an error: it is a row.
public enum StoreError: Error, Equatable, Sendable {
    case newerSchema(path: String)
    case notADatabase(path: String)
    case otherProgram(path: String)
    case missing(path: String)
    case notWritable(path: String)
    case diskFull(path: String)
    /// A file would have become larger than the process may write.
    case fileTooLarge(path: String, limit: Int)
    case damaged(path: String, detail: String)
    case replaced(path: String)
    case locked(path: String, seconds: Double)
    case unknownSweep(name: String, known: [String])
    case unknownRevision(String, sweep: String, known: [Int])
    case unusableName(String, path: String)
    case unknownStage(String)
    case inUse(sweep: String, pid: Int)
    case unregistered(String, namedBy: String)
    case duplicate(String, value: String)
    case failed(path: String, detail: String)

    /// The store's words for an error of SQLite.
    init(_ error: any Error, path: String, busyTimeout: Double) {
        if let error = error as? StoreError {
            self = error
            return
        }
        if let error = error as? RowDecodingError {
            self = .damaged(path: path, detail: "\(error)")
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path: path, detail: "\(error)")
            return
        }
        let detail = error.message ?? "\(error.resultCode)"
        // What is cut off by a limit is told by SQLite as a full disk, or as one that fails.
        if [.SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode),
            let limit = Self.reachedLimit(path)
        {
            self = .fileTooLarge(path: path, limit: limit)
            return
        }
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self = .notWritable(path: path)
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, detail: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path, seconds: busyTimeout)
        case .SQLITE_IOERR:
            // SQLite reports a write that met ENOSPC while it grew the shared memory as I/O error.
            self =
                Self.hasNoSpace(path)
                ? .diskFull(path: path) : .failed(path: path, detail: detail)
        default: self = .failed(path: path, detail: detail)
        }
    }

    /// The limit on the size of files, where the database or its log has nearly reached it.
    private static func reachedLimit(_ path: String) -> Int? {
        guard let limit = ResourceLimits.fileSize else { return nil }
        let sizes = ["", "-wal", "-shm", "-journal"].compactMap { ending -> Int? in
            var status = stat()
            return stat(path + ending, &status) == 0 ? Int(status.st_size) : nil
        }
        return (sizes.max() ?? 0) + 65_536 > limit ? limit : nil
    }

    private static func hasNoSpace(_ path: String) -> Bool {
        let folder = (path as NSString).deletingLastPathComponent
        let attributes = try? FileManager.default.attributesOfFileSystem(
            forPath: folder.isEmpty ? "." : folder)
        guard let free = attributes?[.systemFreeSize] as? NSNumber else { return false }
        return free.intValue < 1 << 16
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .newerSchema(let path):
            "the database \(path) was written by a newer version of ablate: update ablate, or name "
                + "another file with --database"
        case .notADatabase(let path):
            "\(path) is not a SQLite database: name another file with --database, or move it away"
        case .otherProgram(let path):
            "\(path) is a SQLite database, but not one of ablate: name another file with --database"
        case .missing(let path):
            "there is no database \(path): '\(ProgramName.current) run SWEEP' creates it, --database names another"
        case .notWritable(let path):
            "cannot write the database \(path): make it and its folder writable (SQLite keeps two "
                + "files beside it), or name another file with --database"
        case .diskFull(let path):
            "no space left for the database \(path): free some and run again; what was finished is kept"
        case .fileTooLarge(let path, let limit):
            "the database \(path) may not grow: files of this process may have \(limit) bytes at most "
                + "('ulimit -f'); raise the limit and run again; what was finished is kept"
        case .damaged(let path, let detail):
            "the database \(path) is damaged (\(detail)): move it away and run again, or restore a copy"
        case .replaced(let path):
            "the database \(path) was deleted, moved or replaced while it was in use: what was finished "
                + "since is not in it; leave the results folder alone and run again"
        case .locked(let path, let seconds):
            "the database \(path) was locked by another program for \(seconds.formatted()) s: close "
                + "what holds it ('fuser \(path)' names it) and run again"
        case .unknownSweep(let name, let known):
            known.isEmpty
                ? "there is no sweep '\(name)': the database is empty, '\(ProgramName.current) run' fills it"
                : "there is no sweep '\(name)': the database has "
                    + known.map { "'\($0)'" }.joined(separator: ", ")
        case .unknownRevision(let revision, let sweep, let known):
            "sweep '\(sweep)' has no revision '\(revision)': it has "
                + known.map { "\(sweep)@\($0)" }.joined(separator: ", ")
                + " ('\(ProgramName.current) history \(sweep)' describes them)"
        case .unusableName(let name, let path):
            "the database \(path) has a sweep named '\(name)', under which nothing may be written: "
                + "its name must be \(SweepNameRule.text); remove it with \(ProgramName.current) delete '\(name)'"
        case .unknownStage(let digest):
            "there is no stage or trial '\(digest)' in the database: '\(ProgramName.current) status' lists them"
        case .inUse(let sweep, let pid):
            "sweep '\(sweep)' is being run by process \(pid): stop that run first (kill \(pid))"
        case .unregistered(let what, let owner):
            "\(what), named by \(owner), is not in the plan: add it"
        case .duplicate(let what, let value):
            "\(what) \(value) is in the plan twice: list it once"
        case .failed(let path, let detail):
            "the database \(path) failed (\(detail)): check the disk and run again"
        }
    }
}
