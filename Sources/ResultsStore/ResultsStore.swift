import Foundation
import GRDB
import Synchronization

/// The results database: every sweep, trial, stage, metric, curve, attempt and claim.
///
/// SQLite in WAL mode: one writer at a time, short transactions, readers never block a writer nor
/// are blocked by one. Every committed transaction survives the death of the process. On power
/// loss the file stays consistent, and see ``Durability`` for what is kept.
public final class ResultsStore: Sendable {
    /// What a commit promises when the power fails (a killed process loses nothing in either mode).
    public enum Durability: Sendable, Hashable {
        /// Work that took longer than a tenth of a second is on the disk before the next starts;
        /// of shorter stages those of the last moments may have to run again.
        case byCost
        /// Every commit is on the disk before the next stage starts.
        case full
    }

    /// A moment in a transaction at which a test may kill the process.
    public enum Boundary: Sendable, Hashable {
        case begun
        case beforeCommit
        case afterCommit
    }

    public struct Options: Sendable {
        /// Units: seconds to wait for another writer before giving up.
        public var busyTimeout: Double
        public var durability: Durability
        /// Asked before each read, which throws `CancellationError` where nobody waits for it any more.
        public var isWithdrawn: (@Sendable () -> Bool)?
        /// Called at each boundary of each transaction of this store, for tests of resumption.
        public var faultPoint: (@Sendable (Boundary) -> Void)?

        public init(
            busyTimeout: Double = 60, durability: Durability = .byCost,
            isWithdrawn: (@Sendable () -> Bool)? = nil,
            faultPoint: (@Sendable (Boundary) -> Void)? = nil
        ) {
            self.busyTimeout = busyTimeout
            self.durability = durability
            self.isWithdrawn = isWithdrawn
            self.faultPoint = faultPoint
        }
    }

    /// The file's path, or ":memory:".
    public let path: String
    public let isReadOnly: Bool
    /// Whether it is a copy in memory of a file with an older schema, as that was when it was opened.
    public let isCopy: Bool
    let options: Options
    let queue: DatabaseQueue
    /// The file that was opened for writing.
    let identity: FileIdentity?
    let metricNames = Mutex(MetricNames())

