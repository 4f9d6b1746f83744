import Foundation
import Randomness

/// A sound in the making: a length of silence to which tones and noises are added.
///
/// Times are seconds from the start, frequencies Hz.
struct SoundSketch {
    let seconds: Double
    let rate: Double
    var stream: Stream
    private var samples: [Float]

    init(seconds: Double, sampleRate: Int, stream: Stream) {
        self.seconds = seconds
        self.stream = stream
        rate = Double(sampleRate)
        samples = [Float](repeating: 0, count: Int(seconds * rate))
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double { stream.uniform(in: range) }

    /// Equal chances for equal ratios: for frequencies and time constants.
    mutating func logarithmic(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound * pow(range.upperBound / range.lowerBound, stream.uniform())
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + stream.index(below: range.count)
    }

    /// Adds a sine whose frequency and amplitude change with the time since `start`; silent while the
    /// frequency is outside what the sample rate can carry.
    @inline(__always)
    mutating func addTone(
        from start: Double = 0, lasting length: Double = .infinity,
        frequency: (Double) -> Double, amplitude: (Double) -> Double
    ) {
        var phase = 2 * Double.pi * stream.uniform()
        let first = max(0, Int(start * rate))
        let end = min(samples.count, Int(min(start + length, seconds) * rate))
        let limit = 0.46 * rate
        for index in stride(from: first, to: end, by: 1) {
            let time = Double(index - first) / rate
            let pitch = frequency(time)
            phase += 2 * .pi * pitch / rate
            if pitch > 0, pitch < limit { samples[index] += Float(amplitude(time) * sin(phase)) }
        }
    }

    /// Adds white noise through a resonant band-pass filter; the amplitude changes with time.
    @inline(__always)
    mutating func addNoise(
        from start: Double = 0, lasting length: Double = .infinity, centre: Double,
        resonance: Double, amplitude: (Double) -> Double
    ) {
        let first = max(0, Int(start * rate))
        let end = min(samples.count, Int(min(start + length, seconds) * rate))
        var filter = BandPass(centre: min(centre, 0.45 * rate), resonance: resonance, rate: rate)
        for index in stride(from: first, to: end, by: 1) {
            let time = Double(index - first) / rate
            let white = 2 * stream.uniform() - 1
            samples[index] += Float(amplitude(time) * filter(white))
        }
    }

    /// Adds what `body` makes of the time since `start`, sample by sample.
    @inline(__always)
    mutating func add(from start: Double, lasting length: Double, _ body: (Double) -> Double) {
        let first = max(0, Int(start * rate))
        let end = min(samples.count, Int(min(start + length, seconds) * rate))
        for index in stride(from: first, to: end, by: 1) {
            samples[index] += Float(body(Double(index - first) / rate))
        }
    }

    /// The samples, coloured, with background noise and fades, at a level of their own.
    consuming func finished() -> [Float] {
        let tilt = uniform(-0.5...0.5)
        var previous = 0.0
        for index in samples.indices {
            let sample = Double(samples[index])
            samples[index] = Float(sample - tilt * previous)
            previous = sample
        }
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        let level = (energy / Double(max(1, samples.count))).squareRoot()
        let noise = level * pow(10, -uniform(12...35) / 20)
        let centre = logarithmic(200...4000)
        addNoise(centre: centre, resonance: 0.4) { _ in 3 * noise }
        let fade = max(1, Int(0.004 * rate))
        for index in 0..<min(fade, samples.count / 2) {
            let gain = Float(index) / Float(fade)
            samples[index] *= gain
            samples[samples.count - 1 - index] *= gain
        }
        let peak = samples.reduce(0) { max($0, abs($1)) }
        let gain = Float(uniform(0.3...0.9)) / max(peak, 1e-9)
        return samples.map { $0 * gain }
    }
}

/// A state-variable band-pass filter (topology-preserving transform), unit gain at its centre.
struct BandPass {
    private let g: Double
    private let damping: Double
    private var first = 0.0
    private var second = 0.0

    init(centre: Double, resonance: Double, rate: Double) {
        g = tan(.pi * centre / rate)
        damping = 1 / resonance
    }

    mutating func callAsFunction(_ input: Double) -> Double {
        let high = (input - (damping + g) * first - second) / (1 + damping * g + g * g)
        let band = g * high + first
        first = g * high + band
        second += 2 * g * band
        return damping * band
    }
}
