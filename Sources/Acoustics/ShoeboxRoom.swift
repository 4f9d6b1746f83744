import Foundation

/// A rectangular room whose six walls absorb alike.
///
/// The walls reflect the pressure by a positive factor, sqrt(1 - absorption), at every frequency
/// and angle.
public struct ShoeboxRoom: Sendable, Codable, Hashable {
    /// Units: metres, along x, y and z; the origin is a corner.
    public let size: SIMD3<Double>
    /// The time in which the sound decays by 60 dB. Units: seconds.
    public let reverberationTime: Double
    /// The share of the energy that a reflection takes, in (0, ``maximumAbsorption``].
    public let absorption: Double

    /// Walls that absorb more leave no decay to speak of, only a few reflections.
    public static let maximumAbsorption = 0.95

    /// The speed of sound that rooms are made for. Units: metres a second.
    public static let soundSpeed = 343.0

    /// A room with walls such that it has the reverberation time asked for.
    ///
    /// The absorption is Eyring's for that time divided by ``ImageDecay/excess(size:)``: in a
    /// rectangular room the sound that runs along the longest sides meets walls less often than
    /// the average that Eyring's formula is about, and it is what is left in the end. Without this
    /// correction rooms of 3 to 10 m ring 1.4 to 1.8 times as long as asked for.
    ///
    /// Throws: ``AcousticsError/reverberationTimeUnreachable(reverberationTime:size:shortest:)``
    /// when the walls would have to absorb more than ``maximumAbsorption``.
    public init(size: SIMD3<Double>, reverberationTime: Double) throws {
        try Self.validate(size)
        guard reverberationTime > 0, reverberationTime.isFinite else {
            throw AcousticsError.settingOutOfRange(
                name: "reverberationTime", value: "\(reverberationTime)", rule: "above 0 s")
        }
        self.size = size
        self.reverberationTime = reverberationTime
        let excess = ImageDecay.excess(size: size)
        absorption = Self.eyringAbsorption(
            size: size, reverberationTime: reverberationTime / excess)
        guard absorption <= Self.maximumAbsorption else {
            throw AcousticsError.reverberationTimeUnreachable(
                reverberationTime: reverberationTime, size: size,
                shortest: excess
                    * Self.eyringTime(size: size, absorption: Self.maximumAbsorption))
        }
    }

    /// A room with walls of a known absorption, and the reverberation time that follows from it.
    ///
    /// Throws: ``AcousticsError/settingOutOfRange(name:value:rule:)``.
    public init(size: SIMD3<Double>, absorption: Double) throws {
        try self.init(
            size: size, absorption: absorption,
            reverberationTime: ImageDecay.excess(size: size)
                * Self.eyringTime(size: size, absorption: absorption))
    }

    /// A room whose responses last `reverberationTime`, whatever its absorption.
    package init(size: SIMD3<Double>, absorption: Double, reverberationTime: Double) throws {
        try Self.validate(size)
        guard absorption > 0, absorption < 1 else {
            throw AcousticsError.settingOutOfRange(
                name: "absorption", value: "\(absorption)", rule: "between 0 and 1")
        }
        self.size = size
        self.absorption = absorption
        self.reverberationTime = reverberationTime
    }

    public var volume: Double { size.x * size.y * size.z }

    public var surface: Double {
        2 * (size.x * size.y + size.x * size.z + size.y * size.z)
    }

    /// The factor that a reflection puts on the pressure.
    public var reflection: Double { (1 - absorption).squareRoot() }

    /// Whether a point is inside, at least `margin` metres from every wall.
    public func contains(_ position: SIMD3<Double>, margin: Double = 0) -> Bool {
        (0..<3).allSatisfy { position[$0] >= margin && position[$0] <= size[$0] - margin }
    }

    /// Eyring's formula for six like walls: T = 24 ln(10) V / (-c S ln(1 - absorption))
    /// (Eyring 1930, doi:10.1121/1.1915175).
    package static func eyringTime(size: SIMD3<Double>, absorption: Double) -> Double {
        24 * log(10) / (soundSpeed * wallHits(size) * 4 * -log(1 - absorption))
    }

    /// Eyring's formula, solved for the absorption.
    package static func eyringAbsorption(size: SIMD3<Double>, reverberationTime: Double) -> Double {
        1 - exp(-24 * log(10) / (soundSpeed * wallHits(size) * 4 * reverberationTime))
    }

    /// Mean number of reflections a metre of travel in a diffuse field, S / 4V.
    private static func wallHits(_ size: SIMD3<Double>) -> Double {
        (1 / size.x + 1 / size.y + 1 / size.z) / 2
    }

    private static func validate(_ size: SIMD3<Double>) throws {
        for (axis, name) in ["length", "width", "height"].enumerated()
        where !(size[axis] > 0 && size[axis].isFinite) {
            throw AcousticsError.settingOutOfRange(
                name: "room \(name)", value: "\(size[axis])", rule: "above 0 m")
        }
    }
}
