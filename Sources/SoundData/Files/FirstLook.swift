public import Foundation
import Platform
import Synchronization

/// How a data set's files are looked at: each is read whole once, and only once as long as it stays
/// as it is.
public struct FirstLook: Sendable {
    /// How far a look has come.
    public struct Progress: Sendable, Hashable {
        public var files: Int
        public var bytes: Int
        public var bytesDone: Int
        /// Since the look began.
        public var seconds: Double

        /// How long the whole look takes, judged by what is done.
        public var expectedSeconds: Double {
            seconds * Double(bytes) / Double(max(1, bytesDone))
        }
    }

    /// Where what was seen of the files below a folder is kept; nil keeps nothing. A cache that is
    /// damaged or cannot be written costs another look.
    public var cache: @Sendable (_ folder: String) -> URL?
    /// Told at most every fifth of a second, and at the end, one call at a time, from any thread.
    public var report: @Sendable (Progress) -> Void
    /// The clock that a file's times are compared with.
    package var now: @Sendable () -> Date = { Date() }

    public init(
        cache: @escaping @Sendable (_ folder: String) -> URL? = { _ in nil },
        report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.cache = cache
        self.report = report
    }

    /// Looks at files with all processors; the order of the result is that of `files`.
    ///
    /// - Parameter paths: what each file's path resolves to.
    func inspect(
        _ files: [URL], paths: [String], below folder: String
    ) -> [Result<FileFacts, AudioFileFault>] {
        var cache = FileFactsCache(cache(folder), now: now)
        var results = paths.map { path -> Result<FileFacts, AudioFileFault>? in
            cache.facts(of: path, now: FilePath.status(path).map(FileStamp.init)).map {
                .success($0)
            }
        }
        let missing = files.indices.filter { results[$0] == nil }
        guard !missing.isEmpty else { return results.compactMap { $0 } }
        let sizes = missing.map { FilePath.status(paths[$0]).map { Int($0.st_size) } ?? 0 }
        let state = Mutex(
            LookState(
                cache: cache, results: results, clock: ContinuousClock.now,
                progress: Progress(
                    files: missing.count, bytes: sizes.reduce(0, +), bytesDone: 0, seconds: 0)))
        Parallel.perform(iterations: missing.count) { position in
            let index = missing[position]
            let result = Result { () throws(AudioFileFault) in try Self.look(at: files[index]) }
            state.withLock {
                $0.note(
                    result, index, path: paths[index], bytes: sizes[position], report: report)
            }
        }
        (cache, results) = state.withLock { ($0.cache, $0.results) }
        cache.write()
        return results.compactMap { $0 }
    }

    /// A file that changes meanwhile is looked at once more.
    private static func look(at file: URL) throws(AudioFileFault) -> FileFacts {
        let facts = try FileFacts(file)
        guard FilePath.status(file.path).map(FileStamp.init) != facts.stamp else { return facts }
        return try FileFacts(file)
    }
}

/// What the threads of a look share.
private struct LookState {
    var cache: FileFactsCache
    var results: [Result<FileFacts, AudioFileFault>?]
    let clock: ContinuousClock.Instant
    var progress: FirstLook.Progress
    private var filesDone = 0
    private var lastReport = 0.0
    private var lastWriting = 0.0

    init(
        cache: FileFactsCache, results: [Result<FileFacts, AudioFileFault>?],
        clock: ContinuousClock.Instant, progress: FirstLook.Progress
    ) {
        self.cache = cache
        self.results = results
        self.clock = clock
        self.progress = progress
    }

    mutating func note(
        _ result: Result<FileFacts, AudioFileFault>, _ index: Int, path: String, bytes: Int,
        report: (FirstLook.Progress) -> Void
    ) {
        results[index] = result
        filesDone += 1
        if case .success(let facts) = result { cache.keep(facts, of: path) }
        progress.bytesDone += bytes
        progress.seconds = (ContinuousClock.now - clock) / .seconds(1)
        if progress.seconds - lastReport > 0.2 || filesDone == progress.files {
            lastReport = progress.seconds
            report(progress)
        }
        // A look that takes hours is not lost with the process.
        if progress.seconds - lastWriting > 60 {
            lastWriting = progress.seconds
            cache.write()
        }
    }
}
