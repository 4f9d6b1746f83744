/// Zeroed floats on a 64-byte boundary, for vectors and for FFTW.
///
/// Scratch that grows with its room. The features' buffers are tables of a size that stays, tensors lie on huge
/// pages: these three share four lines of allocation and no more, and one in a foundation would be checked code
/// between a kernel and its memory.
final class AlignedBuffer {
    private(set) var base: UnsafeMutablePointer<Float>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        base = Self.allocate(self.capacity)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// Grows to at least `count` floats; what was there is lost when it grows.
    func reserve(_ count: Int) {
        guard count > capacity else { return }
        UnsafeMutableRawPointer(base).deallocate()
        capacity = count + count / 4
        base = Self.allocate(capacity)
    }

    /// Sets the first `count` floats to zero.
    func clear(_ count: Int) { base.update(repeating: 0, count: count) }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let bytes = (count * MemoryLayout<Float>.stride + 63) & ~63
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        let floats = memory.bindMemory(to: Float.self, capacity: bytes / 4)
        floats.initialize(repeating: 0, count: bytes / 4)
        return floats
    }
}
