package import Foundation
package import Platform
import Synchronization

/// Files in a folder that several machines see: whole or not there, whatever the file system says of it.
///
/// NFS may report that a link or a rename failed which has succeeded (the answer was lost, the second attempt
/// met the first one's work), and that a file is missing which another machine has made.
package enum SharedFile {
    /// The calls that may lie; a test puts others in their place.
    package struct Calls: Sendable {
        package var link: @Sendable (String, String) -> Int32 = { Foundation.link($0, $1) }
        package var rename: @Sendable (String, String) -> Int32 = { Foundation.rename($0, $1) }

        package init() {}
    }

    /// Writes a file that was not there; false, and nothing is changed, where there is one.
    ///
    /// Throws: ``PlatformError/unwritable(path:code:)``.
    package static func create(
        _ content: Data, at url: URL, calls: Calls = Calls()
    ) throws(PlatformError) -> Bool {
        let part = try write(content, beside: url)
        defer { unlink(part) }
        guard calls.link(part, url.path) != 0 else { return true }
        let code = errno
        // What counts is whether it has a second name now.
        var facts = stat()
        if lstat(part, &facts) == 0, facts.st_nlink == 2 { return true }
        switch code {
        case EEXIST: return false
        case EPERM, ENOTSUP, ENOSYS, EMLINK: return try createWithoutLinks(content, at: url)
        default: throw .unwritable(path: url.path, code: code)
        }
    }

    /// Writes a file, in the place of one that may be there.
    ///
    /// Throws: ``PlatformError/unwritable(path:code:)``.
    package static func replace(
        _ content: Data, at url: URL, mode: mode_t = 0o666, calls: Calls = Calls()
    ) throws(PlatformError) {
        let part = try write(content, beside: url, mode: mode)
        try move(part, to: url, calls: calls)
    }

    private static func move(
        _ part: String, to url: URL, calls: Calls
    ) throws(PlatformError) {
        var before = stat()
        _ = lstat(part, &before)
        guard calls.rename(part, url.path) != 0 else { return }
        let code = errno
        var after = stat()
        if code == ENOENT, lstat(url.path, &after) == 0, after.st_ino == before.st_ino { return }
        unlink(part)
        throw .unwritable(path: url.path, code: code)
    }

    /// The content of a file; nil where there is none, looked for twice.
    package static func read(_ url: URL) -> Data? {
        if let content = opened(url) { return content }
        guard lookAgain(in: url.deletingLastPathComponent()) else { return nil }
        return opened(url)
    }

    /// Makes this machine forget what it remembers of names that were missing in a folder, as opening it does;
    /// false where it is not there.
    @discardableResult
    private static func lookAgain(in folder: URL) -> Bool {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// The same for the folders in a folder.
    static func lookAgain(below folder: URL) {
        guard lookAgain(in: folder) else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names { lookAgain(in: folder.appending(path: name)) }
    }

    /// More than any record has. Units: bytes.
    private static let largest = 1 << 30

    /// What is no file of a sensible size has no content: a pipe would be waited for, a device read for ever.
    private static func opened(_ url: URL) -> Data? {
        let file = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
            facts.st_size <= largest
        else {
            close(file)
            return nil
        }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        return try? handle.readToEnd() ?? Data()
    }

    /// Makes a folder and those above it.
    ///
    /// Throws: ``PlatformError/unwritable(path:code:)``.
    static func makeFolder(_ url: URL) throws(PlatformError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .unwritable(path: url.path, code: Int32(posix?.code ?? Int(EIO)))
        }
    }

    // MARK: Parts

    private static let numbers = Atomic<Int>(0)

    /// Writes it under a name that no other process of any machine uses.
    private static func write(
        _ content: Data, beside url: URL, mode: mode_t = 0o666
    ) throws(PlatformError) -> String {
        let number = numbers.add(1, ordering: .relaxed).newValue
        let name = ".\(url.lastPathComponent).\(HostName.current).\(getpid()).\(number).part"
        let part = url.deletingLastPathComponent().appending(path: name).path
        unlink(part)
        let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw .unwritable(path: url.path, code: errno) }
        var code = content.withUnsafeBytes { Descriptor.write($0, to: file) }
        if code == nil, fsync(file) != 0 { code = errno }
        // A quota may be told of here alone.
        if close(file) != 0, code == nil { code = errno }
        if let code {
            unlink(part)
            throw .unwritable(path: url.path, code: code)
        }
        return part
    }

    private static func createWithoutLinks(
        _ content: Data, at url: URL
    ) throws(PlatformError) -> Bool {
        let file = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw .unwritable(path: url.path, code: errno)
        }
        close(file)
        try replace(content, at: url)
        return true
    }
}

/// What this machine is called.
enum HostName {
    static let current: String = {
        // Several nodes of a cluster can be one machine; Slurm says which one a task is on.
        if let node = ProcessInfo.processInfo.environment["SLURMD_NODENAME"], !node.isEmpty {
            return node
        }
        return ProcessInfo.processInfo.hostName
    }()
}
