import Foundation

/// The late part of a response: few random pulses that stand for very many images.
///
/// Late images are so dense that only their statistics matter: they come from everywhere alike, and
/// an image in direction u has been reflected as often as ``ImageDecay`` says. The tail draws
/// plane waves with just these statistics: arrival times evenly spread, directions uniform on the
/// sphere, energies (1 - absorption)^reflections times the images that a pulse stands for, random
/// signs. Energy and decay, and the coherence between the microphones with its drift towards the
/// room's longest side, then follow without being put in one by one.
enum DiffuseTail {
    /// Pulses a sample. At this density no interval of a millisecond is without a few dozen.
    static let density = 4.0

    /// When images come at ``density`` a sample: from there on the tail takes over.
    ///
    /// The images that arrive within time t fill a sphere of radius c t, one for each room volume.
    /// Units: seconds.
    static func start(room: ShoeboxRoom, sampleRate: Double, soundSpeed: Double) -> Double {
        (density * sampleRate * room.volume / (4 * .pi * pow(soundSpeed, 3))).squareRoot()
    }

    /// Adds the tail from `interval.lowerBound` to `interval.upperBound` to the grids.
    ///
    /// A pulse depends on the seed and its own number alone, so that tails which start at
    /// different times share all later pulses. Units: seconds, samples a metre.
    static func add(
        room: ShoeboxRoom, microphones: [SIMD3<Double>], centre: SIMD3<Double>,
        interval: ClosedRange<Double>, seed: UInt64, sampleRate: Double, soundSpeed: Double,
        to grid: PulseGrid
    ) {
        let rate = density * sampleRate
        let first = Int((interval.lowerBound * rate).rounded(.up))
        let count = Int(interval.upperBound * rate) - first
        guard count > 0 else { return }
        let cellsPerSample = Float(FractionalDelay.cellsPerSample)
        let targets = microphones.indices.map { grid.target(ofChannel: $0) }
        // Amplitude at full reflection: images a second, 4 pi c^3 t^2 / V, over pulses a second,
        // times the energy of each, 1 / (c t)^2.
        let level = Float((4 * .pi * soundSpeed / (room.volume * rate)).squareRoot())
        // log2 of the amplitude factor of a reflection, for each sample of travel.
        let perSample = log2(1 - room.absorption) / 2 * soundSpeed / sampleRate
        let loss = SIMD3(
            Float(perSample / room.size.x), Float(perSample / room.size.y),
            Float(perSample / room.size.z))
        let offsets = microphones.map { microphone in
            SIMD3<Float>((microphone - centre) * (sampleRate / soundSpeed))
        }
        let lanes = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7)
        let signBit = SIMD8<UInt32>(repeating: 0x8000_0000)

        for block in stride(from: 0, to: count, by: 8) {
            let number = first + block
            let start = seed &+ UInt64(number) &* VectorMath.golden
            let bits = VectorMath.bits(VectorMath.counters(from: start))
            let more = VectorMath.bits(bits ^ SIMD8(repeating: VectorMath.golden))
            let high = SIMD8<UInt32>(truncatingIfNeeded: bits &>> 32)
            let low = SIMD8<UInt32>(truncatingIfNeeded: bits)
            let extra = SIMD8<UInt32>(truncatingIfNeeded: more)

            // Direction: z uniform, azimuth uniform.
            let z = VectorMath.unit(high) * 2 - 3
            let flat = (1 - z * z).squareRoot()
            let turn = 2 - VectorMath.unit(low)
            let x = VectorMath.flip(flat * VectorMath.quarterSine(1 - turn), (low &<< 31) & signBit)
            let y = VectorMath.flip(flat * VectorMath.quarterSine(turn), (low &<< 30) & signBit)

            // One arrival somewhere in each interval of 1 / density samples.
            let jitter = VectorMath.unit(extra) - 1
            let time = (Float(number) + lanes + jitter) * Float(1 / density)
            let reflections =
                magnitude(x) * loss.x + magnitude(y) * loss.y + magnitude(z) * loss.z
            let exponent = reflections * time
            let audible = exponent .> -100
            var amplitude = VectorMath.exponential2(
                exponent.replacing(with: -100, where: .!audible)) * level
            amplitude = VectorMath.flip(amplitude, (high &<< 31) & signBit)
            if block + 8 > count {
                amplitude.replace(with: 0, where: lanes .>= Float(count - block))
            }

            for (channel, offset) in offsets.enumerated() {
                let nearer = x * offset.x + y * offset.y + z * offset.z
                let cells = (time - nearer) * cellsPerSample
                let places = ImageSourceKernel.steps(
                    SIMD16(lowHalf: cells, highHalf: cells))
                let target = targets[channel]
                for lane in 0..<8 { target.add(amplitude[lane], place: places[lane]) }
            }
        }
    }

    @inline(__always)
    private static func magnitude(_ value: SIMD8<Float>) -> SIMD8<Float> {
        unsafeBitCast(
            unsafeBitCast(value, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0x7FFF_FFFF),
            to: SIMD8<Float>.self)
    }
}
