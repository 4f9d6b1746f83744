import Digests
import Foundation

/// A file's bytes as memory, read-only.
final class MappedFile: @unchecked Sendable {
    // Never written to after init, so it may be read by any thread.
    private let base: UnsafeMutableRawPointer
    let count: Int

    /// nil where no regular file with anything in it is there.
    ///
    /// Throws: ``SoundDataError/fileSystem(path:operation:reason:)`` where the machine is at fault: too
    /// few descriptors, no permission, no room for the mapping.
    init?(_ path: String) throws {
        func fault(_ operation: String) -> SoundDataError {
            .fileSystem(path: path, operation: operation, reason: FilePath.reason(errno))
        }
        // Whoever put a link, a pipe or a device in the file's place does not stop the program.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP, ENXIO, ENODEV].contains(errno) { return nil }
            throw fault("open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault("open") }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
        let size = Int(status.st_size)
        guard let base = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED
        else { throw fault("map") }
        self.base = base
        count = size
    }

    deinit { munmap(base, count) }

    func data(_ range: Range<Int>) -> Data {
        Data(bytes: base + range.lowerBound, count: range.count)
    }

    func digest(_ range: Range<Int>) -> Digest {
        Digest(of: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Restores `count` samples from byte `offset` to `position` of `samples`.
    func restore(
        from offset: Int, count: Int, scale: Float,
        into samples: UnsafeMutableBufferPointer<Float>, at position: Int
    ) {
        let steps = UnsafeBufferPointer(
            start: (base + offset).assumingMemoryBound(to: Int16.self), count: count)
        SampleKernels.restore(steps, scale: scale, into: samples, at: position)
    }
}
