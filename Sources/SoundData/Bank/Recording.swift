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
    /// Likewise its elevation.
    public var elevationPath: [Double]?
    /// Likewise its distance.
    public var distancePath: [Double]?

    /// Units: seconds.
    public static let pathInterval = 0.1

    /// The azimuth `seconds` after the start of the recording, between points of the path by the
    /// shorter way round.
    public func azimuth(at seconds: Double) -> Double {
        guard let (before, after, weight) = Self.points(of: azimuthPath, around: seconds) else {
            return azimuth
        }
        return Angle.wrap(before + weight * Angle.wrap(after - before))
    }

    /// The elevation `seconds` after the start of the recording.
    public func elevation(at seconds: Double) -> Double {
        guard let (before, after, weight) = Self.points(of: elevationPath, around: seconds) else {
            return elevation
        }
        return before + weight * (after - before)
    }

    /// The distance `seconds` after the start of the recording.
    public func distance(at seconds: Double) -> Double {
        guard let (before, after, weight) = Self.points(of: distancePath, around: seconds) else {
            return distance
        }
        return before + weight * (after - before)
    }

    /// The points of a path before and after a moment, and how far it is from the first to the second;
    /// nil for a source that rests.
    private static func points(
        of path: [Double]?, around seconds: Double
    ) -> (before: Double, after: Double, weight: Double)? {
        guard let path, path.count > 1 else { return nil }
        let place = max(0, seconds / pathInterval)
        let index = min(Int(place), path.count - 2)
        return (path[index], path[index + 1], min(1, place - Double(index)))
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
    /// Length, width and height; nil for recordings of real rooms. Units: metres.
    public var room: SIMD3<Double>?
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
