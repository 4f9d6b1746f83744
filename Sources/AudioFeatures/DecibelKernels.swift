/// Power to decibels, sixteen values at a time.
package enum DecibelKernels {
    /// The least power that is told from silence: -100 dB, as librosa's `power_to_db`.
    package static let floor: Float = 1e-10

    /// 10 log10(max(x, 1e-10)) to 2e-5 dB: the exponent, then ln of a mantissa m in
    /// [sqrt(1/2), sqrt(2)) as 2 artanh((m - 1) / (m + 1)), whose series is cut where it is below
    /// the last bit.
    @inline(__always)
    package static func decibels(_ power: Lanes) -> Lanes {
        let x = power.replacing(with: floor, where: power .< floor)
        // Counting exponents from sqrt(1/2) puts the mantissa where the series converges best.
        let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self) &- SIMD16(repeating: 0x3F35_04F3)
        let exponentBits = unsafeBitCast(bits, to: SIMD16<Int32>.self) &>> 23
        // 1.5 * 2^23 plus a small whole number holds that number in its last bits: a conversion
        // in one addition, where the library's is a call.
        let shifted = exponentBits &+ SIMD16(repeating: 0x4B40_0000)
        let exponent = unsafeBitCast(shifted, to: Lanes.self) - 12_582_912
        let mantissaBits = (bits & SIMD16(repeating: 0x007F_FFFF)) &+ SIMD16(repeating: 0x3F35_04F3)
        let mantissa = unsafeBitCast(mantissaBits, to: Lanes.self)
        let s = (mantissa - 1) / (mantissa + 1)
        let z = s * s
        var series = Lanes(repeating: 2 / 9)
        series = Lanes(repeating: 2 / 7).addingProduct(series, z)
        series = Lanes(repeating: 2 / 5).addingProduct(series, z)
        series = Lanes(repeating: 2 / 3).addingProduct(series, z)
        series = Lanes(repeating: 2).addingProduct(series, z)
        let decibelsPerNeper: Float = 4.342_944_8
        let decibelsPerOctave: Float = 3.010_299_9
        return (s * series * decibelsPerNeper).addingProduct(
            exponent, Lanes(repeating: decibelsPerOctave))
    }
}
