import Digests
public import Foundation
public import ResultsStore
import Sweeps

/// Which folder has the tables and reports of which plan: a sweep's name is the folder of the plan in
/// view, `NAME@1` that of its first plan while another one is in view.
///
/// A folder says inside which plan it belongs to, so that it can be moved as a whole when another
/// plan comes into view: files of two plans never lie beside each other.
public struct SweepFolders: Sendable {
    private let layout: ResultsLayout
    private let store: ResultsStore

    public init(_ layout: ResultsLayout, _ store: ResultsStore) {
        self.layout = layout
        self.store = store
    }

    /// A folder that was set aside, since the store does not have its plan.
    public struct Stranger: Sendable, Hashable {
        public var folder: URL
    }

    /// Gives the folders of a sweep the names that fit the store.
    ///
    /// Throws: `StoreError` for an unknown sweep, ``StudiesError/cannotWrite(path:reason:)``.
    @discardableResult
    public func prepare(_ sweep: String) throws -> Stranger? {
        let lock = FolderLock(layout.root)
        defer { withExtendedLifetime(lock) {} }
        return try settle(try store.sweep(sweep).revision.reference.name)
    }

    /// Writes files of a plan while no other process writes or moves any.
    ///
    /// - Parameter body: is told what the plan is called now: its folder has the same name.
    public func write<Value>(
        _ sweep: String, _ body: (_ name: String) throws -> Value
    ) throws -> Value {
        let lock = FolderLock(layout.root)
        defer { withExtendedLifetime(lock) {} }
        let name = try store.sweep(sweep).revision.reference.name
        try settle(name)
        let revision = try store.sweep(sweep).revision
        try claim(revision)
        return try body(revision.name)
    }

    /// The tables and reports of plans, and nothing else that may lie beside them.
    public func files(of revisions: [SweepRevision]) throws -> [URL] {
        let lock = FolderLock(layout.root)
        defer { withExtendedLifetime(lock) {} }
        guard let name = revisions.first?.reference.name, SweepNameRule.allows(name) else {
            return []
        }
        try settle(name)
        return revisions.flatMap { ownFiles($0.name) }
    }

    /// Removes files of plans that were deleted, and folders that have nothing else; returns the
    /// folders.
    public func remove(_ files: [URL]) -> [URL] {
        let lock = FolderLock(layout.root)
        defer { withExtendedLifetime(lock) {} }
        for file in files { try? FileManager.default.removeItem(at: file) }
        var folders: [URL] = []
        for file in files {
            let folder = file.deletingLastPathComponent()
            guard !folders.contains(folder) else { continue }
            folders.append(folder)
            try? FileManager.default.removeItem(at: marker(folder))
            let rest = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
            if rest?.isEmpty == true { try? FileManager.default.removeItem(at: folder) }
        }
        return folders
    }

    // MARK: Parts

    /// The lock is held.
    @discardableResult
    private func settle(_ name: String) throws -> Stranger? {
        // Of an earlier version, and the folder of something else too.
        guard SweepNameRule.allows(name), let revisions = try? store.revisions(of: name),
            let inView = revisions.first(where: \.isInView)
        else { return nil }
        let folder = layout.folder(ofSweep: name)
        var stranger: Stranger?
        if isFolder(folder) {
            switch owner(of: folder, name, revisions) {
            case .some(inView): return nil
            case .some(let owner):
                try move(folder, to: layout.folder(ofSweep: owner.reference.description))
            case nil where ownFiles(name).isEmpty:
                return nil
            case nil:
                let aside = free(layout.folder(ofSweep: "\(name)@other"))
                try move(folder, to: aside)
                stranger = Stranger(folder: aside)
            }
        }
        let waiting = layout.folder(ofSweep: inView.reference.description)
        if isFolder(waiting) { try move(waiting, to: folder) }
        return stranger
    }

    /// The plan whose files are in a folder. One without a mark is of a version that knew one plan.
    private func owner(
        of folder: URL, _ name: String, _ revisions: [SweepRevision]
    ) -> SweepRevision? {
        guard let text = try? String(contentsOf: marker(folder), encoding: .utf8) else {
            return revisions.first { $0.registered == nil }
        }
        let plan = Digest(text.trimmingCharacters(in: .whitespacesAndNewlines))
        return revisions.first { $0.plan == plan }
    }

    /// Makes a plan's folder, with its mark.
    private func claim(_ revision: SweepRevision) throws {
        let folder = layout.folder(ofSweep: revision.name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = Data("\(revision.plan)\n".utf8)
            guard (try? Data(contentsOf: marker(folder))) != text else { return }
            try text.write(to: marker(folder), options: .atomic)
        } catch {
            throw StudiesError.cannotWrite(path: folder.path, reason: error.localizedDescription)
        }
    }

    private func marker(_ folder: URL) -> URL { folder.appending(path: ".plan") }

    /// The files and folders that the program writes for a plan, as far as they are there.
    private func ownFiles(_ name: String) -> [URL] {
        let tables = SweepTableKind.allCases.flatMap { kind in
            TableFormat.allCases.compactMap(\.fileExtension).map {
                layout.table(ofSweep: name, kind: kind, fileExtension: $0)
            }
        }
        let all =
            tables + [
                layout.report(ofSweep: name), layout.markdownReport(ofSweep: name),
                layout.figures(ofSweep: name),
            ]
        return all.filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private func free(_ url: URL) -> URL {
        let candidates = (2...).lazy.map { URL(fileURLWithPath: url.path + "-\($0)") }
        guard FileManager.default.fileExists(atPath: url.path) else { return url }
        return candidates.first { !FileManager.default.fileExists(atPath: $0.path) } ?? url
    }

    /// At once; what is there already keeps its files under another name.
    private func move(_ folder: URL, to place: URL) throws {
        do {
            if FileManager.default.fileExists(atPath: place.path) {
                try FileManager.default.moveItem(
                    at: place, to: free(URL(fileURLWithPath: place.path + ".old")))
            }
            try FileManager.default.moveItem(at: folder, to: place)
        } catch {
            throw StudiesError.cannotWrite(path: place.path, reason: error.localizedDescription)
        }
    }
}
