import Foundation
import Platform
import Reports

/// How long something will take, in words.
package enum Prediction {
    /// Nine of ten runs lie within so many standard deviations (normal distribution).
    private static let deviationsOfNineInTen = 1.645

    /// "2 min 13 s (± 44 s)": the spread holds nine of ten runs. Units: seconds.
    package static func text(seconds: Double, deviation: Double) -> String {
        "\(QuantityText.duration(seconds)) (\(spread(deviation)))"
    }

    /// "± 44 s". Units: seconds.
    static func spread(_ deviation: Double) -> String {
        "± " + QuantityText.duration(deviationsOfNineInTen * deviation)
    }

    /// "about 3 min 20 s left (± 15 s)"; what is less than a second is not told. Units: seconds.
    package static func left(seconds: Double, deviation: Double) -> String {
        guard !(seconds < 1.5) else { return "about a second left" }
        let spread = deviationsOfNineInTen * deviation
        return "about \(whole(seconds)) left" + (spread < 1 ? "" : " (± \(whole(spread)))")
    }

    private static func whole(_ seconds: Double) -> String {
        seconds < 9.95 ? "\(Int(seconds.rounded())) s" : QuantityText.duration(seconds)
    }

    /// What others on the machine may make of it; empty where it is idle enough.
    ///
    /// - Parameters:
    ///   - load: threads of others that want a processor.
    package static func underLoad(
        seconds: Double, load: Double, workers: Int, processors: Int
    ) -> String {
        let slowdown = (Double(min(workers, processors)) + load) / Double(max(1, processors))
        guard slowdown > 1.25 else { return "" }
        return
            "; others keep the machine busy (load \(String(format: "%.1f", load))): it may take up to "
            + QuantityText.duration(slowdown * seconds)
    }

    /// Threads that want a processor, a mean over the last minute.
    static var load: Double {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }
}
