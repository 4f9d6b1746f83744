import Acoustics
import Foundation
import Reports

/// An impulse response over time, in decibels, with its Schroeder decay.
struct DecayPanel {
    private let response: [Float]
    private let rate: Double
    private let levels: [Double]
    private let line: Reverberation.Line?
    private let asked: Double

    /// Below this nothing is drawn. Units: decibels.
    private static let floor = -80.0

    init(_ response: [Float], sampleRate: Int, asked: Double) {
        self.response = response
        self.asked = asked
        rate = Double(sampleRate)
        levels = Reverberation.decay(response)
        line = Reverberation.line(levels, sampleRate: sampleRate)
    }

    /// Units: seconds since the source's impulse.
    private func time(_ sample: Int) -> Double { Double(sample - SceneRenderer.latency) / rate }

    /// The strongest sample of each of about 1,500 stretches. Units: decibels below the strongest.
    private var envelope: [SIMD2<Double>] {
        let peak = Double(response.reduce(0) { max($0, abs($1)) })
        let stretch = max(1, response.count / 1500)
        return stride(from: 0, to: response.count, by: stretch).map { start in
            let stop = min(start + stretch, response.count)
            let largest = Double(response[start..<stop].reduce(0) { max($0, abs($1)) })
            let level = 20 * log10(max(largest, 1e-30) / max(peak, 1e-30))
            return SIMD2(time(start), max(level, Self.floor))
        }
    }

    var panel: Panel {
        let last = max(time(response.count), 0.02)
        var layers: [Panel.Layer] = [.area(envelope, level: Self.floor, colour: .pale)]
        let stretch = max(1, levels.count / 600)
        let decay = stride(from: 0, to: levels.count, by: stretch)
            .map { SIMD2(time($0), levels[$0]) }.prefix { $0.y > Self.floor }
        layers.append(.line(Array(decay), Panel.Stroke(.blue, width: 2)))
        var words = String(format: "RT60 %.2f s asked for", asked)
        if let line {
            let start = 1 / rate * Double(SceneRenderer.latency)
            func place(_ level: Double) -> SIMD2<Double> {
                SIMD2((level - line.level) / line.slope - start, level)
            }
            layers.append(
                .line([place(0), place(-60)], Panel.Stroke(.orange, width: 1.4, dash: .dashed)))
            words += String(format: ", %.2f s read off between −5 and −35 dB", line.time)
        }
        let key = [
            ("impulse response", Panel.Colour.grey), ("Schroeder decay", .blue),
            (line == nil ? "" : "line of least squares", .orange),
        ]
        for (index, entry) in key.enumerated() {
            layers.append(
                .text(
                    entry.0, at: SIMD2(last * 0.985, -4 - 8 * Double(index)), .right,
                    colour: entry.1))
        }
        return Panel(
            "Microphone 1: " + words, frame: Panel.Frame(x: 60, y: 356, width: 562, height: 158),
            xAxis: Panel.Axis("Time since the impulse (s)", 0...last),
            yAxis: Panel.Axis("Level (dB)", Self.floor...3, step: 20), hasGrid: true,
            layers: layers)
    }
}
