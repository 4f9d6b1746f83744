/// From the whitened spectra of two microphones to their correlation, sixteen frames or pairs at once:
/// the two sums of ``LagGrid``.
package struct CorrelationKernels {
    /// Lags of which the sums are taken together.
    private static let lagsTogether = 8

    package let grid: LagGrid
    private let frequencies: Int
    /// Shape: [spacing, 8], of which the last is not used.
    private let weights: AlignedBuffer
    /// Shape: [groups of eight lags, points, 2, 8], cosines before sines.
    private let waves: AlignedBuffer

    package init(fftLength: Int, lags: Int, spacing: Double) {
        grid = LagGrid(fftLength: fftLength, lags: lags, spacing: spacing)
        frequencies = fftLength / 2 + 1
        weights = AlignedBuffer(grid.spacing * 8)
        for (index, weight) in grid.weights.enumerated() {
            let (offset, point) = index.quotientAndRemainder(dividingBy: LagGrid.width)
            weights.start[8 * offset + point] = Float(weight)
        }
        let groups = (grid.halfLags.count + Self.lagsTogether - 1) / Self.lagsTogether
        waves = AlignedBuffer(groups * grid.points * 16)
        for lag in grid.halfLags.indices {
            let (group, slot) = lag.quotientAndRemainder(dividingBy: Self.lagsTogether)
            for point in 0..<grid.points {
                let place = (group * grid.points + point) * 16 + slot
                waves.start[place] = Float(grid.cosines[lag][point])
                waves.start[place + 8] = Float(grid.sines[lag][point])
            }
        }
    }

    /// Floats that the grid takes.
    package var gridSize: Int { 32 * grid.points }

    /// Spreads a cross-spectrum over the grid.
    ///
    /// Shape: crossSpectrum [frequencies, 2, 16]; out [points, 2, 16].
    package func spread(
        _ crossSpectrum: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        spread(into: out) { LanePair(at: crossSpectrum + 32 * $0) }
    }

    /// Spreads a cross-spectrum over the grid, or copies it where there is none.
    ///
    /// Shape: crossSpectrum(k) is frequency k; out [points, 2, 16].
    @inline(__always)
    func spread(
        into out: UnsafeMutablePointer<Float>, _ crossSpectrum: (Int) -> LanePair
    ) {
        guard grid.spacing > 1 else {
            for frequency in 0..<frequencies {
                crossSpectrum(frequency).store(to: out + 32 * frequency)
            }
            return
        }
        var out = out
        var p0 = LanePair.zero
        var (p1, p2, p3, p4, p5, p6) = (p0, p0, p0, p0, p0, p0)
        var frequency = 0
        while frequency < frequencies {
            let end = min(frequency + grid.spacing, frequencies)
            var weight = UnsafePointer(weights.start)
            while frequency < end {
                let value = crossSpectrum(frequency)
                p0.add(value, times: weight[0])
                p1.add(value, times: weight[1])
                p2.add(value, times: weight[2])
                p3.add(value, times: weight[3])
                p4.add(value, times: weight[4])
                p5.add(value, times: weight[5])
                p6.add(value, times: weight[6])
                weight += 8
                frequency += 1
            }
            // No later frequency reaches the first point.
            p0.store(to: out)
            out += 32
            (p0, p1, p2, p3, p4, p5, p6) = (p1, p2, p3, p4, p5, p6, .zero)
        }
        p0.store(to: out)
        p1.store(to: out + 32)
        p2.store(to: out + 64)
        p3.store(to: out + 96)
        p4.store(to: out + 128)
        p5.store(to: out + 160)
    }

    /// The correlation at every lag.
    ///
    /// Shape: spectrum [points, 2, 16]; out [lags, 16].
    package func correlate(
        _ spectrum: UnsafePointer<Float>, lags: Int, into out: UnsafeMutablePointer<Float>
    ) {
        let halfLags = grid.halfLags.count
        let points = grid.points
        var wave = UnsafePointer(waves.start)
        for first in stride(from: 0, to: halfLags, by: Self.lagsTogether) {
            var (e0, o0) = (Lanes(repeating: 0), Lanes(repeating: 0))
            var (e1, e2, e3, e4, e5, e6, e7) = (e0, e0, e0, e0, e0, e0, e0)
            var (o1, o2, o3, o4, o5, o6, o7) = (e0, e0, e0, e0, e0, e0, e0)
            var value = spectrum
            let end = spectrum + 32 * points
            while value < end {
                let (real, imaginary) = (Lanes(at: value), Lanes(at: value + 16))
                e0 = e0.addingProduct(real, Lanes(repeating: wave[0]))
                e1 = e1.addingProduct(real, Lanes(repeating: wave[1]))
                e2 = e2.addingProduct(real, Lanes(repeating: wave[2]))
                e3 = e3.addingProduct(real, Lanes(repeating: wave[3]))
                e4 = e4.addingProduct(real, Lanes(repeating: wave[4]))
                e5 = e5.addingProduct(real, Lanes(repeating: wave[5]))
                e6 = e6.addingProduct(real, Lanes(repeating: wave[6]))
                e7 = e7.addingProduct(real, Lanes(repeating: wave[7]))
                o0 = o0.addingProduct(imaginary, Lanes(repeating: wave[8]))
                o1 = o1.addingProduct(imaginary, Lanes(repeating: wave[9]))
                o2 = o2.addingProduct(imaginary, Lanes(repeating: wave[10]))
                o3 = o3.addingProduct(imaginary, Lanes(repeating: wave[11]))
                o4 = o4.addingProduct(imaginary, Lanes(repeating: wave[12]))
                o5 = o5.addingProduct(imaginary, Lanes(repeating: wave[13]))
                o6 = o6.addingProduct(imaginary, Lanes(repeating: wave[14]))
                o7 = o7.addingProduct(imaginary, Lanes(repeating: wave[15]))
                wave += 16
                value += 32
            }
            let later = out + 16 * (lags / 2 + first)
            let earlier = out + 16 * ((lags - 1) / 2 - first)
            let count = halfLags - first
            Self.join(e0, o0, 0, count, later, earlier)
            Self.join(e1, o1, 1, count, later, earlier)
            Self.join(e2, o2, 2, count, later, earlier)
            Self.join(e3, o3, 3, count, later, earlier)
            Self.join(e4, o4, 4, count, later, earlier)
            Self.join(e5, o5, 5, count, later, earlier)
            Self.join(e6, o6, 6, count, later, earlier)
            Self.join(e7, o7, 7, count, later, earlier)
        }
    }

    /// g(+-t) = E(t) -+ O(t).
    @inline(__always)
    private static func join(
        _ even: Lanes, _ odd: Lanes, _ lag: Int, _ count: Int,
        _ later: UnsafeMutablePointer<Float>, _ earlier: UnsafeMutablePointer<Float>
    ) {
        guard lag < count else { return }
        (even + odd).store(to: earlier - 16 * lag)
        (even - odd).store(to: later + 16 * lag)
    }
}
