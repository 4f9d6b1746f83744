public import Foundation

/// Where the samples of a clip are.
public enum ClipSource: Sendable, Hashable {
    /// A whole audio file.
    case file(URL)
    /// A stretch of a recording made with several microphones, with the direction that it came from.
    case segment(RecordedSegment)
    /// A sound that ``SoundEvents`` makes.
    case synthetic(class: Int, variant: Int, seed: UInt64)
}

/// A stretch of a real multichannel recording in which one source is heard.
///
/// Units: seconds, radians, metres.
public struct RecordedSegment: Sendable, Hashable {
    public var file: URL
    public var start: Double
    public var end: Double
    /// Azimuth of the source, counter-clockwise from straight ahead.
    public var azimuth: Double
    public var elevation: Double
    public var distance: Double

    public init(
        file: URL, start: Double, end: Double, azimuth: Double, elevation: Double, distance: Double
    ) {
        self.file = file
        self.start = start
        self.end = end
        self.azimuth = azimuth
        self.elevation = elevation
        self.distance = distance
    }

    /// Shorter stretches are not used. Units: seconds.
    static let shortest = 0.5

    /// What an annotation can say of a place. Units: degrees, degrees, metres.
    static let azimuths = -360.0...360
    static let elevations = -90.0...90
    static let distances = 0.01...100

    /// How far an event may go on beyond the end of its recording: annotations are in steps as long. Units:
    /// seconds.
    static let step = 0.1

    /// The frames of the file that the stretch has.
    func frames(sampleRate: Int, frameCount: Int) -> Range<Int> {
        let (rate, last) = (Double(sampleRate), Double(frameCount))
        let first = Int(min(last, max(0, start * rate)))
        return first..<max(first, Int(min(last, max(0, end * rate))))
    }
}

/// One labelled sound of a data set.
public struct Clip: Sendable, Hashable {
    /// A name that stays when the data set's folder moves, unique within the data set.
    public var identifier: String
    /// Index into ``SoundDataSet/classes``.
    public var label: Int
    public var split: Split
    /// Clips of one group are too alike to stand in two splits.
    public var group: String
    public var source: ClipSource
    /// Length of what can be decoded, in seconds.
    public var seconds: Double
    /// What its file was when it was looked at; nil for sounds that have none, or were not.
    var stamp: FileStamp?
    /// Names what it holds, every byte of its file included; empty where nobody has looked.
    var content = ""
    /// What its samples are multiplied by, a power of two: 1, but for levels whose squares are no
    /// numbers.
    var scale = 1.0

    /// ``label`` of a clip that has none, which ``Split/pretraining`` alone may have.
    public static let unlabelled = -1

    public init(
        identifier: String, label: Int, split: Split, group: String, source: ClipSource,
        seconds: Double
    ) {
        self.identifier = identifier
        self.label = label
        self.split = split
        self.group = group
        self.source = source
        self.seconds = seconds
    }
}

/// A file that cannot be read, and why.
public struct UnreadableClip: Sendable, Hashable, Codable {
    public var path: String
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// A clip, file or annotated event that a data set lists and that is not used, and why.
public struct LeftOutClip: Sendable, Hashable, Codable {
    public var path: String
    public var fault: ClipFault
    public var reason: String
    /// The split that it is listed for; nil where none is said.
    public var split: Split?
    /// The class that it is listed under; nil where none is said.
    public var label: String?

    public init(
        path: String, fault: ClipFault, reason: String, split: Split? = nil, label: String? = nil
    ) {
        self.path = path
        self.fault = fault
        self.reason = reason
        self.split = split
        self.label = label
    }
}
