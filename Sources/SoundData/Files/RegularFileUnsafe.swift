import Digests
import Foundation

/// When a file was last what it is: it changes whenever the content does.
///
/// Times in nanoseconds since 1970. The device is no part of it: it changes when a network folder is
/// mounted again.
struct FileStamp: Sendable, Hashable {
    let bytes: Int
    let inode: UInt64
    let modified: Int
    let changed: Int

    init(bytes: Int, inode: UInt64, modified: Int, changed: Int) {
        self.bytes = bytes
        self.inode = inode
        self.modified = modified
        self.changed = changed
    }

    init(_ status: stat) {
        bytes = Int(status.st_size)
        inode = UInt64(status.st_ino)
        modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
        changed = Int(status.st_ctim.tv_sec) * 1_000_000_000 + Int(status.st_ctim.tv_nsec)
    }

    /// Whether a change that follows might leave the times as they are: clocks of file systems are as
    /// coarse as two seconds. (A file's time of change cannot be set, its time of modification can.)
    func isRecent(now: Int) -> Bool { changed + 3_000_000_000 > now }
}

/// An open regular file. Opening a pipe, a socket or a device fails at once instead of waiting.
final class RegularFile {
    private let descriptor: Int32
    let stamp: FileStamp

    /// Throws: the reason why it cannot be opened.
    init(_ path: String) throws(AudioFileFault) {
        let descriptor = FilePath.withBytes(path) {
            open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw Self.fault(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw AudioFileFault(
                .unreadable,
                status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file")
        }
        self.descriptor = descriptor
        stamp = FileStamp(status)
    }

    deinit { close(descriptor) }

    /// The bytes from a place on, at most `count` of them: fewer at the end, and none behind it.
    func read(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < stamp.bytes else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(buffer)[filled...]
                let part = UnsafeMutableRawBufferPointer(rebasing: rest)
                let read = pread(descriptor, part.baseAddress, part.count, off_t(offset + filled))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return }
                filled += read
            }
        }
    }

    /// The digest of all its bytes.
    func digest() throws(AudioFileFault) -> Digest {
        var hasher = DigestHasher()
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var offset = 0
        while true {
            let count = block.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw AudioFileFault(
                    .unreadable, "it cannot be read to its end (\(FilePath.reason(errno)))")
            }
            if count == 0 { return hasher.finalize() }
            block.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            offset += count
        }
    }

    private static func fault(_ code: Int32) -> AudioFileFault {
        switch code {
        case ENOENT, ENOTDIR: AudioFileFault(.missing, "the file is missing")
        case EACCES, EPERM: AudioFileFault(.missing, "permission denied")
        case ELOOP: AudioFileFault(.missing, "its link leads in a circle")
        case ENXIO, ENODEV: AudioFileFault(.unreadable, "it is not a regular file")
        default: AudioFileFault(.missing, FilePath.reason(code))
        }
    }
}
