/// Eight random numbers or functions at a time, by polynomials: the same on every processor.
enum VectorMath {
    /// What SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195) adds for each number.
    static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The first eight counters of a sequence.
    static func counters(from start: UInt64) -> SIMD8<UInt64> {
        SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &* golden &+ start
    }

    /// SplitMix64's finaliser: 64 random bits for each counter.
    @inline(__always)
    static func bits(_ counter: SIMD8<UInt64>) -> SIMD8<UInt64> {
        var z = counter
        z = (z ^ (z &>> 30)) &* SIMD8(repeating: 0xBF58_476D_1CE4_E5B9)
        z = (z ^ (z &>> 27)) &* SIMD8(repeating: 0x94D0_49BB_1331_11EB)
        return z ^ (z &>> 31)
    }

    /// From the upper 23 bits, in [1, 2).
    @inline(__always)
    static func unit(_ bits: SIMD8<UInt32>) -> SIMD8<Float> {
        unsafeBitCast((bits &>> 9) | SIMD8(repeating: 0x3F80_0000), to: SIMD8<Float>.self)
    }

    /// The natural logarithm of 2 - x for x in [1, 2), by 2 artanh((m - 1) / (m + 1)).
    @inline(__always)
    static func logarithm(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let value = 2 - x
        let raw = unsafeBitCast(value, to: SIMD8<UInt32>.self)
        let mantissa = unsafeBitCast(
            (raw & SIMD8(repeating: 0x007F_FFFF)) | SIMD8(repeating: 0x3F80_0000),
            to: SIMD8<Float>.self)
        // The exponent as a float: put its bits under those of 2^23.
        let exponent =
            unsafeBitCast(
                (raw &>> 23) | SIMD8(repeating: 0x4B00_0000), to: SIMD8<Float>.self)
            - (8_388_608 + 127)
        let z = (mantissa - 1) / (mantissa + 1)
        let square = z * z
        var series = SIMD8<Float>(repeating: 1.0 / 11)
        series = series * square + 1.0 / 9
        series = series * square + 1.0 / 7
        series = series * square + 1.0 / 5
        series = series * square + 1.0 / 3
        series = series * square + 1
        return exponent * 0.693_147_18 + series * z * 2
    }

    /// sin(pi x / 2) for x in [0, 1], Taylor's series to the ninth power.
    @inline(__always)
    static func quarterSine(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let square = x * x
        var series = SIMD8<Float>(repeating: 0.000_160_441)
        series = series * square - 0.004_681_754
        series = series * square + 0.079_692_626
        series = series * square - 0.645_964_1
        series = series * square + 1.570_796_3
        return series * x
    }

    @inline(__always)
    static func flip(_ value: SIMD8<Float>, _ sign: SIMD8<UInt32>) -> SIMD8<Float> {
        unsafeBitCast(unsafeBitCast(value, to: SIMD8<UInt32>.self) ^ sign, to: SIMD8<Float>.self)
    }

    /// 2^x for x in [-126, 0], to a relative error of 3e-6.
    @inline(__always)
    static func exponential2(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let magic = SIMD8<Float>(repeating: 12_582_912)
        let shifted = x + magic
        let rest = x - (shifted - magic)
        var series = SIMD8<Float>(repeating: 0.001_333_355_8)
        series = series * rest + 0.009_618_129
        series = series * rest + 0.055_504_109
        series = series * rest + 0.240_226_51
        series = series * rest + 0.693_147_18
        series = series * rest + 1
        let power = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
        return unsafeBitCast(
            unsafeBitCast(series, to: SIMD8<UInt32>.self) &+ power, to: SIMD8<Float>.self)
    }
}
