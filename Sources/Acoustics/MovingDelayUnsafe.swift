/// The sound of one image of a moving source at one microphone: delay and amplitude follow the
/// distance, sample by sample.
final class MovingDelay {
    /// Delays are computed exactly at every 64th sample and interpolated linearly in between: at
    /// 4 ms and walking speed that errs by less than a thousandth of a sample.
    private static let knotSpacing = 64
    /// Phases of the interpolating pulse a sample; in between, it is interpolated linearly.
    private static let phases = 128
    private static let paddedTaps = (FractionalDelay.taps + 1 + 15) & ~15

    private let pulses: AlignedBuffer
    private let padded = AlignedBuffer(capacity: 16)
    private var signalCount = 0
    private static let margin = 64

    init(window: FractionalDelay.Window) {
        pulses = AlignedBuffer(capacity: (Self.phases + 1) * Self.paddedTaps)
        for phase in 0...Self.phases {
            let fraction = Double(phase) / Double(Self.phases)
            for tap in 0..<FractionalDelay.taps + 1 {
                pulses.base[phase * Self.paddedTaps + tap] = Float(
                    FractionalDelay.pulse(
                        at: fraction + Double(FractionalDelay.latency - tap), window: window))
            }
        }
    }

    /// Takes the dry signal that ``add(distance:gain:sampleRate:soundSpeed:to:count:)`` delays.
    func load(_ signal: [Float]) {
        let total = signal.count + 2 * Self.margin + Self.paddedTaps
        padded.reserve(total)
        padded.clear(total)
        for (index, value) in signal.enumerated() { padded.base[Self.margin + index] = value }
        signalCount = signal.count
    }

    /// Adds the signal as heard at `distance(emission time)`, over `gain / distance`.
    ///
    /// The amplitude is that of a source at rest: the Doppler factor on it, 1 % at 3 m/s, is left
    /// out. Units: metres, seconds.
    func add(
        distance: (Double) -> Double, gain: Double, sampleRate: Double, soundSpeed: Double,
        to output: UnsafeMutablePointer<Float>, count: Int
    ) {
        var left = Self.emission(at: 0, guess: 0, distance, soundSpeed)
        for start in stride(from: 0, to: count, by: Self.knotSpacing) {
            let time = Double(start + Self.knotSpacing) / sampleRate
            let right = Self.emission(
                at: time, guess: left.time + Double(Self.knotSpacing) / sampleRate, distance,
                soundSpeed)
            let end = min(start + Self.knotSpacing, count)
            let step = 1 / Double(Self.knotSpacing)
            for sample in start..<end {
                let share = Double(sample - start) * step
                let emitted = (left.time + (right.time - left.time) * share) * sampleRate
                let radius = left.distance + (right.distance - left.distance) * share
                output[sample] += value(at: emitted) * Float(gain / radius)
            }
            left = right
        }
    }

    /// When the sound that arrives at `time` left the source, and how far it came.
    private static func emission(
        at time: Double, guess: Double, _ distance: (Double) -> Double, _ soundSpeed: Double
    ) -> (time: Double, distance: Double) {
        var emitted = guess
        var radius = distance(emitted)
        // Each turn divides the error by soundSpeed / speed, a hundred or more.
        for _ in 0..<6 {
            emitted = time - radius / soundSpeed
            radius = distance(emitted)
        }
        return (emitted, radius)
    }

    /// The signal between its samples.
    @inline(__always)
    private func value(at time: Double) -> Float {
        let whole = time.rounded(.down)
        let first = Int(whole) - FractionalDelay.latency + Self.margin
        guard first >= 0, first + Self.paddedTaps <= signalCount + 2 * Self.margin + Self.paddedTaps
        else { return 0 }
        let place = (time - whole) * Double(Self.phases)
        let phase = Int(place)
        let share = Float(place - Double(phase))
        let lower = UnsafeRawPointer(pulses.base + phase * Self.paddedTaps)
        let upper = lower + Self.paddedTaps * 4
        let samples = UnsafeRawPointer(padded.base + first)
        var sum = SIMD16<Float>(repeating: 0)
        for offset in stride(from: 0, to: Self.paddedTaps * 4, by: 64) {
            let low = lower.load(fromByteOffset: offset, as: SIMD16<Float>.self)
            let high = upper.load(fromByteOffset: offset, as: SIMD16<Float>.self)
            let pulse = low + (high - low) * share
            sum.addProduct(
                pulse, samples.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self))
        }
        let eight = sum.lowHalf + sum.highHalf
        let four = eight.lowHalf + eight.highHalf
        return four.x + four.y + four.z + four.w
    }
}
