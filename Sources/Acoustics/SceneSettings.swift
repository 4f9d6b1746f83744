/// What the microphones pick up beside the sources.
public enum NoiseKind: String, Sendable, Codable, Hashable, CaseIterable {
    /// White, independent for each microphone.
    case sensor
    /// The same spectrum, with the coherence of a spherically isotropic field, sin(kd) / kd.
    case diffuse
}

/// How impulse responses are computed.
public enum SimulationMethod: String, Sendable, Codable, Hashable, CaseIterable {
    /// Every image source whose sound arrives within the reverberation time.
    case images
    /// Early images one by one, then a diffuse tail of the same energy, decay and coherence.
    case hybrid
}

/// Whether sources move, and how.
public enum SourceMotion: String, Sendable, Codable, Hashable, CaseIterable {
    case still
    /// Around the array, at constant distance and height.
    case arc
    /// Straight and level, in a direction drawn.
    case line
}

/// The distribution that scenes are drawn from; the defaults are those of design/paper.md.
///
/// Units: seconds, metres, decibels; a range of one point fixes the value.
public struct SceneSettings: Sendable, Codable, Hashable {
    public var reverberationTime: ClosedRange<Double> = 0.1...1.0
    public var roomWidth: ClosedRange<Double> = 3...10
    public var roomLength: ClosedRange<Double> = 3...10
    public var roomHeight: ClosedRange<Double> = 2.5...4
    public var sourceDistance: ClosedRange<Double> = 0.5...3
    public var arrayHeight: ClosedRange<Double> = 1...2
    /// Of the array's centre and of every source.
    public var minimumWallDistance: Double = 0.5
    public var signalToNoise: ClosedRange<Double> = 30...30
    public var noise: NoiseKind = .sensor
    public var method: SimulationMethod = .images
    /// Where sources are, also while they move, seen along the array's x axis. Units: radians.
    public var azimuth: ClosedRange<Double> = -Double.pi...Double.pi
    /// Sources that sound at once (overlap).
    public var sourceCount: Int = 1
    /// Least difference in azimuth between two sources. Units: degrees.
    public var minimumSeparation: Double = 15
    public var motion: SourceMotion = .still
    /// How fast sources move, where they do. Units: metres a second.
    public var sourceSpeed: ClosedRange<Double> = 1...1
    /// How long a moving source moves. Units: seconds.
    public var motionDuration: Double = 2.6

    public init() {}

    /// Checks every setting.
    ///
    /// Throws: ``AcousticsError/settingOutOfRange(name:value:rule:)`` for the first at fault.
    public func validate() throws {
        try Self.check("reverberationTime", reverberationTime, within: 0.01...10, "s")
        try Self.check("roomWidth", roomWidth, within: 1...100, "m")
        try Self.check("roomLength", roomLength, within: 1...100, "m")
        try Self.check("roomHeight", roomHeight, within: 1...100, "m")
        try Self.check("sourceDistance", sourceDistance, within: 0.05...100, "m")
        try Self.check("arrayHeight", arrayHeight, within: 0...100, "m")
        try Self.check("signalToNoise", signalToNoise, within: -60...200, "dB")
        try Self.check("minimumWallDistance", minimumWallDistance, within: 0...50, "m")
        try Self.check("minimumSeparation", minimumSeparation, within: 0...60, "degrees")
        try Self.check("motionDuration", motionDuration, within: 0...3600, "s")
        guard (1...5).contains(sourceCount) else {
            throw AcousticsError.settingOutOfRange(
                name: "sourceCount", value: "\(sourceCount)", rule: "within 1 and 5")
        }
        try Self.check("sourceSpeed", sourceSpeed, within: 0...50, "m/s")
        try Self.check("azimuth", azimuth, within: -Double.pi...Double.pi, "radians")
    }

    private static func check(
        _ name: String, _ value: Double, within bounds: ClosedRange<Double>, _ unit: String
    ) throws {
        guard bounds.contains(value) else {
            throw AcousticsError.settingOutOfRange(
                name: name, value: "\(value)",
                rule: "within \(bounds.lowerBound) and \(bounds.upperBound) \(unit)")
        }
    }

    private static func check(
        _ name: String, _ range: ClosedRange<Double>, within bounds: ClosedRange<Double>,
        _ unit: String
    ) throws {
        guard bounds.contains(range.lowerBound), bounds.contains(range.upperBound) else {
            throw AcousticsError.settingOutOfRange(
                name: name, value: "\(range.lowerBound) to \(range.upperBound)",
                rule: "within \(bounds.lowerBound) and \(bounds.upperBound) \(unit)")
        }
    }
}
