/// Floats on a 64-byte boundary, zero at first, that live as long as their owner.
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

    /// The lanes in opposite order.
    @inline(__always)
    var flipped: Lanes {
        Lanes(
            self[15], self[14], self[13], self[12], self[11], self[10], self[9], self[8],
            self[7], self[6], self[5], self[4], self[3], self[2], self[1], self[0])
    }

    /// Every other lane of `first` and then of `second`, from the first lane on.
    ///
    /// Written out: the compiler makes one shuffle of it, but a call of `SIMD32.evenHalf`.
    @inline(__always)
    init(evenOf first: Lanes, _ second: Lanes) {
        self.init(
            first[0], first[2], first[4], first[6], first[8], first[10], first[12], first[14],
            second[0], second[2], second[4], second[6], second[8], second[10], second[12],
            second[14])
    }

    /// Every other lane of `first` and then of `second`, from the second lane on.
    @inline(__always)
    init(oddOf first: Lanes, _ second: Lanes) {
        self.init(
            first[1], first[3], first[5], first[7], first[9], first[11], first[13], first[15],
            second[1], second[3], second[5], second[7], second[9], second[11], second[13],
            second[15])
    }
}

/// `count` rounded up to whole vectors.
@inline(__always)
package func roundedToLanes(_ count: Int) -> Int { (count + 15) & ~15 }
