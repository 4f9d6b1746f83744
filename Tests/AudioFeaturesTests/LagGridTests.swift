import AudioFeatures
import Foundation
import Testing

@Suite("The grid of the lags")
struct LagGridTests {
    @Test(
        "The sums over the grid equal the plain ones within the stated tolerance",
        arguments: [
            (512, 64, 0.25), (512, 65, 0.25), (512, 64, 1), (512, 64, 4), (256, 16, 0.01),
            (480, 33, 0.3), (1024, 1, 1), (4096, 64, 0.5),
        ])
    func accuracy(length: Int, lags: Int, spacing: Double) {
        let grid = LagGrid(fftLength: length, lags: lags, spacing: spacing)
        let sums: [([[Double]], (Double) -> Double)] = [
            (grid.cosines, { cos($0) }), (grid.sines, { sin($0) }),
        ]
        for (waves, wave) in sums {
            for (lag, row) in zip(grid.halfLags, waves) {
                // The most that a cross-spectrum can make of the differences, each C_k being 1 in size.
                var bound = 0.0
                for frequency in 0...(length / 2) {
                    let angle = 2 * .pi * Double(frequency) * lag / Double(length)
                    let wanted = 2 / Double(length) * wave(angle)
                    bound += abs(spread(frequency, grid, row) - wanted)
                }
                #expect(bound <= LagGrid.tolerance)
            }
        }
    }

    /// What a frequency of size 1 adds to a sum over the grid.
    private func spread(_ frequency: Int, _ grid: LagGrid, _ row: [Double]) -> Double {
        guard grid.spacing > 1 else { return row[frequency] }
        let (first, offset) = frequency.quotientAndRemainder(dividingBy: grid.spacing)
        return (0..<LagGrid.width).reduce(0) {
            $0 + grid.weights[offset * LagGrid.width + $1] * row[first + $1]
        }
    }

    @Test("The grid is coarse where lags lie close, and the cross-spectrum where they do not")
    func spacing() {
        #expect(LagGrid(fftLength: 512, lags: 64, spacing: 0.25).spacing == 16)
        #expect(LagGrid(fftLength: 512, lags: 64, spacing: 1).spacing == 4)
        let wide = LagGrid(fftLength: 512, lags: 64, spacing: 4)
        #expect(wide.spacing == 1 && wide.points == 257)
    }

    @Test(
        "The kernels give the plain sum of a cross-spectrum at every lag",
        arguments: [(512, 64, 0.25), (512, 33, 0.3), (480, 32, 0.5), (128, 31, 4)])
    func kernels(length: Int, lags: Int, spacing: Double) {
        let kernels = CorrelationKernels(fftLength: length, lags: lags, spacing: spacing)
        let phases = (0...(length / 2)).map { 0.37 * Double($0 * $0 % 101) }
        let spectrum = AlignedBuffer((length / 2 + 1) * 32)
        for (frequency, phase) in phases.enumerated() {
            for lane in 0..<16 {
                // Every lane has a phase of its own.
                let angle = phase * Double(lane + 1)
                spectrum.start[32 * frequency + lane] = Float(cos(angle))
                spectrum.start[32 * frequency + 16 + lane] = Float(sin(angle))
            }
        }
        let grid = AlignedBuffer(kernels.gridSize)
        let found = AlignedBuffer(16 * lags)
        kernels.spread(spectrum.start, into: grid.start)
        kernels.correlate(grid.start, lags: lags, into: found.start)
        for lag in 0..<lags {
            let time = (Double(lag) - Double(lags - 1) / 2) * spacing
            for lane in 0..<16 {
                let wanted = phases.enumerated().reduce(0.0) { sum, value in
                    let turn = 2 * .pi * Double(value.offset) * time / Double(length)
                    return sum + 2 / Double(length) * cos(value.element * Double(lane + 1) + turn)
                }
                #expect(abs(Double(found.start[16 * lag + lane]) - wanted) < 1e-5)
            }
        }
    }
}
