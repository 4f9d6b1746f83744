import Foundation
import Randomness

extension SceneRenderer {
    /// Adds noise to a recording, as much as a signal-to-noise ratio says. Units: decibels.
    func addNoise(
        to recording: inout MultichannelSignal, signalToNoise: Double, kind: NoiseKind,
        using stream: inout Randomness.Stream
    ) {
        let power = recording.power
        guard signalToNoise.isFinite, power > 0 else { return }
        let deviation = Float((power * pow(10, -signalToNoise / 10)).squareRoot())
        let noise: [Float]
        switch kind {
        case .sensor:
            noise = GaussianNoise.values(recording.samples.count, using: &stream)
        case .diffuse:
            noise = diffuseNoise.values(sampleCount: recording.sampleCount, using: &stream)
        }
        recording.samples.withUnsafeMutableBufferPointer { samples in
            noise.withUnsafeBufferPointer { noise in
                for index in 0..<samples.count { samples[index] += deviation * noise[index] }
            }
        }
    }
}
