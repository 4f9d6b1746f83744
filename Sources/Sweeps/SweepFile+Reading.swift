import Foundation

extension SweepFile {
    /// A sweep file of more is taken for another file. Units: bytes.
    static let maximumBytes = 8_000_000

    /// The bytes of the file at `path`, or nil when a fault was added. Never waits: what is no regular
    /// file (a pipe, a device without end) is not read.
    static func bytes(atPath path: String, faults: inout FaultList) -> Data? {
        func fail(_ reason: String) -> Data? {
            faults.add(.unreadable(reason: reason), at: .wholeFile)
            return nil
        }
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let code = errno
            return fail(code == ENOENT ? "there is no such file" : String(cString: strerror(code)))
        }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        var facts = stat()
        guard fstat(file, &facts) == 0 else { return fail(String(cString: strerror(errno))) }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return fail("it is a folder")
        case S_IFIFO: return fail("it is a pipe, not a regular file; write the sweep to a file")
        default: return fail("it is not a regular file")
        }
        do {
            let bytes = try handle.read(upToCount: maximumBytes + 1) ?? Data()
            guard bytes.count <= maximumBytes else {
                faults.add(.tooLarge(limit: maximumBytes), at: .wholeFile)
                return nil
            }
            return bytes
        } catch {
            return fail("a fault of the disk (\(error.localizedDescription))")
        }
    }
}
