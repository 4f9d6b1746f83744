public import Acoustics
public import Foundation

/// What is known of a simulated recording: the JSON file beside it.
public struct SceneTruth: Codable, Sendable, Hashable {
    public var azimuthDegrees: Double
    public var elevationDegrees: Double
    public var distanceMetres: Double
    /// The factor that brought the recording to full scale.
    public var gain: Float
    /// Shape: `[microphones][3]`. Units: metres, from the array's centre.
    public var microphonePositions: [[Double]]
    public var scene: Scene

    public init(_ scene: Scene, array: MicrophoneArray, gain: Float) {
        azimuthDegrees = Angle.degrees(radians: scene.azimuth(ofSource: 0))
        elevationDegrees = Angle.degrees(radians: scene.elevation(ofSource: 0))
        distanceMetres = scene.distance(ofSource: 0)
        self.gain = gain
        microphonePositions = array.positions.map { [$0.x, $0.y, $0.z] }
        self.scene = scene
    }

    public var microphones: Int { microphonePositions.count }

    /// Where the truth of a recording lies: beside it, with the ending `.json`.
    public static func file(beside recording: URL) -> URL {
        recording.deletingPathExtension().appendingPathExtension("json")
    }

    /// The truth beside a recording; nil where there is none, or the file says something else.
    public init?(beside recording: URL) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let data = try? Data(contentsOf: Self.file(beside: recording)),
            let truth = try? decoder.decode(Self.self, from: data),
            truth.microphonePositions.allSatisfy({ $0.count == 3 }), !truth.scene.sources.isEmpty
        else { return nil }
        self = truth
    }

    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try encoder.encode(self).write(to: url, options: .atomic)
    }

    /// By how much the sound of a source reaches the first microphone of a pair later than the
    /// second, over time.
    ///
    /// Units: samples; times in seconds.
    public func lags(
        _ pair: (Int, Int), source: Int, times: [Double], sampleRate: Int
    ) -> [SIMD2<Double>] {
        let array = MicrophoneArray(
            positions: microphonePositions.map { SIMD3($0[0], $0[1], $0[2]) })
        let places = scene.microphonePositions(array)
        let samplesPerMetre = Double(sampleRate) / ShoeboxRoom.soundSpeed
        return times.map { time in
            let position = scene.sources[source].position(at: time)
            let later = distance(position, places[pair.0]) - distance(position, places[pair.1])
            return SIMD2(time, later * samplesPerMetre)
        }
    }

    private func distance(_ first: SIMD3<Double>, _ second: SIMD3<Double>) -> Double {
        let offset = first - second
        return (offset * offset).sum().squareRoot()
    }
}
