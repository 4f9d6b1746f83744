import Foundation

/// Signals whose delays are exact, as they are sums of sinusoids.
struct TestSignal {
    private var waves: [(frequency: Double, phase: Double)] = []

    /// Units: sample rate 16 kHz; waves between 50 Hz and `highest` Hz.
    init(seed: UInt64, waves count: Int = 300, highest: Double = 7900) {
        var state = seed &* 2 &+ 1
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        for wave in 0..<count {
            // One wave in each of `count` equal bands: no gaps and no beats.
            let frequency = 50 + (highest - 50) * (Double(wave) + uniform()) / Double(count)
            waves.append((2 * .pi * frequency / 16000, 2 * .pi * uniform()))
        }
    }

    /// The signal, `delay` samples late.
    func samples(_ count: Int, delay: Double = 0) -> [Float] {
        (0..<count).map { sample in
            let sum = waves.reduce(0.0) {
                $0 + cos($1.frequency * (Double(sample) - delay) + $1.phase)
            }
            return Float(0.5 * sum / Double(waves.count).squareRoot())
        }
    }
}
