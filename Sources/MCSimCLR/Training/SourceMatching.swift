import Acoustics

/// A source as it is, or as a track of a model has it: a class and a direction.
public struct SourceFacts: Sendable, Codable, Hashable {
    public var label: Int
    /// Units: radians.
    public var azimuth: Double

    public init(label: Int, azimuth: Double) {
        self.label = label
        self.azimuth = azimuth
    }

    /// How far two are apart: their angle as a share of half a turn, and one more where the classes
    /// differ.
    package func distance(to other: SourceFacts) -> Double {
        Angle.absoluteDifference(azimuth, other.azimuth) / .pi + (label == other.label ? 0 : 1)
    }
}

/// Says which track of a model stands for which source: the one-to-one assignment of least cost.
///
/// Tracks have no order of their own (track-wise format, arXiv 2010.13092), so that a model of
/// overlapping sources is judged, and trained, by its best assignment.
public enum SourceMatching {
    /// The track of each source. Of equally good assignments the first in lexicographic order.
    ///
    /// Shape: cost [sources][tracks], square.
    public static func tracks(cost: [[Double]]) -> [Int] {
        guard cost.count > 1 else { return Array(cost.indices) }
        var best: [Int] = []
        var least = Double.infinity
        for permutation in permutations(of: cost.count) {
            let sum = permutation.enumerated().reduce(0) { $0 + cost[$1.offset][$1.element] }
            if best.isEmpty || sum < least {
                best = permutation
                least = sum
            }
        }
        return best
    }

    /// The track of each source by ``SourceFacts/distance(to:)``: one assignment for class and
    /// direction together.
    public static func tracks(of sources: [SourceFacts], among tracks: [SourceFacts]) -> [Int] {
        self.tracks(cost: sources.map { source in tracks.map { source.distance(to: $0) } })
    }

    /// All orders of 0 ..< count, lexicographic.
    package static func permutations(of count: Int) -> [[Int]] {
        func extend(_ start: [Int]) -> [[Int]] {
            guard start.count < count else { return [start] }
            return (0..<count).filter { !start.contains($0) }.flatMap { extend(start + [$0]) }
        }
        return extend([])
    }
}
