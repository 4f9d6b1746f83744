import Foundation

/// Where a sound comes from, without learning: the correlations of all pairs at the lags that a
/// plane wave from each azimuth would have, added up (SRP-PHAT; DiBiase 2000).
///
/// Azimuths are counter-clockwise from x, in radians, in (-pi, pi]. Elevations are searched as well:
/// a source above the array has smaller lags, and its azimuth would be missed by far otherwise.
/// Microphones on a line cannot tell front from back, nor those in a plane above from below: one of
/// the two is found.
public struct SteeredResponse: Sendable {
    /// The azimuths that are tried. Units: radians.
    public let azimuths: [Double]
    /// The elevations that are tried with each azimuth. Units: radians.
    public let elevations: [Double]
    private let microphones: Int
    private let bins: Int
    /// For each elevation, azimuth and pair: the first of four bins, and their weights.
    private let readings: [[[Reading]]]

    private struct Reading: Sendable {
        var first: Int
        var weights: SIMD4<Double>
    }

    /// - Parameters:
    ///   - settings: those of the maps.
    ///   - positions: of the microphones. Units: metres.
    ///   - elevations: of the directions that are tried. Units: radians.
    ///   - soundSpeed: Units: m/s.
    ///   - azimuths: how many are tried, equally spaced round the circle.
    ///
    /// Throws: ``AudioFeaturesError``, where the settings are at fault, fewer than two positions or
    /// four lags are given, or the lags do not reach as far as the array is wide.
    public init(
        _ settings: FeatureSettings, positions: [SIMD3<Double>],
        elevations: [Double] = defaultElevations,
        soundSpeed: Double = FeatureSettings.speedOfSound, azimuths count: Int = 360
    ) throws {
        try settings.validate()
        guard positions.count >= 2 else {
            throw AudioFeaturesError.steering(
                what: "microphones", count: positions.count, wanted: 2)
        }
        guard settings.bins >= 4 else {
            throw AudioFeaturesError.steering(what: "lags", count: settings.bins, wanted: 4)
        }
        guard count >= 4 else {
            throw AudioFeaturesError.steering(what: "azimuths", count: count, wanted: 4)
        }
        guard !elevations.isEmpty else {
            throw AudioFeaturesError.steering(what: "elevations", count: 0, wanted: 1)
        }
        let samplesPerMetre = Double(settings.sampleRate) / soundSpeed
        let needed = Self.aperture(positions) * samplesPerMetre
        let spacing = settings.lagSpacing * Double(settings.pooling.bins)
        let reach = Double(settings.bins - 1) / 2 * spacing
        guard needed <= reach else {
            throw AudioFeaturesError.lagReach(largest: reach, needed: needed)
        }
        let azimuths = (0..<count).map { index in
            // From just above -pi to pi.
            2 * Double.pi * Double(index + 1) / Double(count) - Double.pi
        }
        self.azimuths = azimuths
        self.elevations = elevations
        microphones = positions.count
        bins = settings.bins
        let pairs = MicrophonePairs.all(positions.count)
        readings = elevations.map { elevation in
            azimuths.map { azimuth in
                let direction = SIMD3(
                    cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation))
                return pairs.map { i, j in
                    // The wave meets the microphone that is farther along the direction first.
                    let along = ((positions[j] - positions[i]) * direction).sum()
                    return Self.reading(
                        at: (along * samplesPerMetre + reach) / spacing, bins: settings.bins)
                }
            }
        }
    }

    /// From 80 degrees below to 80 degrees above, in steps of 10. Units: radians.
    public static let defaultElevations = (-8...8).map { Double($0) * .pi / 18 }

    /// The mean correlation over pairs and frames, for each elevation and azimuth.
    ///
    /// Shape: maps `[channels, frames, bins]` as from ``FeatureExtractor``; result
    /// `[elevations][azimuths]`.
    /// Throws: ``AudioFeaturesError`` for maps of another array or size.
    public func response(_ maps: [Float], frames: Int) throws -> [[Double]] {
        let means = try meanCorrelations(maps, frames: frames)
        return readings.map { row in
            row.map { readings in
                var sum = 0.0
                for (pair, reading) in readings.enumerated() {
                    for tap in 0..<4 {
                        sum += reading.weights[tap] * means[pair][reading.first + tap]
                    }
                }
                return sum / Double(readings.count)
            }
        }
    }

    /// The azimuth of the strongest response, refined by a parabola through its neighbours.
    ///
    /// Units: radians, in (-pi, pi].
    /// Throws: ``AudioFeaturesError`` for maps of another array or size.
    public func azimuth(_ maps: [Float], frames: Int) throws -> Double {
        let response = try response(maps, frames: frames)
        // The best of each elevation, then the best of these.
        let row = response.max { $0.max()! < $1.max()! }!
        let count = row.count
        let best = row.indices.max { row[$0] < row[$1] }!
        let before = row[(best + count - 1) % count]
        let after = row[(best + 1) % count]
        let curvature = before - 2 * row[best] + after
        let shift = curvature < 0 ? 0.5 * (before - after) / curvature : 0
        let refined = azimuths[best] + shift * 2 * .pi / Double(count)
        return refined > .pi ? refined - 2 * .pi : refined
    }

    /// The mean over frames of each pair's correlation.
    private func meanCorrelations(_ maps: [Float], frames: Int) throws -> [[Double]] {
        let pairs = MicrophonePairs.count(microphones)
        let wanted = (microphones + pairs) * max(frames, 1) * bins
        guard frames > 0, maps.count == wanted else {
            throw AudioFeaturesError.steering(
                what: "values in the maps", count: maps.count, wanted: wanted)
        }
        var means = [[Double]](repeating: [Double](repeating: 0, count: bins), count: pairs)
        for pair in 0..<pairs {
            for frame in 0..<frames {
                let row = ((microphones + pair) * frames + frame) * bins
                for bin in 0..<bins { means[pair][bin] += Double(maps[row + bin]) / Double(frames) }
            }
        }
        return means
    }

    /// The largest distance between two of `positions`. Units: metres.
    static func aperture(_ positions: [SIMD3<Double>]) -> Double {
        MicrophonePairs.all(positions.count).reduce(0) { largest, pair in
            let between = positions[pair.0] - positions[pair.1]
            return max(largest, (between * between).sum().squareRoot())
        }
    }

    /// Lagrange's cubic through the four bins around `place`.
    private static func reading(at place: Double, bins: Int) -> Reading {
        let first = max(0, min(bins - 4, Int(place.rounded(.down)) - 1))
        let x = place - Double(first)
        return Reading(
            first: first,
            weights: SIMD4(
                -(x - 1) * (x - 2) * (x - 3) / 6, x * (x - 2) * (x - 3) / 2,
                -x * (x - 1) * (x - 3) / 2, x * (x - 1) * (x - 2) / 6))
    }
}
