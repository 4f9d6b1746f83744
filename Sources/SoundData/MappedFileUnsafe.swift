import Digests
import Foundation

/// A file's bytes as memory, read-only.
final class MappedFile: @unchecked Sendable {
    // Never written to after init, so it may be read by any thread.
    private let base: UnsafeMutableRawPointer
    let count: Int

    /// nil where the file cannot be opened or is empty.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0,
            let base = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED
        else { return nil }
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
