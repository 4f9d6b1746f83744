import Foundation

/// A rotation or reflection of the horizontal plane that maps an array on itself, as a reordering
/// of its channels.
///
/// A recording whose channel m is channel `permutation[m]` of another sounds as if the whole scene
/// had been reflected (azimuth a becomes -a, when `isReflected`) and then turned by `rotation`.
public struct ArraySymmetry: Sendable, Codable, Hashable {
    /// Channel m of the transformed recording is channel `permutation[m]` of the original.
    public var permutation: [Int]
    /// Counter-clockwise, after the reflection. Units: radians, (-pi, pi].
    public var rotation: Double
    public var isReflected: Bool
    /// Whether up and down change places as well (of use to arrays that are not flat).
    public var flipsElevation: Bool

    public init(
        permutation: [Int], rotation: Double, isReflected: Bool, flipsElevation: Bool = false
    ) {
        self.permutation = permutation
        self.rotation = rotation
        self.isReflected = isReflected
        self.flipsElevation = flipsElevation
    }

    public var isIdentity: Bool { permutation == Array(permutation.indices) }

    /// Where a source at azimuth `azimuth` appears afterwards. Units: radians.
    public func azimuth(_ azimuth: Double) -> Double {
        Angle.wrap(rotation + (isReflected ? -azimuth : azimuth))
    }

    /// The elevation at which a source at `elevation` appears afterwards. Units: radians.
    public func elevation(_ elevation: Double) -> Double {
        flipsElevation ? -elevation : elevation
    }

    /// Where a point of the original scene lies in the transformed one.
    public func callAsFunction(_ position: SIMD3<Double>) -> SIMD3<Double> {
        let mirrored = SIMD3(
            position.x, isReflected ? -position.y : position.y,
            flipsElevation ? -position.z : position.z)
        return mirrored.rotated(by: rotation)
    }
}

extension MicrophoneArray {
    /// The reorderings of the channels that equal a rotation or a reflection of the horizontal
    /// plane: the identity first, then rotations by rising angle, then reflections, then those that
    /// also turn up and down.
    ///
    /// Every permutation appears once, with the first transformation that gives it: a circular
    /// array of M > 2 has 2 M, two microphones (and any other line) have 2, the tetrahedral array 8.
    /// A reflection that leaves every microphone of a line in its place changes no recording, so
    /// it is no symmetry of its own. A head has the reflection of left and right, and no others.
    public var symmetries: [ArraySymmetry] {
        let identity = ArraySymmetry(
            permutation: Array(positions.indices), rotation: 0, isReflected: false)
        let tolerance = max(1e-9, 1e-5 * aperture)
        if isOnHead == true {
            var mirror = ArraySymmetry(permutation: [], rotation: 0, isReflected: true)
            guard let permutation = permutation(of: mirror, tolerance: max(tolerance, 1e-3)),
                permutation != identity.permutation
            else { return [identity] }
            mirror.permutation = permutation
            return [identity, mirror]
        }
        guard
            let anchor = positions.first(where: { $0.horizontalRadius > tolerance })
        else { return [identity] }

        var found = [identity]
        var seen: Set<[Int]> = [identity.permutation]
        for flips in [false, true] {
            for isReflected in [false, true] {
                let start = isReflected ? -anchor.azimuth : anchor.azimuth
                let angles = positions.filter { $0.horizontalRadius > tolerance }
                    .map { target in
                        let angle = Angle.wrap(target.azimuth - start)
                        // Rotations by rising angle from 0 up; -0.0... of rounding counts as 0.
                        return angle < -1e-9 ? angle + 2 * .pi : angle
                    }
                    .sorted()
                for angle in angles {
                    var symmetry = ArraySymmetry(
                        permutation: [], rotation: Angle.wrap(angle), isReflected: isReflected,
                        flipsElevation: flips)
                    guard let permutation = permutation(of: symmetry, tolerance: tolerance),
                        seen.insert(permutation).inserted
                    else { continue }
                    symmetry.permutation = permutation
                    found.append(symmetry)
                }
            }
        }
        return found
    }

    /// For each microphone the one that the transformation carries to its place; nil where there
    /// is none.
    private func permutation(of symmetry: ArraySymmetry, tolerance: Double) -> [Int]? {
        let moved = positions.map { symmetry($0) }
        let permutation = positions.compactMap { position in
            moved.firstIndex { ($0 - position).length < tolerance }
        }
        return Set(permutation).count == count ? permutation : nil
    }
}

extension SIMD3<Double> {
    fileprivate var horizontalRadius: Double { (x * x + y * y).squareRoot() }
}
