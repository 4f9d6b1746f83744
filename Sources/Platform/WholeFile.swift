public import Foundation

/// Writes a file so that readers see the old content or the new, and never a part.
public enum WholeFile {
    /// Writes under another name, and renames.
    ///
    /// No link is followed: one that lies where the file goes is replaced, not what it points to. A
    /// device or a pipe of that name is refused.
    ///
    /// - Parameter makesFolder: whether a folder that is not there is made.
    ///
    /// Throws: ``PlatformError/unwritable(path:code:)``, ``PlatformError/notAFile(path:)``.
    public static func write(
        _ content: Data, to url: URL, makesFolder: Bool = true
    ) throws(PlatformError) {
        let path = url.path
        if makesFolder { try makeFolder(url.deletingLastPathComponent()) }
        try check(path)
        let temporary = url.deletingLastPathComponent()
            .appending(path: ".\(url.lastPathComponent).\(getpid()).part").path
        do throws(PlatformError) {
            try fill(temporary, with: content, for: path)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw .unwritable(path: path, code: code)
        }
    }

    /// Writes UTF-8.
    public static func write(_ text: String, to url: URL) throws(PlatformError) {
        try write(Data(text.utf8), to: url)
    }

    private static func makeFolder(_ folder: URL) throws(PlatformError) {
        // Most often it is there.
        var facts = stat()
        if stat(folder.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .unwritable(path: folder.path, code: Int32(posix?.code ?? Int(EIO)))
        }
    }

    private static func check(_ path: String) throws(PlatformError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        let kind = facts.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFLNK else { throw .notAFile(path: path) }
    }

    /// Writes a file that did not exist before, to the disk.
    private static func fill(
        _ temporary: String, with content: Data, for path: String
    ) throws(PlatformError) {
        // What a process of the same number left when it was killed, or a link that someone laid.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .unwritable(path: path, code: errno) }
        var code = content.withUnsafeBytes { Descriptor.write($0, to: file) }
        if code == nil, fsync(file) != 0 { code = errno }
        if close(file) != 0, code == nil { code = errno }
        if let code { throw .unwritable(path: path, code: code) }
    }
}
