import Acoustics
public import Digests

/// One source of a recording, as it was placed.
///
/// Units: radians, metres.
public struct RecordedSource: Sendable, Codable, Hashable {
    /// Index into ``SoundDataSet/clips``.
    public var clip: Int
    public var label: Int
    /// Counter-clockwise from the array's x axis, at the start where the source moves.
    public var azimuth: Double
    public var elevation: Double
    public var distance: Double
    /// Where the source moves: its azimuth every ``pathInterval`` seconds from the start.
    public var azimuthPath: [Double]?

    /// Units: seconds.
    public static let pathInterval = 0.1

    /// The azimuth `seconds` after the start of the recording, between points of the path by the
    /// shorter way round.
    public func azimuth(at seconds: Double) -> Double {
        guard let azimuthPath, azimuthPath.count > 1 else { return azimuth }
        let place = max(0, seconds / Self.pathInterval)
        let index = min(Int(place), azimuthPath.count - 2)
        let weight = min(1, place - Double(index))
        let step = Angle.wrap(azimuthPath[index + 1] - azimuthPath[index])
        return Angle.wrap(azimuthPath[index] + weight * step)
    }
}

/// One recording of a bank: a clip at a place in a room, heard by an array.
public struct Recording: Sendable, Codable, Hashable {
    /// Index into ``SoundDataSet/clips`` of the first source.
    public var clip: Int
    public var label: Int
    public var split: Split
    public var group: String
    /// Which of the clip's spatialisations it is, from 0.
    public var spatialisation: Int
    /// Direction of the first source. Units: radians, metres.
    public var azimuth: Double
    public var elevation: Double
    public var distance: Double
    /// Units: seconds; nil for recordings of real rooms.
    public var reverberationTime: Double?
    /// Units: dB; nil without noise and for recordings of real rooms.
    public var signalToNoise: Double?
    /// All the sources, the first one first; more than one where sources overlap.
    public var sources: [RecordedSource]
    /// Where the samples begin in the file. Units: bytes.
    public var offset: Int
    /// Samples a channel.
    public var sampleCount: Int
    /// What one step of the 16-bit samples stands for.
    public var scale: Float
    /// Of the 16-bit samples.
    public var digest: Digest
}
