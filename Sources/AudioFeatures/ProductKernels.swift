/// Matrix products with few, fixed row counts: each row is summed by itself, in order of frequency,
/// so that its bits depend on nothing but its own values. (A general `sgemm` takes other paths for
/// other numbers of rows.)
package enum ProductKernels {
    /// Rows that ``bands(_:stride:weights:count:into:outputStride:)`` works on at once.
    package static let bandRows = 8
    /// Rows that ``halves(real:imaginary:stride:even:odd:count:evenOut:oddOut:outputStride:)``
    /// works on at once.
    package static let correlationRows = 6

    /// Eight rows times a matrix of 16 columns.
    ///
    /// Shape: rows `[8, stride]`, of which `count` are read; weights `[count, 16]`; out `[8, outputStride]`.
    @inline(__always)
    package static func bands(
        _ rows: UnsafePointer<Float>, stride: Int, weights: UnsafePointer<Float>, count: Int,
        into out: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        var s0 = Lanes(repeating: 0)
        var (s1, s2, s3, s4, s5, s6, s7) = (s0, s0, s0, s0, s0, s0, s0)
        for k in 0..<count {
            let weight = Lanes(at: weights + 16 * k)
            let row = rows + k
            s0 = s0.addingProduct(weight, Lanes(repeating: row[0]))
            s1 = s1.addingProduct(weight, Lanes(repeating: row[stride]))
            s2 = s2.addingProduct(weight, Lanes(repeating: row[2 * stride]))
            s3 = s3.addingProduct(weight, Lanes(repeating: row[3 * stride]))
            s4 = s4.addingProduct(weight, Lanes(repeating: row[4 * stride]))
            s5 = s5.addingProduct(weight, Lanes(repeating: row[5 * stride]))
            s6 = s6.addingProduct(weight, Lanes(repeating: row[6 * stride]))
            s7 = s7.addingProduct(weight, Lanes(repeating: row[7 * stride]))
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
    /// Shape: real and imaginary `[6, stride]`, of which `count` are read; even and odd
    /// `[count, 16]`; the outputs `[6, outputStride]`.
    @inline(__always)
    package static func halves(
        real: UnsafePointer<Float>, imaginary: UnsafePointer<Float>, stride: Int,
        even: UnsafePointer<Float>, odd: UnsafePointer<Float>, count: Int,
        evenOut: UnsafeMutablePointer<Float>, oddOut: UnsafeMutablePointer<Float>,
        outputStride: Int
    ) {
        var e0 = Lanes(repeating: 0)
        var (e1, e2, e3, e4, e5) = (e0, e0, e0, e0, e0)
        var (o0, o1, o2, o3, o4, o5) = (e0, e0, e0, e0, e0, e0)
        for k in 0..<count {
            let cosine = Lanes(at: even + 16 * k)
            let sine = Lanes(at: odd + 16 * k)
            let x = real + k
            let y = imaginary + k
            e0 = e0.addingProduct(cosine, Lanes(repeating: x[0]))
            o0 = o0.addingProduct(sine, Lanes(repeating: y[0]))
            e1 = e1.addingProduct(cosine, Lanes(repeating: x[stride]))
            o1 = o1.addingProduct(sine, Lanes(repeating: y[stride]))
            e2 = e2.addingProduct(cosine, Lanes(repeating: x[2 * stride]))
            o2 = o2.addingProduct(sine, Lanes(repeating: y[2 * stride]))
            e3 = e3.addingProduct(cosine, Lanes(repeating: x[3 * stride]))
            o3 = o3.addingProduct(sine, Lanes(repeating: y[3 * stride]))
            e4 = e4.addingProduct(cosine, Lanes(repeating: x[4 * stride]))
            o4 = o4.addingProduct(sine, Lanes(repeating: y[4 * stride]))
            e5 = e5.addingProduct(cosine, Lanes(repeating: x[5 * stride]))
            o5 = o5.addingProduct(sine, Lanes(repeating: y[5 * stride]))
        }
        e0.store(to: evenOut)
        o0.store(to: oddOut)
        e1.store(to: evenOut + outputStride)
        o1.store(to: oddOut + outputStride)
        e2.store(to: evenOut + 2 * outputStride)
        o2.store(to: oddOut + 2 * outputStride)
        e3.store(to: evenOut + 3 * outputStride)
        o3.store(to: oddOut + 3 * outputStride)
        e4.store(to: evenOut + 4 * outputStride)
        o4.store(to: oddOut + 4 * outputStride)
        e5.store(to: evenOut + 5 * outputStride)
        o5.store(to: oddOut + 5 * outputStride)
    }
}
