import Acoustics
public import AudioFeatures
public import Foundation
import Randomness
import RoomFiles
import SoundData

/// Delays between the ears of a measured head, found by the correlation that the network sees, beside
/// the textbook's curve: a check on real measurements, not on our own simulation.
public struct HeadDelays: Sendable {
    /// By how much the right ear hears later, for each degree from 0 (ahead), counter-clockwise.
    ///
    /// Units: seconds.
    public let delays: [Double]

    /// KEMAR's impulse responses, for each degree left ear then right ear, counter-clockwise from
    /// straight ahead (Wierstorf et al. 2011), where Debian's package soundscaperenderer-common puts
    /// them.
    public static let kemarFile = URL(
        filePath: "/usr/share/ssr/impulse_responses/hrirs/hrirs_kemar.wav")

    /// Half the distance between KEMAR's ears, as it is used with Woodworth's formula. Units: metres.
    public static let headRadius = 0.0875

    /// Lags of ±13 samples at 16 kHz: the sound takes 12 round the head.
    public static let settings = FeatureSettings(lagSpacing: 0.4375)

    /// Directions this far from the axis through the ears have one clear path to each ear. Nearer to
    /// it, sound reaches the far ear round both sides of the head at once.
    public static let clearDegrees = 25

    /// - Parameter file: two channels for each of 360 degrees.
    ///
    /// Throws: `SoundDataError`, ``HeadError`` for another number of channels.
    public init(_ file: URL) throws {
        let responses = try ClipReader(sampleRate: Self.settings.sampleRate).loadChannels(file)
        guard responses.count == 720 else {
            throw HeadError(path: file.path, channels: responses.count)
        }
        try self.init(responses)
    }

    /// - Parameter file: a SOFA file with a response for each of 360 degrees at elevation 0, in any order.
    ///
    /// Throws: `RoomFileError`, ``HeadError`` where a degree is missing.
    public init(sofa file: URL) throws {
        // In this process: the file is our own.
        let room = try RoomFileReader.read(file, with: nil, limit: 0)
        let rooms = try RoomResponses([(file, room)], sampleRate: Self.settings.sampleRate)
        let responses = (0..<360).flatMap { degree -> [[Float]] in
            let azimuth = Double(degree) * .pi / 180
            let index = rooms.places.firstIndex {
                Angle.absoluteDifference($0.azimuth, azimuth) < 1e-3 && abs($0.elevation) < 1e-3
            }
            return index.map { index in
                (0..<2).map { Array(rooms.response(index).channel($0)) }
            } ?? []
        }
        guard responses.count == 720 else {
            throw HeadError(path: file.path, channels: responses.count)
        }
        try self.init(responses)
    }

    /// - Parameter responses: left ear, right ear, degree by degree.
    private init(_ responses: [[Float]]) throws {
        let rate = Self.settings.sampleRate
        var stream = Stream(1, "head delays")
        let noise = (0..<rate / 4).map { _ in Float(stream.normal()) }
        let extractor = try FeatureExtractor(Self.settings, microphones: 2)
        delays = (0..<360).map { degree in
            let ears = [responses[2 * degree], responses[2 * degree + 1]]
            let samples = ears.flatMap { Self.convolve(noise, $0) }
            let maps = extractor(samples, sampleCount: noise.count)
            return Self.delay(maps, frames: Self.settings.frames(samples: noise.count))
        }
    }

    /// Woodworth's delay between the ears of a sphere: a (theta + sin theta) / c, theta the angle
    /// out of the middle plane (Woodworth 1938, Experimental Psychology).
    ///
    /// Units: seconds; positive on the left.
    public static func woodworth(degree: Int) -> Double {
        let side = sin(Double(degree) * .pi / 180)
        return headRadius / FeatureSettings.speedOfSound * (asin(side) + side)
    }

    /// Degrees at which the curve holds.
    public static var clear: [Int] {
        (0..<360).filter { degree in
            let folded = degree % 180
            return abs(folded - 90) >= clearDegrees
        }
    }

    /// Deviations from Woodworth's curve. Units: seconds.
    public func deviations(_ degrees: [Int]) -> [Double] {
        degrees.map { abs(delays[$0] - Self.woodworth(degree: $0)) }
    }

    private static func convolve(_ signal: [Float], _ response: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: signal.count + response.count)
        for (offset, weight) in response.enumerated() {
            for index in signal.indices { result[index + offset] += weight * signal[index] }
        }
        return Array(result.prefix(signal.count))
    }

    /// The lag of the highest mean correlation, by a parabola through its neighbours.
    private static func delay(_ maps: [Float], frames: Int) -> Double {
        let bins = settings.bins
        var means = [Double](repeating: 0, count: bins)
        for frame in 0..<frames {
            for bin in 0..<bins { means[bin] += Double(maps[(2 * frames + frame) * bins + bin]) }
        }
        let best = (1..<bins - 1).max { means[$0] < means[$1] }!
        let curvature = means[best - 1] - 2 * means[best] + means[best + 1]
        let shift = curvature < 0 ? (means[best - 1] - means[best + 1]) / (2 * curvature) : 0
        // At a negative lag the first microphone, the left ear, hears first.
        return -(settings.lagValues[best] + shift * settings.lagSpacing)
            / Double(settings.sampleRate)
    }
}

/// A file that holds no impulse responses of a head.
public struct HeadError: Error, Equatable, CustomStringConvertible {
    public var path: String
    public var channels: Int

    public init(path: String, channels: Int) {
        self.path = path
        self.channels = channels
    }

    public var description: String {
        "\(path) has \(channels) channels, but impulse responses of a head need 720, two for each "
            + "degree; give a file such as hrirs_kemar.wav"
    }
}
