package import Randomness

/// Fills arrays with standard normal numbers, sixteen at a time.
///
/// SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195) started from one number of a named
/// stream, then Box and Muller with polynomials good to 1e-5: the same on every processor.
package enum GaussianNoise {
    /// `count` numbers; the stream moves on by one.
    package static func values(_ count: Int, using stream: inout Stream) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), using: &stream)
            filled = count
        }
    }

    /// Shape: any; the stream moves on by one number, whatever `count`.
    static func fill(
        _ target: UnsafeMutableBufferPointer<Float>, using stream: inout Stream
    ) {
        let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
        let start = stream.next()
        var counter = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &* golden &+ start
        let step = SIMD8<UInt64>(repeating: 8 &* golden)
        var index = 0
        while index < target.count {
            let (sines, cosines) = pairs(bits(counter))
            counter &+= step
            for lane in 0..<8 {
                if index + lane < target.count { target[index + lane] = sines[lane] }
                if index + 8 + lane < target.count { target[index + 8 + lane] = cosines[lane] }
            }
            index += 16
        }
    }

    @inline(__always)
    private static func bits(_ counter: SIMD8<UInt64>) -> SIMD8<UInt64> {
        var z = counter
        z = (z ^ (z &>> 30)) &* SIMD8(repeating: 0xBF58_476D_1CE4_E5B9)
        z = (z ^ (z &>> 27)) &* SIMD8(repeating: 0x94D0_49BB_1331_11EB)
        return z ^ (z &>> 31)
    }

    /// Two independent normal numbers from each 64 bits.
    @inline(__always)
    private static func pairs(_ bits: SIMD8<UInt64>) -> (SIMD8<Float>, SIMD8<Float>) {
        let high = SIMD8<UInt32>(truncatingIfNeeded: bits &>> 32)
        let low = SIMD8<UInt32>(truncatingIfNeeded: bits)
        let radius = (logarithm(unit(high)) * -2).squareRoot()
        // A quarter turn from 23 bits, and the signs of the other quarters from two more.
        let turn = 2 - unit(low)
        let sine = quarterSine(turn) * radius
        let cosine = quarterSine(1 - turn) * radius
        let sign = SIMD8<UInt32>(repeating: 0x8000_0000)
        return (
            flip(sine, (low &<< 31) & sign), flip(cosine, (low &<< 30) & sign)
        )
    }

    /// From the upper 23 bits, in [1, 2).
    @inline(__always)
    private static func unit(_ bits: SIMD8<UInt32>) -> SIMD8<Float> {
        unsafeBitCast((bits &>> 9) | SIMD8(repeating: 0x3F80_0000), to: SIMD8<Float>.self)
    }

    /// The natural logarithm of 2 - x for x in [1, 2), by 2 artanh((m - 1) / (m + 1)).
    @inline(__always)
    private static func logarithm(_ x: SIMD8<Float>) -> SIMD8<Float> {
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
    private static func quarterSine(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let square = x * x
        var series = SIMD8<Float>(repeating: 0.000_160_441)
        series = series * square - 0.004_681_754
        series = series * square + 0.079_692_626
        series = series * square - 0.645_964_1
        series = series * square + 1.570_796_3
        return series * x
    }

    @inline(__always)
    private static func flip(_ value: SIMD8<Float>, _ sign: SIMD8<UInt32>) -> SIMD8<Float> {
        unsafeBitCast(unsafeBitCast(value, to: SIMD8<UInt32>.self) ^ sign, to: SIMD8<Float>.self)
    }
}
