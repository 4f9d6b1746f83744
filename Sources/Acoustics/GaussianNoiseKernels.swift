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
        var counter = VectorMath.counters(from: stream.next())
        let step = SIMD8<UInt64>(repeating: 8 &* VectorMath.golden)
        guard let base = target.baseAddress else { return }
        var index = 0
        while index + 16 <= target.count {
            let (sines, cosines) = pairs(VectorMath.bits(counter))
            counter &+= step
            UnsafeMutableRawPointer(base + index).storeBytes(
                of: SIMD16(lowHalf: sines, highHalf: cosines), as: SIMD16<Float>.self)
            index += 16
        }
        guard index < target.count else { return }
        let (sines, cosines) = pairs(VectorMath.bits(counter))
        for lane in 0..<target.count - index {
            target[index + lane] = lane < 8 ? sines[lane] : cosines[lane - 8]
        }
    }

    /// Two independent normal numbers from each 64 bits.
    @inline(__always)
    private static func pairs(_ bits: SIMD8<UInt64>) -> (SIMD8<Float>, SIMD8<Float>) {
        let high = SIMD8<UInt32>(truncatingIfNeeded: bits &>> 32)
        let low = SIMD8<UInt32>(truncatingIfNeeded: bits)
        let radius = (VectorMath.logarithm(VectorMath.unit(high)) * -2).squareRoot()
        // A quarter turn from 23 bits, and the signs of the other quarters from two more.
        let turn = 2 - VectorMath.unit(low)
        let sine = VectorMath.quarterSine(turn) * radius
        let cosine = VectorMath.quarterSine(1 - turn) * radius
        let sign = SIMD8<UInt32>(repeating: 0x8000_0000)
        return (
            VectorMath.flip(sine, (low &<< 31) & sign), VectorMath.flip(cosine, (low &<< 30) & sign)
        )
    }
}
