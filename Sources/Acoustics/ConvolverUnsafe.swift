/// Convolves dry signals with the impulse responses of several channels.
final class Convolver {
    private var transforms: [Int: FourierTransform] = [:]
    private let sums = AlignedBuffer(capacity: 16)
    private let dry = AlignedBuffer(capacity: 16)

    private func transform(_ length: Int) -> FourierTransform {
        if let known = transforms[length] { return known }
        let made = FourierTransform(length: length)
        transforms[length] = made
        return made
    }

    /// Adds up signal * response over `parts`, channel by channel.
    ///
    /// Shape: responses and result planar; result `[channels][sampleCount]`, which begins
    /// `latency` samples into the convolution.
    func convolve(
        _ parts: [(signal: [Float], responses: MultichannelSignal)], channels: Int,
        sampleCount: Int, latency: Int
    ) -> [Float] {
        var result = [Float](repeating: 0, count: channels * sampleCount)
        let needed = sampleCount + latency
        // Samples of the signal after the end of the result cannot reach it.
        let longest =
            parts.map { part in
                min(part.signal.count, needed) + min(part.responses.sampleCount, needed) - 1
            }.max() ?? 0
        guard longest > 0 else { return result }
        let transform = transform(FourierTransform.goodLength(min(longest, 2 * needed)))
        let floats = 2 * transform.bins
        sums.reserve(channels * floats)
        sums.clear(channels * floats)
        dry.reserve(floats)
        for (signal, responses) in parts where !signal.isEmpty && responses.sampleCount > 0 {
            load(signal[..<min(signal.count, needed)], into: transform)
            transform.forward()
            dry.base.update(from: transform.spectrum.base, count: floats)
            for channel in 0..<channels {
                let response = responses.channel(channel)
                load(response.prefix(needed), into: transform)
                transform.forward()
                multiplyAdd(
                    dry.base, transform.spectrum.base, into: sums.base + channel * floats,
                    count: transform.bins)
            }
        }
        let scale = 1 / Float(transform.length)
        let kept = min(sampleCount, max(0, transform.length - latency))
        result.withUnsafeMutableBufferPointer { result in
            for channel in 0..<channels {
                transform.spectrum.base.update(from: sums.base + channel * floats, count: floats)
                transform.inverse()
                let source = transform.samples.base + latency
                for sample in 0..<kept {
                    result[channel * sampleCount + sample] = source[sample] * scale
                }
            }
        }
        return result
    }

    private func load(_ values: ArraySlice<Float>, into transform: FourierTransform) {
        transform.samples.clear(transform.length)
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            transform.samples.base.update(from: base, count: values.count)
        }
    }

    private func multiplyAdd(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
        into sum: UnsafeMutablePointer<Float>, count: Int
    ) {
        for bin in 0..<count {
            let (a, b) = (first[2 * bin], first[2 * bin + 1])
            let (c, d) = (second[2 * bin], second[2 * bin + 1])
            sum[2 * bin] += a * c - b * d
            sum[2 * bin + 1] += a * d + b * c
        }
    }
}
