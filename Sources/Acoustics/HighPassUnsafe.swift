import Foundation

/// A Butterworth high-pass of second order.
///
/// All reflection factors are positive, so the images add up in phase at the lowest frequencies and
/// the response drifts: a slow hump that no room has, and that rings on after the sound has gone. A
/// microphone does not pass it either.
struct HighPass {
    private let gain: Double
    private let feedback1: Double
    private let feedback2: Double

    /// Units: Hz; down 3 dB at `frequency`.
    init(frequency: Double, sampleRate: Double) {
        // The bilinear transform of s^2 / (s^2 + sqrt(2) s + 1).
        let k = tan(.pi * frequency / sampleRate)
        let norm = 1 / (1 + 2.0.squareRoot() * k + k * k)
        gain = norm
        feedback1 = 2 * (k * k - 1) * norm
        feedback2 = (1 - 2.0.squareRoot() * k + k * k) * norm
    }

    /// Filters channels in place, four at once. Shape: `[channels][count]`.
    func apply(to samples: UnsafeMutableBufferPointer<Float>, channels: Int, count: Int) {
        guard let base = samples.baseAddress else { return }
        for first in Swift.stride(from: 0, to: channels, by: 4) {
            // The last group filters its last channel several times, and keeps it once.
            let rows = (0..<4).map { base + min(first + $0, channels - 1) * count }
            let (row0, row1, row2, row3) = (rows[0], rows[1], rows[2], rows[3])
            var state1 = SIMD4<Double>(repeating: 0)
            var state2 = SIMD4<Double>(repeating: 0)
            for index in 0..<count {
                let input = SIMD4<Double>(
                    Double(row0[index]), Double(row1[index]), Double(row2[index]),
                    Double(row3[index]))
                let output = input * gain + state1
                state1 = input * (-2 * gain) - output * feedback1 + state2
                state2 = input * gain - output * feedback2
                row3[index] = Float(output.w)
                row2[index] = Float(output.z)
                row1[index] = Float(output.y)
                row0[index] = Float(output.x)
            }
        }
    }
}
