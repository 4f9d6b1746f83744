public import Randomness

/// How many impulse responses a second, for scenes like those of peers/rir_pyroomacoustics.py.
public enum RoomBenchmark {
    /// What is computed for a scene.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The images that pyroomacoustics computes: all up to the order that
        /// `inverse_sabine` gives (more than arrive within the reverberation time).
        case peerImages
        /// The images within the reverberation time.
        case images
        /// Early images and a diffuse tail.
        case hybrid
    }

    /// A scene, and the order of images that pyroomacoustics would go to.
    public struct Case: Sendable {
        public var scene: Scene
        public var order: Int
    }

    /// What was measured. Times in seconds.
    public struct Result: Sendable {
        public var reverberationTime: Double
        public var method: Method
        public var sampleRate: Int
        /// Responses to all microphones of the array count as one.
        public var responsesPerSecond: Double
        public var scenes: Int
        public var seconds: Double
        public var meanImages: Double
        public var meanSamples: Double
    }

    /// The array of the peer script: four microphones on a circle of 10 cm.
    public static let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    /// Draws scenes from the distribution of peers/rir_pyroomacoustics.py: rooms of 3 to 8 by 3 to 8
    /// by 2.5 to 3.5 m, with the absorption and order of its `inverse_sabine`.
    public static func drawCases(
        _ count: Int, reverberationTime: Double, using stream: inout Stream
    ) throws -> [Case] {
        try (0..<count).map { _ in
            try drawCase(reverberationTime: reverberationTime, using: &stream)
        }
    }

    /// Measures the rate of a method over the given scenes, repeated until `minimumSeconds` have
    /// gone by, after one scene to warm up. `now` tells the time in seconds.
    ///
    /// Throws: ``AcousticsError``.
    public static func measure(
        _ cases: [Case], method: Method, sampleRate: Int = 16000, minimumSeconds: Double = 1,
        now: () -> Double
    ) throws -> Result {
        let renderer = SceneRenderer(array: array, sampleRate: sampleRate)
        var result = Result(
            reverberationTime: cases.first?.scene.room.reverberationTime ?? 0, method: method,
            sampleRate: sampleRate, responsesPerSecond: 0, scenes: 0, seconds: 0, meanImages: 0,
            meanSamples: 0)
        guard let first = cases.first else { return result }
        _ = try compute(first, method: method, renderer: renderer)
        let start = now()
        while result.seconds < minimumSeconds {
            for item in cases {
                let response = try compute(item, method: method, renderer: renderer)
                result.meanImages += Double(renderer.imageCount)
                result.meanSamples += Double(response.sampleCount)
                result.scenes += 1
            }
            result.seconds = now() - start
        }
        result.meanImages /= Double(result.scenes)
        result.meanSamples /= Double(result.scenes)
        result.responsesPerSecond = Double(result.scenes) / result.seconds
        return result
    }

    private static func compute(
        _ item: Case, method: Method, renderer: SceneRenderer
    ) throws -> MultichannelSignal {
        var scene = item.scene
        switch method {
        case .peerImages:
            return try renderer.impulseResponses(
                scene, at: scene.sources[0].position, set: .order(item.order))
        case .images: scene.method = .images
        case .hybrid: scene.method = .hybrid
        }
        return try renderer.impulseResponses(scene, source: 0)
    }

    private static func drawCase(
        reverberationTime: Double, using stream: inout Stream
    ) throws -> Case {
        var size = SIMD3<Double>.zero
        var absorption = 2.0
        while absorption >= 1 {
            size = SIMD3(
                stream.uniform(in: 3...8), stream.uniform(in: 3...8), stream.uniform(in: 2.5...3.5))
            absorption = sabineAbsorption(size: size, reverberationTime: reverberationTime)
        }
        let centre = SIMD3(
            stream.uniform(in: 1...size.x - 1), stream.uniform(in: 1...size.y - 1),
            stream.uniform(in: 1.0...1.6))
        var source = centre
        while (source - centre).length <= 0.5 {
            source = SIMD3(
                stream.uniform(in: 0.3...size.x - 0.3), stream.uniform(in: 0.3...size.y - 0.3),
                stream.uniform(in: 0.3...size.z - 0.3))
        }
        let scene = Scene(
            room: try ShoeboxRoom(
                size: size, absorption: absorption, reverberationTime: reverberationTime),
            arrayPosition: centre, arrayOrientation: stream.uniform(in: 0...2 * .pi),
            sources: [PlacedSource(position: source)], tailSeed: stream.next())
        return Case(
            scene: scene, order: order(size: size, reverberationTime: reverberationTime))
    }

    /// Sabine's formula, solved for the absorption.
    package static func sabineAbsorption(size: SIMD3<Double>, reverberationTime: Double) -> Double {
        let volume = size.x * size.y * size.z
        let surface = 2 * (size.x * size.y + size.x * size.z + size.y * size.z)
        // 24 ln 10 = 55.262...
        return 55.262_042_231_857_1 * volume
            / (ShoeboxRoom.soundSpeed * surface * reverberationTime)
    }

    /// The order up to which the octahedron of images holds the sphere of those within the
    /// reverberation time.
    package static func order(size: SIMD3<Double>, reverberationTime: Double) -> Int {
        var least = Double.infinity
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            let (one, other) = (size[first], size[second])
            least = min(least, one * other / (one * one + other * other).squareRoot())
        }
        return Int((ShoeboxRoom.soundSpeed * reverberationTime / least - 1).rounded(.up))
    }
}
