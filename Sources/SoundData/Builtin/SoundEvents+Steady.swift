import Foundation
import Randomness

/// Sounds that go on: weather, friction and motors.
extension SoundEvents {
    static func engine(_ sketch: inout SoundSketch) {
        let pitch = sketch.logarithmic(28...95)
        let rise = sketch.uniform(-0.3...0.5)
        let formant = sketch.logarithmic(120...500)
        let rough = sketch.uniform(0.1...0.5)
        let seconds = sketch.seconds
        for harmonic in 1...24 {
            let order = Double(harmonic)
            let offset = (pitch * order - formant) / formant
            let level = (exp(-2 * offset * offset) + 0.1) * sketch.uniform(0.3...1)
            let flutter = sketch.uniform(3...12)
            sketch.addTone(
                frequency: { pitch * order * (1 + rise * $0 / seconds) },
                amplitude: {
                    level * (1 + rough * sin(2 * .pi * flutter * $0))
                })
        }
        sketch.addNoise(centre: formant * 4, resonance: 0.5) { time in
            4 * rough * pow(0.5 + 0.5 * sin(2 * .pi * pitch * time / 2), 2)
        }
    }

    static func hum(_ sketch: inout SoundSketch) {
        let mains = sketch.stream.bernoulli(0.5) ? 50.0 : 60.0
        let fan = sketch.uniform(0...0.6)
        let slope = sketch.uniform(0.4...1.2)
        for harmonic in 1...16 {
            let order = Double(harmonic)
            let evenness = harmonic % 2 == 0 ? 1 : 0.4
            let level = evenness * pow(order, -slope) * sketch.uniform(0.3...1)
            let beat = sketch.uniform(0.2...1.5)
            sketch.addTone(
                frequency: { _ in mains * order },
                amplitude: {
                    level * (1 + 0.2 * sin(2 * .pi * beat * $0))
                })
        }
        let centre = sketch.logarithmic(300...1500)
        sketch.addNoise(centre: centre, resonance: 0.5) { _ in 2 * fan }
    }

    static func rain(_ sketch: inout SoundSketch) {
        let hiss = sketch.uniform(0.1...0.5)
        let centre = sketch.logarithmic(2500...6000)
        sketch.addNoise(centre: centre, resonance: 0.5) { _ in hiss }
        let drops = Int(sketch.logarithmic(40...250) * sketch.seconds)
        for _ in 0..<drops {
            let start = sketch.uniform(0...sketch.seconds)
            let pitch = sketch.logarithmic(900...6500)
            let level = sketch.logarithmic(0.05...1)
            let decay = sketch.logarithmic(0.002...0.012)
            sketch.addNoise(from: start, lasting: 6 * decay, centre: pitch, resonance: 4) {
                6 * level * exp(-$0 / decay)
            }
        }
    }

    static func wind(_ sketch: inout SoundSketch) {
        let layers = sketch.integer(2...4)
        for _ in 0..<layers {
            let centre = sketch.logarithmic(120...1100)
            let rate = sketch.uniform(0.3...1.8)
            let phase = sketch.uniform(0...6.28)
            let resonance = sketch.logarithmic(0.7...6)
            sketch.addNoise(centre: centre, resonance: resonance) {
                resonance.squareRoot() * pow(0.5 + 0.5 * sin(2 * .pi * rate * $0 + phase), 1.5)
            }
        }
    }

    static func scrape(_ sketch: inout SoundSketch) {
        let strokes = sketch.integer(1...4)
        let centre = sketch.logarithmic(1200...5500)
        let resonance = sketch.logarithmic(0.6...3)
        let teeth = sketch.logarithmic(15...90)
        let depth = sketch.uniform(0.2...0.9)
        for stroke in 0..<strokes {
            let start =
                (Double(stroke) + sketch.uniform(0...0.2)) * sketch.seconds / Double(strokes)
            let length = sketch.seconds / Double(strokes) * sketch.uniform(0.4...0.8)
            let bend = sketch.uniform(-0.4...0.4)
            sketch.addNoise(
                from: start, lasting: length, centre: centre * (1 + 0.3 * bend),
                resonance: resonance
            ) { time in
                let tooth = 0.5 + 0.5 * sin(2 * .pi * teeth * time * (1 + bend * time / length))
                return sin(.pi * time / length) * (1 - depth + depth * tooth)
            }
        }
    }
}
