import Foundation

/// Zeroed memory for floats that starts on a cache line, and on a huge page when it is large.
final class AlignedStorage {
    let base: UnsafeMutablePointer<Float>
    /// Floats that fit: a multiple of 16, so that whole vectors may be read and written at the end.
    let capacity: Int

    init(count: Int) {
        capacity = max(16, (count + 15) / 16 * 16)
        let bytes = capacity * MemoryLayout<Float>.stride
        let isLarge = bytes >= 4 << 20
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, isLarge ? 2 << 20 : 64, bytes) == 0, let memory else {
            fatalError("out of memory: \(bytes) bytes for a tensor")
        }
        #if os(Linux)
            // One page fault and one translation for 2 MiB instead of 512: a tenth of a step's time.
            let adviceHugePages: Int32 = 14
            if isLarge { madvise(memory, bytes, adviceHugePages) }
        #endif
        memset(memory, 0, bytes)
        base = memory.bindMemory(to: Float.self, capacity: capacity)
    }

    deinit { free(base) }
}

extension Tensor {
    /// Where the values start. Valid while the tensor lives and is not resized.
    var base: UnsafeMutablePointer<Float> { storage.base }

    /// Zeros in the whole memory, also behind the last number.
    func clear() { storage.base.update(repeating: 0, count: storage.capacity) }

    /// Gives the values to `body`; the buffer must not be kept.
    public func withUnsafeMutableBuffer<R>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
    ) rethrows -> R {
        try body(UnsafeMutableBufferPointer(start: storage.base, count: count))
    }
}

typealias Vector = SIMD16<Float>

/// 16 floats at `pointer`, which needs no alignment.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// The first `count` of 16 floats, the others zero.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Vector {
    if count >= 16 { return load(pointer) }
    var vector = Vector()
    for lane in 0..<count { vector[lane] = pointer[lane] }
    return vector
}

@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    if count >= 16 { return store(vector, pointer) }
    for lane in 0..<count { pointer[lane] = vector[lane] }
}
