public import Digests
public import Foundation
import MCSimCLR

/// The tables of a sweep that a run leaves as files.
public enum SweepTableKind: String, Sendable, CaseIterable {
    case comparison = "table"
    /// Published values beside ours, where the sweep file has a section `paper`.
    case paper = "beside-paper"
}

/// Where a run leaves its files; no other type knows their names.
public struct ResultsLayout: Sendable, Hashable {
    /// The folder that holds everything: `results` unless told otherwise.
    public let root: URL
    /// The database of all sweeps.
    public let database: URL

    public init(root: String = "results", database: String? = nil) {
        let root = URL(fileURLWithPath: root, isDirectory: true)
        self.root = root
        self.database =
            database.map { URL(fileURLWithPath: $0) } ?? root.appending(path: "ablate.sqlite")
    }

    /// Banks and checkpoints by digest: deletable, rebuilt on demand.
    public var cache: URL { root.appending(path: "cache", directoryHint: .isDirectory) }

    /// Spatialised recordings, by the digest of the stage that makes them.
    public func bank(_ digest: Digest) -> URL {
        cache.appending(path: "scenes/\(digest).bank")
    }

    /// A pretrained encoder, by the digest of the stage that makes it.
    public func checkpoint(_ digest: Digest) -> URL {
        cache.appending(path: "encoders/\(digest).safetensors")
    }

    /// A pretraining that was interrupted.
    public func unfinishedPretraining(_ digest: Digest) -> URL {
        cache.appending(path: "encoders/\(digest).unfinished.safetensors")
    }

    /// What was seen of the recordings below a folder: in the user's cache, since all results are made
    /// from the same recordings. nil where the user has none.
    public static func recordingFacts(below folder: String) -> URL? {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        guard let cache = named ?? home else { return nil }
        return URL(fileURLWithPath: cache, isDirectory: true)
            .appending(path: "ablate/recordings/\(Digest(of: folder)).txt")
    }

    /// Tables and figures of a sweep; see ``SweepFolders`` for those of its revisions.
    public func folder(ofSweep name: String) -> URL {
        root.appending(path: name, directoryHint: .isDirectory)
    }

    /// A table of a sweep in one format.
    public func table(ofSweep name: String, kind: SweepTableKind, fileExtension: String) -> URL {
        folder(ofSweep: name).appending(path: "\(kind.rawValue).\(fileExtension)")
    }

    /// The report of a sweep: one page that needs no other file.
    public func report(ofSweep name: String) -> URL {
        folder(ofSweep: name).appending(path: "report.html")
    }

    /// The report's text and tables as Markdown.
    public func markdownReport(ofSweep name: String) -> URL {
        folder(ofSweep: name).appending(path: "report.md")
    }

    /// The figures of a sweep: `NAME.svg` and `.pdf`, with `.dat` and `.gp` that drew them.
    public func figures(ofSweep name: String) -> URL {
        folder(ofSweep: name).appending(path: "figures", directoryHint: .isDirectory)
    }

    /// The files of the cache, each with the digest of the stage that made it, in order of name.
    public func cachedFiles() -> [(digest: Digest, file: URL, bytes: Int)] {
        var files: [(digest: Digest, file: URL, bytes: Int)] = []
        for folder in ["scenes", "encoders"] {
            let url = cache.appending(path: folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            for name in names.sorted() {
                guard let digest = Digest(name.prefix { $0 != "." }) else { continue }
                let file = url.appending(path: name)
                let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
                files.append((digest, file, (attributes?[.size] as? Int) ?? 0))
            }
        }
        return files
    }

    /// Copies the encoders that another folder has whole and this one has not; returns how many, and
    /// how many there are damaged, another stage's or of an earlier version: those stay there.
    ///
    /// Throws: ``TrialsError/cannotWrite(path:reason:)``.
    public func takeOverEncoders(
        of other: ResultsLayout
    ) throws -> (copied: Int, leftOut: Int) {
        func isWhole(_ file: URL, _ stage: Digest) -> Bool {
            (try? EncoderCheckpoint(readingFrom: file, stage: stage)) != nil
        }
        var copied = 0
        var leftOut = 0
        for cached in other.cachedFiles() where cached.file == other.checkpoint(cached.digest) {
            let copy = checkpoint(cached.digest)
            if isWhole(copy, cached.digest) { continue }
            // Under another name until it is whole: a torn encoder would be taken for a good one.
            let partial = copy.appendingPathExtension("part")
            do {
                try? FileManager.default.removeItem(at: partial)
                try FileManager.default.copyItem(at: cached.file, to: partial)
                // The copy is what counts.
                guard isWhole(partial, cached.digest) else {
                    try FileManager.default.removeItem(at: partial)
                    leftOut += 1
                    continue
                }
                if FileManager.default.fileExists(atPath: copy.path) {
                    try FileManager.default.removeItem(at: copy)
                }
                try FileManager.default.moveItem(at: partial, to: copy)
            } catch {
                throw TrialsError.cannotWrite(path: copy.path, reason: error.localizedDescription)
            }
            copied += 1
        }
        return (copied, leftOut)
    }

    /// Refuses a sweep whose folder cannot be made, before anything runs.
    ///
    /// Throws: ``TrialsError/folderTaken(path:sweep:)``.
    public func checkFolder(ofSweep name: String) throws {
        let folder = folder(ofSweep: name)
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
        // SQLite keeps files of these names beside a database in use.
        let ofDatabase = ["", "-wal", "-shm", "-journal"].map { database.path + $0 }
        let isOfDatabase = ofDatabase.contains { path in
            URL(fileURLWithPath: path).standardizedFileURL.path == folder.standardizedFileURL.path
        }
        if isOfDatabase || isThere && !isFolder.boolValue {
            throw TrialsError.folderTaken(path: folder.relativePath, sweep: name)
        }
    }

    /// Makes the folders that a run writes to.
    ///
    /// Throws: ``TrialsError/cannotWrite(path:reason:)``.
    public func createFolders() throws {
        for folder in [root, cache.appending(path: "scenes"), cache.appending(path: "encoders")] {
            do {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
            } catch {
                throw TrialsError.cannotWrite(
                    path: folder.path, reason: error.localizedDescription)
            }
        }
    }
}
