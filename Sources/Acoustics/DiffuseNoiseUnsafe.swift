import Foundation
import Randomness

/// White noise with the coherence of a spherically isotropic field at the microphones of an array.
///
/// Independent spectra are mixed, frequency by frequency, with the Cholesky factor of the matrix of
/// coherences sin(k d) / (k d) (Habets et al. 2008, doi:10.1121/1.2987429).
final class DiffuseNoise {
    private let distances: [[Double]]
    private let sampleRate: Double
    private let soundSpeed: Double
    private var mixers: [Int: Mixer] = [:]

    /// What is needed for recordings of one length.
    private struct Mixer {
        let transform: FourierTransform
        /// For each frequency the factor's lower triangle, row by row.
        let factors: [Float]
    }

    init(array: MicrophoneArray, sampleRate: Double, soundSpeed: Double) {
        distances = array.positions.map { first in
            array.positions.map { second in (first - second).length }
        }
        self.sampleRate = sampleRate
        self.soundSpeed = soundSpeed
    }

    /// Noise of variance 1. Shape: `[microphones][sampleCount]`.
    func values(sampleCount: Int, using stream: inout Randomness.Stream) -> [Float] {
        let channels = distances.count
        let mixer = mixer(FourierTransform.goodLength(sampleCount))
        let transform = mixer.transform
        let bins = transform.bins
        let white = GaussianNoise.values(2 * bins * channels, using: &stream)
        let rows = channels * (channels + 1) / 2
        // A real transform's inverse sums each bin and its mirror image.
        let scale = 1 / (2 * Float(transform.length)).squareRoot()
        var result = [Float](repeating: 0, count: channels * sampleCount)
        for channel in 0..<channels {
            let row = channel * (channel + 1) / 2
            for bin in 0..<bins {
                var (real, imaginary) = (Float(0), Float(0))
                for source in 0...channel {
                    let factor = mixer.factors[bin * rows + row + source]
                    real += factor * white[2 * (source * bins + bin)]
                    imaginary += factor * white[2 * (source * bins + bin) + 1]
                }
                transform.spectrum.base[2 * bin] = real
                transform.spectrum.base[2 * bin + 1] = imaginary
            }
            transform.inverse()
            for sample in 0..<sampleCount {
                result[channel * sampleCount + sample] = transform.samples.base[sample] * scale
            }
        }
        return result
    }

    private func mixer(_ length: Int) -> Mixer {
        if let known = mixers[length] { return known }
        let transform = FourierTransform(length: length)
        var factors: [Float] = []
        for bin in 0..<transform.bins {
            let waveNumber = 2 * .pi * Double(bin) * sampleRate / Double(length) / soundSpeed
            factors += factor(waveNumber)
        }
        let made = Mixer(transform: transform, factors: factors)
        mixers[length] = made
        return made
    }

    /// The lower triangle of the Cholesky factor of the coherences at a wave number.
    private func factor(_ waveNumber: Double) -> [Float] {
        let count = distances.count
        var lower = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for row in 0..<count {
            for column in 0...row {
                var sum = Self.coherence(waveNumber * distances[row][column])
                for inner in 0..<column { sum -= lower[row][inner] * lower[column][inner] }
                // At low frequencies all microphones hear the same, and what is left is rounding.
                if row == column {
                    lower[row][row] = max(sum, 0).squareRoot()
                } else if lower[column][column] > 1e-6 {
                    lower[row][column] = sum / lower[column][column]
                }
            }
        }
        return (0..<count).flatMap { row in (0...row).map { Float(lower[row][$0]) } }
    }

    private static func coherence(_ phase: Double) -> Double {
        abs(phase) < 1e-9 ? 1 : sin(phase) / phase
    }
}
