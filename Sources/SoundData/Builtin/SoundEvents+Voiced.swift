import Foundation
import Randomness

/// Sounds with a pitch: of animals, machines and signals.
extension SoundEvents {
    static func bark(_ sketch: inout SoundSketch) {
        let count = sketch.integer(1...4)
        let pitch = sketch.logarithmic(220...650)
        let formant = sketch.logarithmic(700...1700)
        let breath = sketch.uniform(0.1...0.6)
        for burst in 0..<count {
            let start = (Double(burst) + sketch.uniform(0...0.2)) * sketch.seconds / Double(count)
            let length = sketch.uniform(0.08...0.22)
            let high = pitch * sketch.uniform(0.9...1.15)
            let fall = sketch.uniform(0.2...0.6)
            for harmonic in 1...12 {
                let order = Double(harmonic)
                let offset = (high * order - formant) / (0.6 * formant)
                let level = exp(-offset * offset) + 0.08
                sketch.addTone(
                    from: start, lasting: length,
                    frequency: { high * order * (1 + 0.2 * sin(.pi * $0 / length) - fall * $0) },
                    amplitude: { level * sin(.pi * $0 / length) })
            }
            sketch.addNoise(from: start, lasting: length, centre: formant, resonance: 0.8) {
                3 * breath * sin(.pi * $0 / length)
            }
        }
    }

    static func siren(_ sketch: inout SoundSketch) {
        let low = sketch.logarithmic(350...800)
        let high = low * sketch.uniform(1.3...2.2)
        let rate = sketch.logarithmic(0.4...4)
        let isStepped = sketch.stream.bernoulli(0.3)
        let brightness = sketch.uniform(0.2...0.7)
        for harmonic in 1...6 {
            let order = Double(harmonic)
            let level = pow(brightness, order - 1)
            sketch.addTone(
                frequency: { time in
                    let sweep = 0.5 - 0.5 * cos(2 * .pi * rate * time)
                    return order * (low + (high - low) * (isStepped ? sweep.rounded() : sweep))
                }, amplitude: { _ in level })
        }
    }

    static func chirp(_ sketch: inout SoundSketch) {
        let count = sketch.integer(2...8)
        let pitch = sketch.logarithmic(1800...4800)
        let slope = sketch.uniform(-0.5...0.5)
        let trill = sketch.uniform(0...0.06)
        let trillRate = sketch.uniform(20...60)
        for note in 0..<count {
            let start = (Double(note) + sketch.uniform(0...0.3)) * sketch.seconds / Double(count)
            let length = sketch.seconds / Double(count) * sketch.uniform(0.3...0.8)
            let own = pitch * sketch.uniform(0.85...1.15)
            sketch.addTone(
                from: start, lasting: length,
                frequency: {
                    own * (1 + slope * $0 / length + trill * sin(2 * .pi * trillRate * $0))
                }, amplitude: { pow(sin(.pi * $0 / length), 2) })
        }
    }

    static func whistle(_ sketch: inout SoundSketch) {
        let from = sketch.logarithmic(700...2600)
        let to = from * sketch.logarithmic(0.6...1.6)
        let vibrato = sketch.uniform(0...0.03)
        let rate = sketch.uniform(4...9)
        let breath = sketch.uniform(0.05...0.5)
        let seconds = sketch.seconds
        let second = sketch.uniform(0...0.25)
        let bend = sketch.uniform(0.5...3)
        func pitch(_ time: Double) -> Double {
            from + (to - from) * pow(time / seconds, bend)
                + from * vibrato * sin(2 * .pi * rate * time)
        }
        func swell(_ time: Double) -> Double { pow(sin(.pi * min(1, time / seconds)), 0.5) }
        sketch.addTone(frequency: pitch, amplitude: swell)
        sketch.addTone(frequency: { 2 * pitch($0) }, amplitude: { second * swell($0) })
        sketch.addNoise(centre: from, resonance: 3) { breath * swell($0) }
    }

    static func alarm(_ sketch: inout SoundSketch) {
        let pitch = sketch.logarithmic(600...2400)
        let other = sketch.stream.bernoulli(0.5) ? pitch : pitch * sketch.uniform(0.7...0.95)
        let rate = sketch.logarithmic(2...9)
        let duty = sketch.uniform(0.35...0.75)
        let brightness = sketch.uniform(0.1...0.6)
        for (order, level) in [(1.0, 1.0), (3, brightness), (5, brightness * brightness)] {
            sketch.addTone(
                frequency: { time in
                    let isOdd = Int(time * rate) % 2 == 1
                    return order * (isOdd ? other : pitch)
                },
                amplitude: { time in
                    let part = (time * rate).truncatingRemainder(dividingBy: 1)
                    return part < duty ? level * min(1, part * 40, (duty - part) * 40) : 0
                })
        }
    }

    static func cricket(_ sketch: inout SoundSketch) {
        let carrier = sketch.logarithmic(2800...5800)
        let pulses = sketch.uniform(18...70)
        let songs = sketch.uniform(1.5...5)
        let duty = sketch.uniform(0.3...0.8)
        let drift = sketch.uniform(-0.05...0.05)
        for (ratio, level) in [(1.0, 1.0), (1.02, 0.5)] {
            sketch.addTone(
                frequency: { carrier * ratio * (1 + drift * $0) },
                amplitude: { time in
                    let song = (time * songs).truncatingRemainder(dividingBy: 1)
                    let pulse = sin(.pi * (time * pulses).truncatingRemainder(dividingBy: 1))
                    return song < duty ? level * pulse * pulse * sin(.pi * song / duty) : 0
                })
        }
    }

    static func buzz(_ sketch: inout SoundSketch) {
        let pitch = sketch.logarithmic(95...270)
        let wobble = sketch.uniform(0.01...0.08)
        let rate = sketch.uniform(1...7)
        let formant = sketch.logarithmic(500...2500)
        let glide = sketch.uniform(-0.2...0.2)
        for harmonic in 1...24 {
            let order = Double(harmonic)
            let offset = (pitch * order - formant) / formant
            let level = (1 / order + 0.6 * exp(-4 * offset * offset)) * sketch.uniform(0.5...1)
            sketch.addTone(
                frequency: {
                    pitch * order * (1 + wobble * sin(2 * .pi * rate * $0) + glide * $0)
                }, amplitude: { level * (0.7 + 0.3 * sin(2 * .pi * 2.3 * rate * $0)) })
        }
    }
}
