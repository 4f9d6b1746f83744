/// Matrix products with few, fixed row counts: each row is summed by itself, in order of frequency,
/// so that its bits depend on nothing but its own values. (A general `sgemm` takes other paths for
/// other numbers of rows.)
///
/// Rows come in tiles, sixteen columns of all rows after one another, `[columns / 16, rows, 16]`:
/// what is read together lies together, at distances that are known when this is compiled.
package enum ProductKernels {
    /// Rows of a tile of power spectra.
    package static let bandRows = 8
    /// Rows of a tile of cross-spectra, each with its real and its imaginary part.
    package static let crossRows = 6
    /// Floats from sixteen columns of a tile to the next sixteen.
    package static let bandTileStride = 16 * bandRows
    package static let crossTileStride = 16 * 2 * crossRows

    /// Eight rows times a matrix of 16 columns.
    ///
    /// Shape: tile `[columns / 16, 8, 16]`, of which the columns in `range` are read; weights
    /// `[range, 16]`; out `[8, outputStride]`.
    @inline(__always)
    package static func bands(
        _ tile: UnsafePointer<Float>, range: Range<Int>, weights: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        var s0 = Lanes(repeating: 0)
        var (s1, s2, s3, s4, s5, s6, s7) = (s0, s0, s0, s0, s0, s0, s0)
        var weights = weights
        var column = range.lowerBound
        while column < range.upperBound {
            let end = min(range.upperBound, (column | 15) + 1)
            var values = tile + (column >> 4) * bandTileStride + (column & 15)
            while column < end {
                let weight = Lanes(at: weights)
                s0 = s0.addingProduct(weight, Lanes(repeating: values[0]))
                s1 = s1.addingProduct(weight, Lanes(repeating: values[16]))
                s2 = s2.addingProduct(weight, Lanes(repeating: values[32]))
                s3 = s3.addingProduct(weight, Lanes(repeating: values[48]))
                s4 = s4.addingProduct(weight, Lanes(repeating: values[64]))
                s5 = s5.addingProduct(weight, Lanes(repeating: values[80]))
                s6 = s6.addingProduct(weight, Lanes(repeating: values[96]))
                s7 = s7.addingProduct(weight, Lanes(repeating: values[112]))
                weights += 16
                values += 1
                column += 1
            }
        }
        s0.store(to: out)
        s1.store(to: out + outputStride)
        s2.store(to: out + 2 * outputStride)
        s3.store(to: out + 3 * outputStride)
        s4.store(to: out + 4 * outputStride)
        s5.store(to: out + 5 * outputStride)
        s6.store(to: out + 6 * outputStride)
        s7.store(to: out + 7 * outputStride)
    }

    /// Six rows of real parts times one matrix of 16 columns, and of imaginary parts times another.
    ///
    /// Shape: tile `[columns / 16, 12, 16]`, real parts first, of which `count` columns are read;
    /// even and odd `[count, 16]`; out `[12, 16]`, which is part of such a tile again.
    @inline(__always)
    package static func halves(
        _ tile: UnsafePointer<Float>, even: UnsafePointer<Float>, odd: UnsafePointer<Float>,
        count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        var e0 = Lanes(repeating: 0)
        var (e1, e2, e3, e4, e5) = (e0, e0, e0, e0, e0)
        var (o0, o1, o2, o3, o4, o5) = (e0, e0, e0, e0, e0, e0)
        var (even, odd, tile) = (even, odd, tile)
        var remaining = count
        while remaining > 0 {
            var values = tile
            let end = tile + min(remaining, 16)
            while values < end {
                let (cosine, sine) = (Lanes(at: even), Lanes(at: odd))
                e0 = e0.addingProduct(cosine, Lanes(repeating: values[0]))
                e1 = e1.addingProduct(cosine, Lanes(repeating: values[16]))
                e2 = e2.addingProduct(cosine, Lanes(repeating: values[32]))
                e3 = e3.addingProduct(cosine, Lanes(repeating: values[48]))
                e4 = e4.addingProduct(cosine, Lanes(repeating: values[64]))
                e5 = e5.addingProduct(cosine, Lanes(repeating: values[80]))
                o0 = o0.addingProduct(sine, Lanes(repeating: values[96]))
                o1 = o1.addingProduct(sine, Lanes(repeating: values[112]))
                o2 = o2.addingProduct(sine, Lanes(repeating: values[128]))
                o3 = o3.addingProduct(sine, Lanes(repeating: values[144]))
                o4 = o4.addingProduct(sine, Lanes(repeating: values[160]))
                o5 = o5.addingProduct(sine, Lanes(repeating: values[176]))
                even += 16
                odd += 16
                values += 1
            }
            tile += crossTileStride
            remaining -= 16
        }
        e0.store(to: out)
        e1.store(to: out + 16)
        e2.store(to: out + 32)
        e3.store(to: out + 48)
        e4.store(to: out + 64)
        e5.store(to: out + 80)
        o0.store(to: out + 96)
        o1.store(to: out + 112)
        o2.store(to: out + 128)
        o3.store(to: out + 144)
        o4.store(to: out + 160)
        o5.store(to: out + 176)
    }
}
