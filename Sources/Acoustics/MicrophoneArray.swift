import Foundation

/// Where the microphones are, relative to the array's centre: x forward, y left, z up.
///
/// Units: metres.
public struct MicrophoneArray: Sendable, Codable, Hashable {
    public var positions: [SIMD3<Double>]
    /// No microphone may be farther from the centre than this along any axis, whoever says where it is.
    /// Units: metres.
    public static let bounds = -1.0...1.0
    /// True where they are the ears of a head, which is like itself in the mirror alone; nil where they
    /// stand in the open.
    public var isOnHead: Bool?

    public init(positions: [SIMD3<Double>], isOnHead: Bool? = nil) {
        self.positions = positions
        self.isOnHead = isOnHead
    }

    public var count: Int { positions.count }

    /// The largest distance between two microphones; 0 for a single one.
    public var aperture: Double {
        var largest = 0.0
        for first in positions.indices {
            for second in positions.indices.dropFirst(first + 1) {
                largest = max(largest, (positions[first] - positions[second]).length)
            }
        }
        return largest
    }

    /// The largest distance of a microphone from the array's centre.
    public var radius: Double { positions.map(\.length).max() ?? 0 }

    /// Equally spaced on a horizontal circle, the first at azimuth 0, counter-clockwise.
    public static func circular(count: Int, diameter: Double) -> MicrophoneArray {
        MicrophoneArray(
            positions: (0..<count).map { index in
                direction(azimuth: 2 * .pi * Double(index) / Double(count), elevation: 0)
                    * (diameter / 2)
            })
    }

    /// Equally spaced along y, the first on the right (negative y), centred.
    public static func linear(count: Int, spacing: Double) -> MicrophoneArray {
        MicrophoneArray(
            positions: (0..<count).map { index in
                SIMD3(0, (Double(index) - Double(count - 1) / 2) * spacing, 0)
            })
    }

    /// Four microphones on a sphere as in the TAU data sets: azimuths 45, -45, 135 and -135 degrees,
    /// elevations 35, -35, -35 and 35 degrees (Politis et al. 2020, arXiv 2006.01919).
    public static func tetrahedral(radius: Double) -> MicrophoneArray {
        let degrees = [(45.0, 35.0), (-45, -35), (135, -35), (-135, 35)]
        return MicrophoneArray(
            positions: degrees.map { azimuth, elevation in
                direction(
                    azimuth: Angle.radians(degrees: azimuth),
                    elevation: Angle.radians(degrees: elevation)) * radius
            })
    }

    /// Whether all microphones lie, seen from above, on one line: such an array hears a source and
    /// its mirror image across the line alike, so that it cannot tell their azimuths apart.
    public var hasMirrorAmbiguity: Bool {
        let tolerance = max(1e-9, 1e-5 * aperture)
        guard let first = positions.first else { return true }
        let offsets = positions.map { SIMD2($0.x - first.x, $0.y - first.y) }
        let farthest = offsets.max { ($0 * $0).sum() < ($1 * $1).sum() } ?? .zero
        let length = (farthest * farthest).sum().squareRoot()
        guard length > tolerance else { return true }
        return offsets.allSatisfy { offset in
            abs(offset.x * farthest.y - offset.y * farthest.x) / length <= tolerance
        }
    }

    /// Where the azimuths that an array on one line, seen from above, can tell apart begin and end: on the
    /// side of the line that is ahead, and of a line along x on its left. nil for arrays that hear all
    /// around, and for microphones one above the other, which can tell no azimuths apart.
    ///
    /// Units: radians.
    public var side: ClosedRange<Double>? {
        guard hasMirrorAmbiguity, let first = positions.first else { return nil }
        let offsets = positions.map { SIMD2($0.x - first.x, $0.y - first.y) }
        let farthest = offsets.max { ($0 * $0).sum() < ($1 * $1).sum() } ?? .zero
        let length = (farthest * farthest).sum().squareRoot()
        guard length > max(1e-9, 1e-5 * aperture) else { return nil }
        // What is almost along an axis is meant to be: no rounding turns it.
        let (x, y) = (farthest.x / length, farthest.y / length)
        let ahead: Double =
            abs(x) <= 1e-5 ? 0 : abs(y) <= 1e-5 ? .pi / 2 : atan2(y > 0 ? -x : x, abs(y))
        return ahead - .pi / 2...ahead + .pi / 2
    }

    /// Whether all microphones are at one height: such an array hears a source and its mirror image below
    /// it alike, so that it cannot tell up from down.
    public var isHorizontal: Bool {
        let heights = positions.map(\.z)
        let tolerance = max(1e-9, 1e-5 * aperture)
        return (heights.max() ?? 0) - (heights.min() ?? 0) <= tolerance
    }

    /// Checks that there are microphones, at finite and different places.
    ///
    /// Throws: ``AcousticsError``.
    public func validate() throws {
        guard !positions.isEmpty else { throw AcousticsError.microphonesMissing }
        for (first, position) in positions.enumerated() {
            guard position.length.isFinite else {
                throw AcousticsError.settingOutOfRange(
                    name: "position of microphone \(first)", value: "\(position)", rule: "finite")
            }
            for second in positions.indices.dropFirst(first + 1)
            where (position - positions[second]).length < 1e-6 {
                throw AcousticsError.microphonesCoincide(first: first, second: second)
            }
        }
    }

    /// The unit vector of a direction in radians.
    package static func direction(azimuth: Double, elevation: Double) -> SIMD3<Double> {
        SIMD3(
            cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation))
    }
}
