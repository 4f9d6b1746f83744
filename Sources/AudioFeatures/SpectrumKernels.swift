import Foundation

/// From a half-length complex spectrum to power and whitened spectrum.
package struct SpectrumKernels {
    /// Power below which a frequency counts as silent: its whitened value fades to zero instead of
    /// becoming 0/0. 200 dB below full scale.
    package static let whiteningFloor: Float = 1e-20

    /// Frequencies, then zeros up to whole vectors.
    package let stride: Int
    private let half: Int
    private let cosines: AlignedBuffer
    private let sines: AlignedBuffer

    package init(fftLength: Int) {
        half = fftLength / 2
        stride = half + 16
        let step = 2 * Double.pi / Double(fftLength)
        cosines = AlignedBuffer((0..<half).map { Float(cos(step * Double($0))) })
        sines = AlignedBuffer((0..<half).map { Float(sin(step * Double($0))) })
    }

    /// Unpacks `packed` (see ``RealTransform``) and writes, for each frequency, its power and the
    /// real and imaginary parts of the spectrum over its size.
    ///
    /// Shape: power is a row of a tile of ``ProductKernels``; the others are ``stride`` long.
    @inline(__always)
    package func unpack(
        _ packed: UnsafePointer<Float>, power: UnsafeMutablePointer<Float>,
        real: UnsafeMutablePointer<Float>, imaginary: UnsafeMutablePointer<Float>
    ) {
        let (cosines, sines) = (cosines.start, sines.start)
        var power = power
        var frequency = 0
        while frequency < half {
            let forward = packed + 2 * frequency
            let backward = packed + 2 * (half - frequency - 15)
            let (near, far) = (Lanes(at: forward), Lanes(at: forward + 16))
            let (last, first) = (Lanes(at: backward), Lanes(at: backward + 16))
            let ownReal = Lanes(evenOf: near, far)
            let ownImaginary = Lanes(oddOf: near, far)
            let mirroredReal = Lanes(evenOf: last, first).flipped
            let mirroredImaginary = Lanes(oddOf: last, first).flipped
            let oddReal = ownReal - mirroredReal
            let oddImaginary = ownImaginary + mirroredImaginary
            let cosine = Lanes(at: cosines + frequency)
            let sine = Lanes(at: sines + frequency)
            let x = (ownReal + mirroredReal).addingProduct(cosine, oddImaginary)
                .addingProduct(-sine, oddReal)
            let y = (ownImaginary - mirroredImaginary).addingProduct(-sine, oddImaginary)
                .addingProduct(-cosine, oddReal)
            whiten(x, y, power, real + frequency, imaginary + frequency)
            power += ProductKernels.bandTileStride
            frequency += 16
        }
        var last = Lanes(repeating: 0)
        last[0] = 2 * (packed[0] - packed[1])
        whiten(last, Lanes(repeating: 0), power, real + half, imaginary + half)
    }

    @inline(__always)
    private func whiten(
        _ x: Lanes, _ y: Lanes, _ power: UnsafeMutablePointer<Float>,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let squared = (x * x).addingProduct(y, y)
        let inverse = inverseSquareRoot(
            squared.replacing(
                with: Self.whiteningFloor, where: squared .< Self.whiteningFloor))
        squared.store(to: power)
        (x * inverse).store(to: real)
        (y * inverse).store(to: imaginary)
    }

    /// The cross-spectrum of two whitened spectra: first times the conjugate of the second.
    ///
    /// Shape: a row of a tile of ``ProductKernels``.
    @inline(__always)
    package func cross(
        _ firstReal: UnsafePointer<Float>, _ firstImaginary: UnsafePointer<Float>,
        _ secondReal: UnsafePointer<Float>, _ secondImaginary: UnsafePointer<Float>,
        into row: UnsafeMutablePointer<Float>
    ) {
        var row = row
        var frequency = 0
        while frequency < stride {
            let a = Lanes(at: firstReal + frequency)
            let b = Lanes(at: firstImaginary + frequency)
            let c = Lanes(at: secondReal + frequency)
            let d = Lanes(at: secondImaginary + frequency)
            (a * c).addingProduct(b, d).store(to: row)
            // Both products are rounded, so that exchanging the two gives the exact conjugate.
            (b * c - a * d).store(to: row + 16 * ProductKernels.crossRows)
            row += ProductKernels.crossTileStride
            frequency += 16
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
