public import Randomness

/// Computes what the microphones of an array pick up in a scene.
///
/// One thread at a time; buffers and transform plans are kept from scene to scene. The result
/// depends on the arguments alone, never on what was rendered before.
public final class SceneRenderer {
    public let array: MicrophoneArray
    /// Units: Hz.
    public let sampleRate: Int
    /// Units: metres a second.
    public let soundSpeed: Double

    /// Samples by which ``impulseResponses(_:source:)`` starts before the sound leaves the source.
    public static let latency = FractionalDelay.latency
    /// Sources must be that far from every microphone. Units: metres.
    public static let minimumDistance = 0.01

    /// Images in the response computed last, for every microphone alike.
    public var imageCount: Int { images.imageCount }

    let grid: PulseGrid
    let images = ImageSourceKernel()
    let convolver = Convolver()
    let highPass: HighPass?
    private let window: FractionalDelay.Window
    private(set) lazy var movingDelay = MovingDelay(window: window)
    private(set) lazy var diffuseNoise = DiffuseNoise(
        array: array, sampleRate: Double(sampleRate), soundSpeed: soundSpeed)

    /// `highPass` is the frequency below which responses fall off (second order); nil leaves the
    /// bare sum of the images, whose lowest frequencies ring too long. Units: metres a second, Hz.
    public convenience init(
        array: MicrophoneArray, sampleRate: Int, soundSpeed: Double = ShoeboxRoom.soundSpeed,
        highPass: Double? = 40
    ) {
        self.init(
            array: array, sampleRate: sampleRate, soundSpeed: soundSpeed, highPass: highPass,
            window: .centred)
    }

    package init(
        array: MicrophoneArray, sampleRate: Int, soundSpeed: Double = ShoeboxRoom.soundSpeed,
        highPass: Double?, window: FractionalDelay.Window
    ) {
        self.array = array
        self.sampleRate = sampleRate
        self.soundSpeed = soundSpeed
        self.highPass = highPass.map {
            HighPass(frequency: $0, sampleRate: Double(sampleRate))
        }
        self.window = window
        grid = PulseGrid(channels: array.count, window: window)
    }

    /// The impulse responses from a source (at its start) to every microphone.
    ///
    /// Every image whose sound reaches the array's centre no later than the reverberation time after
    /// the direct sound is there, at its exact delay to each microphone, with the amplitude 1 / r
    /// (r in metres) times the reflection factors.
    /// Shape: `[microphones][samples]`; sample k is the response (k - ``latency``) / sampleRate
    /// seconds after the impulse.
    ///
    /// Throws: ``AcousticsError``.
    public func impulseResponses(_ scene: Scene, source: Int) throws -> MultichannelSignal {
        guard scene.sources.indices.contains(source) else {
            throw AcousticsError.sourceMissing(index: source, sources: scene.sources.count)
        }
        try validate(scene)
        return try impulseResponses(
            scene, at: scene.sources[source].position, number: source)
    }

    /// What the microphones pick up when source k plays `signals[k]` from the start.
    ///
    /// The noise has `signalToNoise` decibels less power than the sources together, both averaged
    /// over the microphones and the whole recording.
    /// Shape: `[microphones][sampleCount]`.
    ///
    /// Throws: ``AcousticsError``.
    public func render(
        _ signals: [[Float]], scene: Scene, sampleCount: Int, noise: inout Stream
    ) throws -> MultichannelSignal {
        guard signals.count == scene.sources.count else {
            throw AcousticsError.signalCount(given: signals.count, sources: scene.sources.count)
        }
        guard sampleCount >= 0 else {
            throw AcousticsError.settingOutOfRange(
                name: "sampleCount", value: "\(sampleCount)", rule: "at least 0")
        }
        try validate(scene)
        let resting = scene.sources.indices.filter { scene.sources[$0].trajectory == nil }
        let parts = try resting.map { index in
            (signal: signals[index], responses: try impulseResponses(scene, source: index))
        }
        var recording = MultichannelSignal(
            channelCount: array.count, sampleRate: sampleRate,
            samples: convolver.convolve(
                parts, channels: array.count, sampleCount: sampleCount, latency: Self.latency))
        for (index, source) in scene.sources.enumerated() where source.trajectory != nil {
            let moving = try renderMoving(
                signals[index], scene: scene, source: index, sampleCount: sampleCount)
            for sample in moving.indices { recording.samples[sample] += moving[sample] }
        }
        addNoise(
            to: &recording, signalToNoise: scene.signalToNoise, kind: scene.noise, using: &noise)
        return recording
    }

    private func validate(_ scene: Scene) throws {
        try array.validate()
        guard (1000...1_000_000).contains(sampleRate) else {
            throw AcousticsError.settingOutOfRange(
                name: "sampleRate", value: "\(sampleRate)", rule: "within 1000 and 1000000 Hz")
        }
        guard (100...10_000).contains(soundSpeed) else {
            throw AcousticsError.settingOutOfRange(
                name: "soundSpeed", value: "\(soundSpeed)", rule: "within 100 and 10000 m/s")
        }
        try scene.validate(array: array)
    }
}
