import Foundation

/// The complex transform of sixteen frames at once, a frame a lane: radix 4 in place, decimated in
/// frequency (Gentleman and Sande 1966, doi:10.1145/1464291.1464352), with one stage of radix 2
/// where the length is no power of four.
///
/// Frequencies are left where the last stage puts them: ``place`` says where.
struct LaneTransform {
    /// Complex values of a frame, a power of two.
    let length: Int
    /// The place of each frequency.
    let place: [Int32]
    /// For each stage of radix 4 but the last, and each butterfly: cosines and sines of w, w^2, w^3.
    private let twiddles: AlignedBuffer
    private let firstTwiddles: AlignedBuffer
    private let startsWithTwo: Bool

    /// Whether a length is one that this transform has.
    static func supports(_ length: Int) -> Bool {
        length >= 4 && length & (length - 1) == 0
    }

    init(length: Int) {
        precondition(Self.supports(length), "the length must be a power of two")
        self.length = length
        startsWithTwo = length.trailingZeroBitCount % 2 == 1
        var remaining = length
        var first: [Float] = []
        var radices: [Int] = []
        func turn(_ index: Int, _ size: Int) -> [Float] {
            let angle = -2 * Double.pi * Double(index) / Double(size)
            return [Float(cos(angle)), Float(sin(angle))]
        }
        if startsWithTwo {
            first = (0..<length / 2).flatMap { turn($0, length) }
            remaining /= 2
            radices.append(2)
        }
        var tables: [Float] = []
        while remaining > 1 {
            if remaining > 4 {
                for index in 0..<remaining / 4 {
                    for power in 1...3 { tables += turn(power * index, remaining) }
                }
            }
            radices.append(4)
            remaining /= 4
        }
        twiddles = AlignedBuffer(tables)
        firstTwiddles = AlignedBuffer(first)
        place = (0..<length).map { frequency in
            var (rest, span, place) = (frequency, length, 0)
            for radix in radices {
                span /= radix
                place += rest % radix * span
                rest /= radix
            }
            return Int32(place)
        }
    }

    /// Shape: values [length, 2, 16], real parts before imaginary ones; in place.
    func callAsFunction(_ values: UnsafeMutablePointer<Float>) {
        var size = length
        if startsWithTwo {
            halve(values)
            size /= 2
        }
        var twiddle = UnsafePointer(twiddles.start)
        while size > 4 {
            let quarter = size / 4
            for index in 0..<quarter {
                let (c1, s1) = (Lanes(repeating: twiddle[0]), Lanes(repeating: twiddle[1]))
                let (c2, s2) = (Lanes(repeating: twiddle[2]), Lanes(repeating: twiddle[3]))
                let (c3, s3) = (Lanes(repeating: twiddle[4]), Lanes(repeating: twiddle[5]))
                twiddle += 6
                var block = values + 32 * index
                let end = values + 32 * length
                while block < end {
                    let (y0, y1, y2, y3) = Self.butterfly(block, 32 * quarter)
                    y0.store(to: block)
                    y1.turned(c1, s1).store(to: block + 32 * quarter)
                    y2.turned(c2, s2).store(to: block + 64 * quarter)
                    y3.turned(c3, s3).store(to: block + 96 * quarter)
                    block += 32 * size
                }
            }
            size = quarter
        }
        var block = values
        let end = values + 32 * length
        while block < end {
            let (y0, y1, y2, y3) = Self.butterfly(block, 32)
            y0.store(to: block)
            y1.store(to: block + 32)
            y2.store(to: block + 64)
            y3.store(to: block + 96)
            block += 128
        }
    }

    private func halve(_ values: UnsafeMutablePointer<Float>) {
        let half = 16 * length
        for index in 0..<length / 2 {
            let (near, far) = (values + 32 * index, values + 32 * index + half)
            let (a, b) = (LanePair(at: near), LanePair(at: far))
            (a + b).store(to: near)
            (a - b).turned(
                Lanes(repeating: firstTwiddles.start[2 * index]),
                Lanes(repeating: firstTwiddles.start[2 * index + 1])
            ).store(to: far)
        }
    }

    @inline(__always)
    private static func butterfly(
        _ values: UnsafeMutablePointer<Float>, _ distance: Int
    ) -> (LanePair, LanePair, LanePair, LanePair) {
        let (a, b) = (LanePair(at: values), LanePair(at: values + distance))
        let (c, d) = (LanePair(at: values + 2 * distance), LanePair(at: values + 3 * distance))
        let (t0, t1) = (a + c, a - c)
        let (t2, t3) = (b + d, b - d)
        return (
            t0 + t2,
            LanePair(real: t1.real + t3.imaginary, imaginary: t1.imaginary - t3.real),
            t0 - t2,
            LanePair(real: t1.real - t3.imaginary, imaginary: t1.imaginary + t3.real)
        )
    }
}
