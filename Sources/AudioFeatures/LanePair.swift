/// Sixteen complex numbers.
struct LanePair {
    var real: Lanes
    var imaginary: Lanes

    @inline(__always)
    init(real: Lanes, imaginary: Lanes) {
        self.real = real
        self.imaginary = imaginary
    }

    @inline(__always)
    init(at address: UnsafeMutablePointer<Float>) {
        real = Lanes(at: address)
        imaginary = Lanes(at: address + 16)
    }

    @inline(__always)
    func store(to address: UnsafeMutablePointer<Float>) {
        real.store(to: address)
        imaginary.store(to: address + 16)
    }

    @inline(__always)
    static func + (left: LanePair, right: LanePair) -> LanePair {
        LanePair(real: left.real + right.real, imaginary: left.imaginary + right.imaginary)
    }

    @inline(__always)
    static func - (left: LanePair, right: LanePair) -> LanePair {
        LanePair(real: left.real - right.real, imaginary: left.imaginary - right.imaginary)
    }

    @inline(__always)
    static var zero: LanePair {
        LanePair(real: Lanes(repeating: 0), imaginary: Lanes(repeating: 0))
    }

    /// self += value * weight
    @inline(__always)
    mutating func add(_ value: LanePair, times weight: Float) {
        real = real.addingProduct(value.real, Lanes(repeating: weight))
        imaginary = imaginary.addingProduct(value.imaginary, Lanes(repeating: weight))
    }

    /// Two times eight numbers. Shape: [2, 8] each.
    @inline(__always)
    init(halves low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>) {
        func half(_ address: UnsafeMutablePointer<Float>) -> SIMD8<Float> {
            UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self)
        }
        real = Lanes(lowHalf: half(low), highHalf: half(high))
        imaginary = Lanes(lowHalf: half(low + 8), highHalf: half(high + 8))
    }

    /// Four times four numbers. Shape: [2, 4] each.
    @inline(__always)
    init(
        quarters first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>,
        _ third: UnsafeMutablePointer<Float>, _ fourth: UnsafeMutablePointer<Float>
    ) {
        func half(_ low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>)
            -> SIMD8<Float>
        {
            SIMD8(
                lowHalf: UnsafeRawPointer(low).loadUnaligned(as: SIMD4<Float>.self),
                highHalf: UnsafeRawPointer(high).loadUnaligned(as: SIMD4<Float>.self))
        }
        real = Lanes(lowHalf: half(first, second), highHalf: half(third, fourth))
        imaginary = Lanes(
            lowHalf: half(first + 4, second + 4), highHalf: half(third + 4, fourth + 4))
    }

    @inline(__always)
    func timesConjugate(of other: LanePair) -> LanePair {
        // Both products of the imaginary part are rounded, so that exchanging the two gives the
        // exact conjugate.
        LanePair(
            real: (real * other.real).addingProduct(imaginary, other.imaginary),
            imaginary: imaginary * other.real - real * other.imaginary)
    }

    /// Times cosine + i sine.
    @inline(__always)
    func turned(_ cosine: Lanes, _ sine: Lanes) -> LanePair {
        LanePair(
            real: (real * cosine).addingProduct(-sine, imaginary),
            imaginary: (real * sine).addingProduct(cosine, imaginary))
    }
}
