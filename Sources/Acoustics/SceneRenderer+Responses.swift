package import Randomness

extension SceneRenderer {
    /// What the microphones pick up when a source plays a signal in a room of which the impulse responses
    /// are known.
    ///
    /// The noise has `signalToNoise` decibels less power than the sound, both averaged over the microphones
    /// and the whole recording; none where that is infinite.
    /// Shape: `[microphones][sampleCount]`.
    ///
    /// - Parameters:
    ///   - responses: a channel for each microphone, at the renderer's sample rate.
    ///   - latency: samples by which they start before the sound leaves the source.
    /// - Throws: ``AcousticsError``.
    package func render(
        _ signal: [Float], responses: MultichannelSignal, latency: Int, signalToNoise: Double,
        noise kind: NoiseKind, sampleCount: Int, noise: inout Stream
    ) throws -> MultichannelSignal {
        guard responses.channelCount == array.count, responses.sampleRate == sampleRate else {
            throw AcousticsError.settingOutOfRange(
                name: "responses",
                value: "\(responses.channelCount) channels at \(responses.sampleRate) Hz",
                rule: "\(array.count) at \(sampleRate) Hz")
        }
        var recording = MultichannelSignal(
            channelCount: array.count, sampleRate: sampleRate,
            samples: convolver.convolve(
                [(signal: signal, responses: responses)], channels: array.count,
                sampleCount: sampleCount, latency: latency))
        addNoise(to: &recording, signalToNoise: signalToNoise, kind: kind, using: &noise)
        return recording
    }
}
