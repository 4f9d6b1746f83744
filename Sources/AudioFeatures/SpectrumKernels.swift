import Foundation

/// From a half-length complex spectrum to power and whitened spectrum, sixteen frames at once.
struct SpectrumKernels {
    /// Power below which a frequency counts as silent: its whitened value fades to zero instead of
    /// becoming 0/0. 200 dB below full scale.
    static let whiteningFloor: Float = 1e-20

    let frequencies: Int
    private let half: Int
    /// Cosine and sine of each frequency up to a quarter of the sample rate.
    private let turns: AlignedBuffer

    init(fftLength: Int) {
        half = fftLength / 2
        frequencies = half + 1
        let step = 2 * Double.pi / Double(fftLength)
        turns = AlignedBuffer(
            (0...half / 2).flatMap {
                [Float(cos(step * Double($0))), Float(sin(step * Double($0)))]
            })
    }

    /// Unpacks the transform of even samples (as real parts) and odd ones (as imaginary parts), and
    /// writes, for each frequency, its power and the spectrum over its size. At zero and at half the
    /// sample rate the latter is sqrt(1/2) in size, as ``LagGrid`` wants products of two.
    ///
    /// Shape: packed [half, 2, 16], frequency k at `place[k]`; power [frequencies, 16]; whitened(k) is
    /// where frequency k goes: `microphones` after one another, `distance` floats apart, each its
    /// 16 / `microphones` real parts and then as many imaginary ones.
    @inline(__always)
    func unpack(
        _ packed: UnsafePointer<Float>, place: UnsafePointer<Int32>,
        power: UnsafeMutablePointer<Float>, whitened: WhitenedRows
    ) {
        let turns = turns.start
        let zeroReal = Lanes(at: packed)
        let zeroImaginary = Lanes(at: packed + 16)
        let none = Lanes(repeating: 0)
        let edge = Float(0.5).squareRoot()
        whiten(2 * (zeroReal + zeroImaginary), none, 0, power, whitened, scale: edge)
        whiten(2 * (zeroReal - zeroImaginary), none, half, power, whitened, scale: edge)
        var frequency = 1
        while frequency <= half / 2 {
            let own = packed + 32 * Int(place[frequency])
            let mirrored = packed + 32 * Int(place[half - frequency])
            let (a, b) = (Lanes(at: own), Lanes(at: own + 16))
            let (c, d) = (Lanes(at: mirrored), Lanes(at: mirrored + 16))
            let cosine = Lanes(repeating: turns[2 * frequency])
            let sine = Lanes(repeating: turns[2 * frequency + 1])
            let (oddReal, oddImaginary) = (a - c, b + d)
            let evenReal = a + c
            let evenImaginary = b - d
            let turnedReal = (cosine * oddImaginary).addingProduct(-sine, oddReal)
            let turnedImaginary = (sine * oddImaginary).addingProduct(cosine, oddReal)
            whiten(
                evenReal + turnedReal, evenImaginary - turnedImaginary, frequency, power, whitened)
            // A quarter of the sample rate is its own mirror image, and is written twice.
            whiten(
                evenReal - turnedReal, -evenImaginary - turnedImaginary, half - frequency, power,
                whitened)
            frequency += 1
        }
    }

    @inline(__always)
    private func whiten(
        _ x: Lanes, _ y: Lanes, _ frequency: Int, _ power: UnsafeMutablePointer<Float>,
        _ whitened: WhitenedRows, scale: Float = 1
    ) {
        let squared = (x * x).addingProduct(y, y)
        let inverse =
            inverseSquareRoot(
                squared.replacing(
                    with: Self.whiteningFloor, where: squared .< Self.whiteningFloor)) * scale
        squared.store(to: power + 16 * frequency)
        whitened.store(LanePair(real: x * inverse, imaginary: y * inverse), frequency)
    }
}

/// Where the whitened spectra of sixteen lanes go: to each microphone's own rows, of `slots` frames.
///
/// Shape: rows [microphones, frequencies, 2, slots]
struct WhitenedRows {
    let start: UnsafeMutablePointer<Float>
    let slots: Int
    /// Floats from one microphone to the next.
    let distance: Int

    @inline(__always)
    init(_ start: UnsafeMutablePointer<Float>, slots: Int, frequencies: Int) {
        self.start = start
        self.slots = slots
        distance = 2 * slots * frequencies
    }

    @inline(__always)
    func store(_ value: LanePair, _ frequency: Int) {
        let out = UnsafeMutableRawPointer(start + 2 * slots * frequency)
        let bytes = 4 * distance
        let (x, y) = (value.real, value.imaginary)
        switch slots {
        case 16:
            out.storeBytes(of: x, as: Lanes.self)
            (out + 64).storeBytes(of: y, as: Lanes.self)
        case 8:
            out.storeBytes(of: x.lowHalf, as: SIMD8<Float>.self)
            (out + 32).storeBytes(of: y.lowHalf, as: SIMD8<Float>.self)
            (out + bytes).storeBytes(of: x.highHalf, as: SIMD8<Float>.self)
            (out + bytes + 32).storeBytes(of: y.highHalf, as: SIMD8<Float>.self)
        default:
            out.storeBytes(of: x.lowHalf.lowHalf, as: SIMD4<Float>.self)
            (out + 16).storeBytes(of: y.lowHalf.lowHalf, as: SIMD4<Float>.self)
            (out + bytes).storeBytes(of: x.lowHalf.highHalf, as: SIMD4<Float>.self)
            (out + bytes + 16).storeBytes(of: y.lowHalf.highHalf, as: SIMD4<Float>.self)
            (out + 2 * bytes).storeBytes(of: x.highHalf.lowHalf, as: SIMD4<Float>.self)
            (out + 2 * bytes + 16).storeBytes(of: y.highHalf.lowHalf, as: SIMD4<Float>.self)
            (out + 3 * bytes).storeBytes(of: x.highHalf.highHalf, as: SIMD4<Float>.self)
            (out + 3 * bytes + 16).storeBytes(of: y.highHalf.highHalf, as: SIMD4<Float>.self)
        }
    }
}

/// 1 / sqrt(x) of positive normal numbers to 2e-7: an estimate from the exponent (Blinn 1997,
/// doi:10.1109/38.595279), then three of Newton's steps, several times faster than dividing.
@inline(__always)
package func inverseSquareRoot(_ x: Lanes) -> Lanes {
    let bits =
        SIMD16<UInt32>(repeating: 0x5F37_59DF) &- (unsafeBitCast(x, to: SIMD16<UInt32>.self) &>> 1)
    var y = unsafeBitCast(bits, to: Lanes.self)
    let half = x * -0.5
    for _ in 0..<3 { y = y * Lanes(repeating: 1.5).addingProduct(half * y, y) }
    return y
}
