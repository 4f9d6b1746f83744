import Foundation

/// What an impulse response says about a room.
public enum Reverberation {
    /// The energy left after each sample, in decibels below the whole (Schroeder 1965,
    /// doi:10.1121/1.1909343).
    public static func decay(_ response: some Collection<Float>) -> [Double] {
        var remaining = 0.0
        var energies: [Double] = []
        energies.reserveCapacity(response.count)
        for value in response.reversed() {
            remaining += Double(value) * Double(value)
            energies.append(remaining)
        }
        return energies.reversed().map { 10 * log10(max($0, 1e-300) / max(remaining, 1e-300)) }
    }

    /// A straight decay. Units: decibels, at the response's first sample and a second.
    public struct Line: Sendable, Hashable {
        public var level: Double
        public var slope: Double
        /// The time for 60 dB. Units: seconds.
        public var time: Double { -60 / slope }
    }

    /// The time for 60 dB at the rate at which the energy decays between two levels, by a line of
    /// least squares through the Schroeder decay; nil when the response ends above the lower level.
    ///
    /// Units: seconds; levels in decibels below the whole.
    public static func time(
        _ response: some Collection<Float>, sampleRate: Int, from upper: Double = -5,
        to lower: Double = -35
    ) -> Double? {
        line(decay(response), sampleRate: sampleRate, from: upper, to: lower)?.time
    }

    /// The line of least squares through a Schroeder decay between two levels; nil when the decay
    /// ends above the lower level, or does not fall.
    ///
    /// Units: decibels.
    public static func line(
        _ levels: [Double], sampleRate: Int, from upper: Double = -5, to lower: Double = -35
    ) -> Line? {
        guard let first = levels.firstIndex(where: { $0 <= upper }),
            let last = levels.firstIndex(where: { $0 < lower }), last > first + 1
        else { return nil }
        let count = Double(last - first)
        let meanTime = Double(first + last - 1) / 2
        let meanLevel = levels[first..<last].reduce(0, +) / count
        var covariance = 0.0
        var variance = 0.0
        for index in first..<last {
            let time = Double(index) - meanTime
            covariance += time * (levels[index] - meanLevel)
            variance += time * time
        }
        guard covariance < 0 else { return nil }
        let slope = covariance / variance
        return Line(level: meanLevel - slope * meanTime, slope: slope * Double(sampleRate))
    }
}