    /// Opens the database at `path`, creates it and its folder where they are missing, and brings
    /// an older schema up to date.
    ///
    /// Throws: ``StoreError`` when the file is not a database of this program or a newer one, when
    /// it cannot be written, or when the disk is full.
    public init(path: String, options: Options = Options()) throws {
        self.path = path
        self.options = options
        isReadOnly = false
        isCopy = false
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError.notWritable(path: path)
        }
        try Self.requireFiles(path)
        // By itself SQLite lets nobody but who made the file write it, and makes the files beside it, of which a mere
        // reader may be the first to need one, alike: several users of a folder would keep each other out.
        _ = mknod(path, S_IFREG | 0o666, 0)
        queue = try Self.retrying(path: path, options: options) {
            let queue = try DatabaseQueue(
                path: path, configuration: Self.configuration(options, readOnly: false))
            try Self.prepare(queue, path: path)
            return queue
        }
        identity = FileIdentity(path)
    }

    /// A database in memory, gone with the store: for tests.
    public init(inMemory options: Options = Options()) throws {
        path = ":memory:"
        self.options = options
        isReadOnly = false
        isCopy = false
        identity = nil
        queue = try DatabaseQueue(configuration: Self.configuration(options, readOnly: false))
        try Self.prepare(queue, path: path)
    }

    /// Opens an existing database for reading alone: never blocks a run, never changes a byte. One
    /// with the schema of an older version is read as it was when it was opened.
    ///
    /// Throws: ``StoreError`` when there is none, or it is not of this program or of a newer version.
    public init(readingFrom path: String, options: Options = Options()) throws {
        self.path = path
        self.options = options
        isReadOnly = true
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError.missing(path: path)
        }
        try Self.requireFiles(path)
        identity = nil
        (queue, isCopy) = try Self.retrying(path: path, options: options) {
            let file = try DatabaseQueue(
                path: Self.readingName(path),
                configuration: Self.configuration(options, readOnly: true))
            let queue = try Self.current(file, path: path)
            return (queue, queue !== file)
        }
    }

    /// Closes the connection; the last one to close merges the write-ahead log into the file.
    public func close() throws {
        try queue.close()
    }

    /// Closes the connection and leaves one file that needs no other beside it, also to be read: for a copy
    /// that is to be put on a network file system. Nobody else may have it open.
    package func closeWhole() throws {
        do {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try queue.close()
        } catch {
            throw StoreError(error, path: path, busyTimeout: options.busyTimeout)
        }
    }

    /// Merges the write-ahead log into the file as far as readers allow, so that a copy of the file
    /// alone has everything. What cannot be merged now is merged later.
    public func checkpoint() throws {
        if isReadOnly { return }
        do {
            try queue.writeWithoutTransaction { database in
                _ = try database.checkpoint(.passive)
            }
        } catch {
            let fault = StoreError(error, path: path, busyTimeout: options.busyTimeout)
            // Another process is merging at this moment.
            if case .locked = fault { return }
            throw fault
        }
    }

    /// Ends the statement that runs now, which throws; from any thread.
    public func interrupt() { queue.interrupt() }

    // MARK: Access

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if options.isWithdrawn?() == true { throw CancellationError() }
        do {
            return try queue.read(body)
        } catch {
            if options.isWithdrawn?() == true { throw CancellationError() }
            throw StoreError(error, path: path, busyTimeout: options.busyTimeout)
        }
    }

    /// One transaction that takes the write lock at once, so that it never has to give way half-way.
    func write<Value>(fullySynchronous: Bool = false, _ body: (Database) throws -> Value) throws
        -> Value
    {
        // One that was upgraded in memory could be written, and nobody would see it.
        if isReadOnly { throw StoreError.notWritable(path: path) }
        try requireSameFile()
        do {
            return try queue.writeWithoutTransaction { database in
                let raises = fullySynchronous && options.durability == .byCost
                if raises { try database.execute(sql: "PRAGMA synchronous = FULL") }
                defer { if raises { try? database.execute(sql: "PRAGMA synchronous = NORMAL") } }
                var value: Value?
                try database.inTransaction(.immediate) {
                    options.faultPoint?(.begun)
                    value = try body(database)
                    options.faultPoint?(.beforeCommit)
                    return .commit
                }
                options.faultPoint?(.afterCommit)
                return value!
            }
        } catch {
            throw StoreError(error, path: path, busyTimeout: options.busyTimeout)
        }
    }

    private static func configuration(_ options: Options, readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        // Rows are deleted by hand in the right order: checks at every insertion would cost more
        // than the insertion.
        configuration.foreignKeysEnabled = false
        // SQLite's own waits grow to 100 ms; transactions here take a tenth of a millisecond.
        let deadline = options.busyTimeout
        configuration.busyMode = .callback { tries in
            let wait = min(0.000_1 * Double(tries + 1), 0.005)
            // The sum of 0.1, 0.2, ... ms reaches 5 ms a try at the 50th, 0.127 s after the first.
            let waited = tries < 50 ? 0 : 0.127 + Double(tries - 50) * 0.005
            if waited > deadline { return false }
            Thread.sleep(forTimeInterval: wait)
            return true
        }
        let synchronous = options.durability == .full ? "FULL" : "NORMAL"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY")
            // 16 MB: merging the log into the file costs more than all the commits between.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
            if !readOnly { try database.execute(sql: "PRAGMA synchronous = \(synchronous)") }
        }
        return configuration
    }

    /// Opening can meet another process that creates, upgrades, recovers or closes the same file.
    /// SQLite reports some of these moments without asking the busy handler, and the slower of two
    /// that create the tables finds them there: it looks again.
    private static func retrying<Value>(
        path: String, options: Options, _ body: () throws -> Value
    ) throws -> Value {
        let start = ContinuousClock.now
        while true {
            do {
                return try body()
            } catch {
                let error = StoreError(error, path: path, busyTimeout: options.busyTimeout)
                let patience: Double
                switch error {
                case .locked: patience = options.busyTimeout
                case .failed: patience = min(5, options.busyTimeout)
                default: throw error
                }
                if ContinuousClock.now - start >= .seconds(patience) { throw error }
                Thread.sleep(forTimeInterval: 0.002)
            }
        }
    }

    /// A database in a folder that cannot be written, and that no one is writing, is read without
    /// the two files that SQLite keeps beside one in use.
    private static func readingName(_ path: String) -> String {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard !FileManager.default.isWritableFile(atPath: folder),
            !FileManager.default.fileExists(atPath: path + "-wal")
        else { return path }
        let absolute = URL(filePath: path).absoluteURL.path
        let escaped = absolute.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        return "file:\(escaped ?? absolute)?immutable=1"
    }
}
