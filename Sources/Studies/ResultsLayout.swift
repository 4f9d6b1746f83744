public import Digests
public import Foundation

/// The tables of a sweep that a run leaves as files.
public enum SweepTableKind: String, Sendable, CaseIterable {
    case comparison = "table"
    /// Published values beside ours, where the sweep file has a section `paper`.
    case paper = "beside-paper"
    /// What may be said of each claim, where the sweep file has a section `claims`.
    case claims
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

    /// A file of the cache, by the digest of the stage that makes it.
    ///
    /// - Parameters:
    ///   - folder: what lies together: `encoders`.
    ///   - ending: of the file's name: `safetensors`.
    public func cachedFile(_ digest: Digest, in folder: String, ending: String) -> URL {
        cache.appending(path: "\(folder)/\(digest).\(ending)")
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
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? []
        for folder in folders.sorted() {
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

    /// Removes what stages have begun and not ended: files called `DIGEST.unfinished.*`, folders called
    /// `DIGEST.unfinished`, and the journals without which nothing is gone on with.
    public func removeUnfinished(of stages: Set<Digest>) {
        for cached in cachedFiles() where stages.contains(cached.digest) {
            let name = cached.file.lastPathComponent
            guard
                name.contains(".unfinished.") || name.hasSuffix(".unfinished")
                    || name.hasSuffix(".journal")
            else { continue }
            try? FileManager.default.removeItem(at: cached.file)
        }
    }

    /// Refuses a sweep whose folder cannot be made, before anything runs.
    ///
    /// Throws: ``StudiesError/folderTaken(path:sweep:)``.
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
            throw StudiesError.folderTaken(path: folder.relativePath, sweep: name)
        }
    }

    /// Makes the folders that a run writes to.
    ///
    /// - Parameter names: of those in the cache.
    /// - Throws: ``StudiesError/cannotWrite(path:reason:)``.
    public func createFolders(inCache names: [String] = []) throws {
        for folder in [root] + names.map({ cache.appending(path: $0) }) {
            do {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
            } catch {
                throw StudiesError.cannotWrite(
                    path: folder.path, reason: error.localizedDescription)
            }
        }
    }
}
