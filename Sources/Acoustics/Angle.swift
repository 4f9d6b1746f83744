import Foundation

/// Angles in the horizontal plane: x forward, counter-clockwise positive, radians.
public enum Angle {
    /// The same direction in (-pi, pi].
    public static func wrap(_ radians: Double) -> Double {
        let turns = radians - 2 * .pi * (radians / (2 * .pi)).rounded()
        return turns <= -.pi ? turns + 2 * .pi : turns
    }

    /// How far apart two directions are, in [0, pi].
    public static func absoluteDifference(_ first: Double, _ second: Double) -> Double {
        abs(wrap(first - second))
    }

    /// Radians from degrees.
    public static func radians(degrees: Double) -> Double { degrees * .pi / 180 }

    /// Degrees from radians.
    public static func degrees(radians: Double) -> Double { radians * 180 / .pi }
}

extension SIMD3<Double> {
    /// Euclidean length.
    package var length: Double { (self * self).sum().squareRoot() }

    /// The direction of its horizontal part. Units: radians.
    var azimuth: Double { atan2(y, x) }

    /// The vector turned counter-clockwise about the z axis.
    package func rotated(by radians: Double) -> SIMD3<Double> {
        let (sine, cosine) = (sin(radians), cos(radians))
        return SIMD3(cosine * x - sine * y, sine * x + cosine * y, z)
    }
}
