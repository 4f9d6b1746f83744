import Foundation
import Randomness

/// The built-in sound events: twenty classes of synthesised sounds.
///
/// Every event differs from the others of its class in pitch, timbre, envelope, timing, length (0.3 to
/// 3 s), colouring and background noise; several classes are close to each other on purpose. They are
/// synthetic, and figures on them say nothing about recordings.
public enum SoundEvents {
    /// Raised whenever any event changes, so that banks made from the old ones are rebuilt.
    static let version = 1

    public static var names: [String] { recipes.map(\.name) }

    /// Which sound: the same three numbers give the same samples at a sample rate.
    struct Event: Sendable, Hashable {
        let category: Int
        let variant: Int
        let seed: UInt64

        var stream: Stream { Stream(seed, "event/\(recipes[category].name)", variant) }
    }

    struct Recipe: Sendable {
        let name: String
        /// Seconds.
        let length: ClosedRange<Double>
        let draw: @Sendable (inout SoundSketch) -> Void
    }

    static let recipes: [Recipe] = [
        Recipe(name: "bark", length: 0.3...1.6, draw: bark),
        Recipe(name: "bell", length: 0.6...3, draw: bell),
        Recipe(name: "engine", length: 0.8...3, draw: engine),
        Recipe(name: "knock", length: 0.4...1.6, draw: knock),
        Recipe(name: "rain", length: 1...3, draw: rain),
        Recipe(name: "siren", length: 1...3, draw: siren),
        Recipe(name: "chirp", length: 0.3...1.5, draw: chirp),
        Recipe(name: "drum", length: 0.3...1.5, draw: drum),
        Recipe(name: "glass", length: 0.3...1.2, draw: glass),
        Recipe(name: "whistle", length: 0.4...2, draw: whistle),
        Recipe(name: "alarm", length: 0.5...2.5, draw: alarm),
        Recipe(name: "buzz", length: 0.4...2.5, draw: buzz),
        Recipe(name: "clap", length: 0.3...1.5, draw: clap),
        Recipe(name: "cricket", length: 0.5...2.5, draw: cricket),
        Recipe(name: "drip", length: 0.3...2, draw: drip),
        Recipe(name: "hum", length: 0.8...3, draw: hum),
        Recipe(name: "pluck", length: 0.4...2, draw: pluck),
        Recipe(name: "scrape", length: 0.4...1.8, draw: scrape),
        Recipe(name: "steps", length: 0.8...2.5, draw: steps),
        Recipe(name: "wind", length: 1...3, draw: wind),
    ]

    /// Units: seconds.
    static func seconds(of event: Event) -> Double {
        var stream = event.stream
        return drawLength(of: event, &stream)
    }

    /// Shape: one channel. Units: full scale is 1; the peak is between 0.3 and 0.9.
    static func samples(of event: Event, sampleRate: Int) -> [Float] {
        var stream = event.stream
        let seconds = drawLength(of: event, &stream)
        var sketch = SoundSketch(seconds: seconds, sampleRate: sampleRate, stream: stream)
        recipes[event.category].draw(&sketch)
        return sketch.finished()
    }

    private static func drawLength(of event: Event, _ stream: inout Stream) -> Double {
        let range = recipes[event.category].length
        return range.lowerBound * pow(range.upperBound / range.lowerBound, stream.uniform())
    }
}
