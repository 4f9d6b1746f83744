package import Digests
package import Foundation
import Platform

/// An input that was written while a run went on: its stages are put off, not failed.
struct InputChanged: MachineFault, CustomStringConvertible {
    let path: String
    let isMachineFault = true

    var description: String {
        "\(path) has changed since the run began: run it again, with what it holds now"
    }
}

/// The files that a study's inputs name, whole: programs and data whose change makes other results.
package struct InputFiles: Sendable {
    /// Of every path and of every byte.
    package let digest: Digest
    package let count: Int
    /// Their paths as the study names them, in order.
    package let names: [String]
    /// What each of them held, by those names.
    let digests: [String: Digest]
    private let folder: URL
    private let files: Set<String>
    /// How each file was when it was read.
    private let facts: [String: Facts]

    /// What changes whenever a file is written or replaced.
    private struct Facts: Equatable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var modified: [Int]
        var changed: [Int]

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        }
    }

    /// - Parameters:
    ///   - paths: of files and folders, relative to a folder.
    ///   - results: where a run writes, which cannot be part of what it is computed from.
    /// - Throws: ``CommandStudyError`` for what is not there or cannot be read.
    package init(
        _ paths: [String], in folder: URL, results: URL? = nil,
        _ notice: WaitNotice = WaitNotice { _ in }
    ) throws {
        self.folder = folder
        var found: [(name: String, url: URL)] = []
        for path in paths {
            let url = URL(fileURLWithPath: path, relativeTo: folder).absoluteURL
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
                throw CommandStudyError.missingInput(path, folder: folder.path)
            }
            guard isFolder.boolValue else {
                found.append((path, url))
                continue
            }
            if let results, Self.holds(url, results) {
                throw CommandStudyError.inputHoldsResults(path, results: results.relativePath)
            }
            // Of a link to a folder nothing would be listed.
            let inner = try Self.files(below: url.resolvingSymlinksInPath()) { count in
                notice.note("listing inputs: \(Count.text(count, "file")) in \(path)")
            }
            for name in inner { found.append((path + "/" + name, url.appending(path: name))) }
        }
        found.sort { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        var hasher = DigestHasher()
        var facts: [String: Facts] = [:]
        var digests: [String: Digest] = [:]
        var bytes = 0
        for (number, (name, url)) in found.enumerated() {
            // Before it is read: what is written meanwhile shows.
            facts[url.path] = Facts(url.path)
            let content = try Self.digest(of: url, name: name) { count in
                bytes += count
                notice.note(
                    "reading inputs: file \(number + 1) of \(found.count), \(name); "
                        + "\(bytes / 1_000_000) MB")
            }
            digests[name] = content
            hasher.update("\(name.utf8.count):\(name) \(content)\n")
        }
        digest = hasher.finalize()
        count = found.count
        names = found.map(\.name)
        self.digests = digests
        self.facts = facts
        files = Set(found.map { $0.url.standardizedFileURL.path })
    }

    /// Paths below a folder; what Python keeps of compiled modules is no input.
    private static func files(below folder: URL, progress: (Int) -> Void) throws -> [String] {
        guard let names = FileManager.default.enumerator(atPath: folder.path) else {
            throw CommandStudyError.unreadableInput(folder.path, reason: "it cannot be listed")
        }
        var files: [String] = []
        while let name = names.nextObject() as? String {
            if name.hasSuffix("__pycache__") || name.hasSuffix("/.git") || name == ".git" {
                names.skipDescendants()
                continue
            }
            progress(files.count)
            var isFolder: ObjCBool = false
            let path = folder.appending(path: name).path
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                files.append(name)
            }
        }
        return files
    }

    /// Whether a folder is, or holds, another one, by whatever links.
    private static func holds(_ folder: URL, _ other: URL) -> Bool {
        let outer = folder.resolvingSymlinksInPath().standardizedFileURL.pathComponents
        // It need not be there yet: what it will be in is.
        let parent = other.absoluteURL.standardizedFileURL.deletingLastPathComponent()
            .resolvingSymlinksInPath()
        let places = [other.absoluteURL, parent.appending(path: other.lastPathComponent)]
        return places.contains {
            $0.resolvingSymlinksInPath().standardizedFileURL.pathComponents.starts(with: outer)
        }
    }

    /// - Parameter progress: is told how many bytes more were read.
    private static func digest(
        of url: URL, name: String, progress: (Int) -> Void
    ) throws -> Digest {
        var status = stat()
        guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandStudyError.unreadableInput(name, reason: "it is no regular file")
        }
        do {
            let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CommandStudyError.unreadableInput(
                    name, reason: String(cString: strerror(errno)))
            }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var hasher = DigestHasher()
            var count = 0
            while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
                count += part.count
                // Such as those of /proc, which are made while they are read.
                guard count <= Int(status.st_size) else {
                    throw CommandStudyError.unreadableInput(
                        name, reason: "it is longer than it says, or grows while it is read")
                }
                part.withUnsafeBytes { hasher.update($0) }
                progress(part.count)
            }
            return hasher.finalize()
        } catch let fault as CommandStudyError {
            throw fault
        } catch {
            throw CommandStudyError.unreadableInput(name, reason: error.localizedDescription)
        }
    }

    /// Throws: ``InputChanged`` where a file is not as it was when it was read: results would be kept under
    /// the name of what they were not computed with.
    func requireUnchanged() throws {
        for (path, known) in facts where Facts(path) != known { throw InputChanged(path: path) }
    }

    /// Files beside the sweep file that a command names and that are no inputs: its script.
    func unnamedFiles(of command: [String]) -> [String] {
        command.filter { word in
            guard !word.hasPrefix("/"), !word.contains("{") else { return false }
            let url = URL(fileURLWithPath: word, relativeTo: folder).absoluteURL
            let path = url.standardizedFileURL.path
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue && !files.contains(path)
        }
    }

    /// Whether a file is among the inputs.
    func has(_ file: URL) -> Bool { files.contains(file.standardizedFileURL.path) }

    /// Files beside a Python script of a command that it imports, by however many steps, and that are no
    /// inputs; paths are relative to the script's folder.
    ///
    /// - Parameter other: inputs that count as well.
    func unnamedImports(
        of command: [String], beside other: InputFiles?
    ) -> (script: String, files: [String])? {
        guard let program = command.first?.split(separator: "/").last, program.hasPrefix("python"),
            let script = command.dropFirst().first(where: { $0.hasSuffix(".py") })
        else { return nil }
        let url = URL(fileURLWithPath: script, relativeTo: folder).absoluteURL
        let unnamed = PythonImports(of: url).files
            .filter { !has($0.url) && !(other?.has($0.url) ?? false) }.map(\.path)
        return unnamed.isEmpty ? nil : (script, unnamed)
    }
}
