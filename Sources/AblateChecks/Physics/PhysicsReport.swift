import Acoustics
public import Foundation

/// A measured figure with the bound that it must keep.
public struct PhysicsFigure: Sendable, Hashable, Codable {
    public enum Rule: String, Sendable, Hashable, Codable {
        case atMost
        case atLeast
    }

    public var name: String
    public var value: Double
    public var unit: String
    public var rule: Rule
    public var bound: Double

    public init(_ name: String, _ value: Double, _ unit: String, _ rule: Rule, _ bound: Double) {
        self.name = name
        self.value = value
        self.unit = unit
        self.rule = rule
        self.bound = bound
    }

    /// Whether the bound is kept; a value that is not a number keeps none.
    public var isKept: Bool { rule == .atMost ? value <= bound : value >= bound }
}

/// Whether simulation and features agree with the physics: heads, rooms, directions.
public enum PhysicsReport {
    /// Delays between KEMAR's ears against Woodworth's curve.
    ///
    /// Throws: `SoundDataError`, ``StudiesError``.
    public static func head(_ file: URL) throws -> [PhysicsFigure] {
        let head = try HeadDelays(file)
        let clear = head.deviations(HeadDelays.clear)
        let all = head.deviations(Array(0..<360))
        let place = "KEMAR, \(HeadDelays.clearDegrees)° and more off the ears' axis"
        func micro(_ seconds: Double) -> Double { 1e6 * seconds }
        return [
            PhysicsFigure(
                "\(place): largest deviation from Woodworth", micro(clear.max() ?? .nan), "µs",
                .atMost, 35),
            PhysicsFigure(
                "\(place): mean deviation", micro(clear.reduce(0, +) / Double(clear.count)), "µs",
                .atMost, 15),
            PhysicsFigure(
                "KEMAR, all 360°: median deviation", micro(all.sorted()[180]), "µs", .atMost, 15),
        ]
    }

    /// The same head from a SOFA file against the recording that it was made of: what our reader gives.
    ///
    /// Throws: `RoomFileError`, `SoundDataError`, ``HeadError``.
    public static func head(_ file: URL, asSOFA sofa: URL) throws -> [PhysicsFigure] {
        let (plain, read) = (try HeadDelays(file).delays, try HeadDelays(sofa: sofa).delays)
        let worst = zip(plain, read).map { abs($0 - $1) }.max() ?? .nan
        return [
            PhysicsFigure(
                "KEMAR from a SOFA file against the recording: largest difference of delays",
                1e6 * worst, "µs", .atMost, 2)
        ]
    }

    /// Reverberation times read off against those asked for, and directions found in dry rooms.
    public static func rooms(scenes: Int) throws -> [PhysicsFigure] {
        var figures: [PhysicsFigure] = []
        for time in [0.2, 0.3, 0.6, 1.0] {
            let readings = try SceneReading.readings(
                scenes, reverberationTime: time, method: .images)
            figures.append(timeReadOff(readings, asked: time, method: "images"))
            guard time == 0.2 else { continue }
            let near = readings.count { $0.azimuthError <= 5 }
            figures.append(
                PhysicsFigure(
                    "SRP-PHAT on the features, RT60 0.2 s: within 5°, of \(scenes) scenes",
                    100 * Double(near) / Double(scenes), "%", .atLeast, 97))
        }
        return figures
    }

    /// The hybrid method against all images, on the features and on the directions found in them.
    public static func hybrid(scenes: Int) throws -> [PhysicsFigure] {
        var figures: [PhysicsFigure] = []
        for time in [0.3, 0.6, 1.0] {
            let images = try SceneReading.readings(
                scenes, reverberationTime: time, method: .images)
            let hybrid = try SceneReading.readings(
                scenes, reverberationTime: time, method: .hybrid)
            func difference(_ figure: (SceneReading) -> Double) -> Double {
                zip(images, hybrid).reduce(0) { $0 + figure($1.1) - figure($1.0) } / Double(scenes)
            }
            func median(_ readings: [SceneReading]) -> Double {
                readings.map(\.azimuthError).sorted()[readings.count / 2]
            }
            func far(_ readings: [SceneReading]) -> Double {
                100 * Double(readings.count { $0.azimuthError > 20 }) / Double(scenes)
            }
            let ridge = images.reduce(0) { $0 + $1.ridge } / Double(scenes)
            let spread = images.reduce(0) { $0 + $1.correlationDeviation } / Double(scenes)
            let name = "hybrid against images, RT60 \(time) s"
            figures += [
                timeReadOff(hybrid, asked: time, method: "hybrid"),
                PhysicsFigure(
                    "\(name): log-mel, mean", abs(difference(\.melMean)), "dB", .atMost, 0.2),
                PhysicsFigure(
                    "\(name): log-mel, spread", abs(difference(\.melDeviation)), "dB", .atMost,
                    0.2),
                PhysicsFigure(
                    "\(name): GCC-PHAT, spread",
                    100 * abs(difference(\.correlationDeviation)) / spread, "%", .atMost, 2),
                PhysicsFigure(
                    "\(name): GCC-PHAT, height of the ridge",
                    100 * abs(difference(\.ridge)) / ridge,
                    "%", .atMost, 2),
                PhysicsFigure(
                    "\(name): SRP-PHAT, median error (images \(rounded(median(images)))°)",
                    abs(median(hybrid) - median(images)), "°", .atMost, 0.5),
                PhysicsFigure(
                    "\(name): SRP-PHAT, share beyond 20° (images \(rounded(far(images))) %)",
                    abs(far(hybrid) - far(images)), "points", .atMost, 3),
            ]
        }
        return figures
    }

    private static func timeReadOff(
        _ readings: [SceneReading], asked: Double, method: String
    ) -> PhysicsFigure {
        let times = readings.compactMap(\.reverberationTime)
        let mean = times.reduce(0, +) / Double(times.count)
        return PhysicsFigure(
            "RT60 \(asked) s asked for, \(method): deviation of the mean read off",
            100 * abs(mean / asked - 1), "%", .atMost, 5)
    }

    private static func rounded(_ value: Double) -> String { String(format: "%.1f", value) }
}
