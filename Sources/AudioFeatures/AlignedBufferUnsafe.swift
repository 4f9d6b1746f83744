/// Floats on a 64-byte boundary, zero at first, that live as long as their owner. Unlike the scratch of rooms it
/// never grows, so that kernels keep its address.
package final class AlignedBuffer {
    package let start: UnsafeMutablePointer<Float>
    package let count: Int

    package init(_ count: Int) {
        self.count = count
        start = UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: max(count, 16))
        start.initialize(repeating: 0, count: max(count, 16))
    }

    package convenience init(_ values: [Float]) {
        self.init(values.count)
        for index in values.indices { start[index] = values[index] }
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}

/// The vector that every kernel here works on.
package typealias Lanes = SIMD16<Float>

extension SIMD16<Float> {
    @inline(__always)
    init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    init(at address: UnsafeMutablePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    func store(to address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Lanes.self)
    }
}

/// `count` rounded up to whole vectors.
@inline(__always)
package func roundedToLanes(_ count: Int) -> Int { (count + 15) & ~15 }
