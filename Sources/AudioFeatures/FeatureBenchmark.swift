/// How many clips of an array's sound a thread turns into maps per second.
///
/// The clips are those of the usual comparison: one second of four microphones of noise, in as many
/// frames as a centred transform has.
public enum FeatureBenchmark {
    /// What is measured.
    public struct Measurement: Sendable, Codable, Hashable {
        public var name: String
        /// The median over the repetitions. Units: clips per second, and so those below.
        public var clipsPerSecond: Double
        public var lowest: Double
        public var highest: Double
        public var frames: Int
        public var microphones: Int
    }

    /// One measurement: settings and the frames of a clip.
    public struct Case: Sendable, Hashable {
        public var name: String
        public var settings: FeatureSettings
        public var frames: Int
        public var microphones: Int

        public init(
            name: String, settings: FeatureSettings, frames: Int, microphones: Int = 4
        ) {
            self.name = name
            self.settings = settings
            self.frames = frames
            self.microphones = microphones
        }
    }

    /// One second at 16 kHz with the default settings, and at 24 kHz with twice the transform.
    public static let cases = [
        Case(name: "features_16k", settings: FeatureSettings(), frames: 51),
        Case(
            name: "features_24k",
            settings: FeatureSettings(
                sampleRate: 24000, fftLength: 1024, hopLength: 480, melRange: 0...12000),
            frames: 51),
    ]

    /// Measures `item` on this thread for about `seconds` in each of `repetitions`.
    ///
    /// Throws: ``AudioFeaturesError`` for settings that are at fault.
    public static func run(
        _ item: Case, seconds: Double = 0.5, repetitions: Int = 5
    ) throws -> Measurement {
        let extractor = try FeatureExtractor(item.settings, microphones: item.microphones)
        let sampleCount = item.settings.samples(frames: item.frames)
        let samples = noise(item.microphones * sampleCount)
        let channels = item.settings.channels(microphones: item.microphones)
        var maps = [Float](repeating: 0, count: channels * item.frames * item.settings.bins)
        let clock = ContinuousClock()
        /// Seconds that `count` clips take.
        func time(_ count: Int) -> Double {
            let elapsed = clock.measure {
                samples.withUnsafeBufferPointer { samples in
                    maps.withUnsafeMutableBufferPointer { maps in
                        for _ in 0..<count {
                            extractor(samples, sampleCount: sampleCount, into: maps)
                        }
                    }
                }
            }
            return Double(elapsed.components.seconds)
                + Double(elapsed.components.attoseconds) * 1e-18
        }
        _ = time(20)
        let count = max(1, Int(seconds * 20 / max(time(20), 1e-9)))
        let rates = (0..<max(repetitions, 1)).map { _ in Double(count) / time(count) }.sorted()
        return Measurement(
            name: item.name, clipsPerSecond: rates[rates.count / 2], lowest: rates[0],
            highest: rates[rates.count - 1], frames: item.frames, microphones: item.microphones)
    }

    /// The same numbers in -0.15 ..< 0.15 on every run (Numerical Recipes' generator).
    private static func noise(_ count: Int) -> [Float] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (Float(state >> 8) * 0x1p-24 - 0.5) * 0.3
        }
    }
}
