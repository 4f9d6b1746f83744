import Foundation
import Randomness

/// Sounds of things that are hit, plucked or broken: short, decaying, often repeated.
extension SoundEvents {
    static func bell(_ sketch: inout SoundSketch) {
        let fundamental = sketch.logarithmic(250...1100)
        let decay = sketch.logarithmic(0.15...0.9)
        let strikes = sketch.integer(1...2)
        for strike in 0..<strikes {
            let start = Double(strike) * sketch.seconds * 0.5
            for ratio in [0.5, 1, 1.19, 1.5, 2, 2.74, 3, 4.15] {
                let pitch = fundamental * ratio * sketch.uniform(0.985...1.015)
                let level = sketch.uniform(0.2...1) / (1 + 0.4 * ratio)
                let rate = decay / (0.5 + 0.5 * ratio)
                sketch.addTone(
                    from: start, frequency: { _ in pitch }, amplitude: { level * exp(-$0 / rate) })
            }
        }
    }

    static func knock(_ sketch: inout SoundSketch) {
        let count = sketch.integer(2...5)
        let interval = sketch.seconds / Double(count)
        let body = sketch.logarithmic(140...600)
        let decay = sketch.logarithmic(0.015...0.05)
        for hit in 0..<count {
            let start = (Double(hit) + sketch.uniform(0...0.2)) * interval
            let strength = sketch.uniform(0.5...1)
            for ratio in [1, 1.62, 2.47] {
                let pitch = body * ratio * sketch.uniform(0.95...1.05)
                sketch.addTone(
                    from: start, lasting: 0.3, frequency: { _ in pitch },
                    amplitude: {
                        strength / ratio * exp(-$0 * ratio / decay)
                    })
            }
            sketch.addNoise(from: start, lasting: 0.05, centre: body * 5, resonance: 0.7) {
                strength * exp(-$0 / 0.006)
            }
        }
    }

    static func drum(_ sketch: inout SoundSketch) {
        let count = sketch.integer(1...4)
        let pitch = sketch.logarithmic(55...180)
        let decay = sketch.logarithmic(0.06...0.3)
        let drop = sketch.uniform(0.3...1.5)
        let rattle = sketch.uniform(0...0.6)
        for hit in 0..<count {
            let start = (Double(hit) + sketch.uniform(0...0.15)) * sketch.seconds / Double(count)
            let strength = sketch.uniform(0.5...1)
            for (ratio, level) in [(1.0, 1.0), (1.59, 0.5), (2.14, 0.3)] {
                sketch.addTone(
                    from: start, frequency: { pitch * ratio * (1 + drop * exp(-$0 / 0.03)) },
                    amplitude: { strength * level * exp(-$0 * ratio / decay) })
            }
            sketch.addNoise(from: start, lasting: 0.4, centre: 1800, resonance: 0.5) {
                strength * rattle * exp(-$0 / 0.07)
            }
        }
    }

    static func glass(_ sketch: inout SoundSketch) {
        let pieces = sketch.integer(15...50)
        let spread = sketch.seconds * sketch.uniform(0.2...0.7)
        let top = sketch.uniform(4500...7300)
        for piece in 0..<pieces {
            let start = piece == 0 ? 0 : spread * pow(sketch.uniform(0...1), 2)
            let pitch = sketch.logarithmic(1500...top)
            let decay = sketch.logarithmic(0.015...0.15)
            let level = sketch.logarithmic(0.1...1)
            sketch.addTone(
                from: start, lasting: 6 * decay, frequency: { _ in pitch },
                amplitude: {
                    level * exp(-$0 / decay)
                })
        }
        sketch.addNoise(lasting: 0.2, centre: 3500, resonance: 0.5) { 3 * exp(-$0 / 0.02) }
    }

    static func clap(_ sketch: inout SoundSketch) {
        let count = sketch.integer(1...6)
        let centre = sketch.logarithmic(700...2500)
        let decay = sketch.logarithmic(0.012...0.05)
        for hit in 0..<count {
            let start = (Double(hit) + sketch.uniform(0...0.2)) * sketch.seconds / Double(count)
            let strength = sketch.uniform(0.5...1)
            for flam in 0..<sketch.integer(1...3) {
                let offset = start + Double(flam) * sketch.uniform(0.006...0.012)
                sketch.addNoise(from: offset, lasting: 0.3, centre: centre, resonance: 1.2) {
                    strength * exp(-$0 / decay)
                }
            }
        }
    }

    static func pluck(_ sketch: inout SoundSketch) {
        let notes = sketch.integer(1...3)
        let pitch = sketch.logarithmic(110...520)
        let brightness = sketch.uniform(0.3...0.95)
        let decay = sketch.logarithmic(0.1...0.6)
        for note in 0..<notes {
            let start = Double(note) * sketch.seconds / Double(notes)
            let step = pow(2, Double(sketch.integer(-5...7)) / 12)
            for harmonic in 1...14 {
                let order = Double(harmonic)
                let frequency = pitch * step * order * (1 + 0.0004 * order * order)
                let level = pow(brightness, order) * abs(sin(order * 0.7)) / order.squareRoot()
                sketch.addTone(
                    from: start, frequency: { _ in frequency },
                    amplitude: {
                        level * exp(-$0 * order.squareRoot() / decay)
                    })
            }
        }
    }

    static func steps(_ sketch: inout SoundSketch) {
        let interval = sketch.uniform(0.28...0.6)
        let thud = sketch.logarithmic(70...190)
        let scuff = sketch.logarithmic(900...4000)
        let gravel = sketch.uniform(0.1...0.8)
        var start = sketch.uniform(0...0.1)
        while start < sketch.seconds - 0.1 {
            let strength = sketch.uniform(0.6...1)
            sketch.addTone(
                from: start, lasting: 0.2, frequency: { _ in thud },
                amplitude: {
                    strength * exp(-$0 / 0.03)
                })
            let length = sketch.uniform(0.05...0.14)
            sketch.addNoise(from: start + 0.02, lasting: length, centre: scuff, resonance: 0.6) {
                strength * gravel * sin(.pi * $0 / length)
            }
            start += interval * sketch.uniform(0.9...1.1)
        }
    }

    static func drip(_ sketch: inout SoundSketch) {
        let count = sketch.integer(1...5)
        for drop in 0..<count {
            let start = (Double(drop) + sketch.uniform(0...0.4)) * sketch.seconds / Double(count)
            let pitch = sketch.logarithmic(450...1700)
            let rise = sketch.uniform(2...12)
            let decay = sketch.logarithmic(0.012...0.05)
            let strength = sketch.uniform(0.4...1)
            sketch.addTone(
                from: start, lasting: 0.4, frequency: { pitch * (1 + rise * $0) },
                amplitude: {
                    strength * exp(-$0 / decay)
                })
            sketch.addNoise(from: start, lasting: 0.02, centre: 4000, resonance: 0.7) {
                0.4 * strength * exp(-$0 / 0.003)
            }
        }
    }
}
