import Acoustics
public import AudioFeatures
import Foundation
public import Reports

/// Feature maps as a drawing: the log-mel map of the first microphone and the GCC-PHAT map of each
/// pair, with the lags that the ground truth lets expect.
public struct FeatureFigure {
    private let settings: FeatureSettings
    private let microphones: Int
    private let frames: Int
    private let maps: [Float]
    private let axes: FeatureAxes
    private let truth: SceneTruth?

    /// More pairs than this are not told apart on a page.
    public static let maximumPairs = 28
    /// More columns than this are not seen; longer recordings are averaged over neighbours.
    static let maximumColumns = 1200

    /// Shape: maps `[channels, frames, bins]`.
    public init(
        _ maps: [Float], frames: Int, settings: FeatureSettings, microphones: Int,
        truth: SceneTruth? = nil
    ) {
        self.maps = maps
        self.frames = frames
        self.settings = settings
        self.microphones = microphones
        self.truth = truth
        axes = FeatureAxes(settings, microphones: microphones, frames: frames)
    }

    /// The pairs that are drawn: all of them, or those of the first microphone where all are too
    /// many.
    public var pairs: [(Int, Int)] {
        let all = MicrophonePairs.all(microphones)
        return all.count <= Self.maximumPairs
            ? all : Array(all.filter { $0.0 == 0 }.prefix(Self.maximumPairs))
    }

    public var panels: PanelFigure {
        let columns = min(3, pairs.count)
        let rows = (pairs.count + columns - 1) / columns
        let (left, right, gap) = (62.0, 62.0, 12.0)
        let width = 640.0
        let across = width - left - right
        let panelWidth = (across - gap * Double(columns - 1)) / Double(columns)
        let (melHeight, pairHeight, pairTop) = (118.0, 92.0, 212.0)
        let rowStep = pairHeight + 26
        let melFrame = Panel.Frame(x: left, y: 28, width: across, height: melHeight)
        var panels = [mel(melFrame)]
        for (index, pair) in pairs.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let frame = Panel.Frame(
                x: left + Double(column) * (panelWidth + gap),
                y: pairTop + Double(row) * rowStep, width: panelWidth - Self.meanWidth,
                height: pairHeight)
            let bar = Panel.Frame(
                x: left + across + 12, y: pairTop, width: 10,
                height: Double(min(rows, 3) - 1) * rowStep + pairHeight)
            let isLowest = index + columns >= pairs.count
            panels.append(
                correlation(
                    pair, frame: frame, bar: index == 0 ? bar : nil, isLeft: column == 0,
                    isLowest: isLowest))
            panels.append(mean(pair, beside: frame, isHighest: row == 0))
        }
        return PanelFigure(
            width: width, height: pairTop + Double(rows) * rowStep + 24, panels: panels)
    }

    // MARK: Panels

    private func mel(_ frame: Panel.Frame) -> Panel {
        let (values, times) = drawn(channel: 0)
        let sorted = values.sorted()
        let top = Double(sorted.last ?? 0)
        // Silence before and after would take the colours from the sound.
        let bottom = max(Double(sorted.first ?? 0), top - 80)
        let bins = axes.frequencies.count
        let bar = Panel.Frame(
            x: frame.x + frame.width + 12, y: frame.y, width: 10, height: frame.height)
        let map = Panel.ColourMap(
            values: values, columns: times.count, x: Self.ends(times),
            y: 0...Double(max(bins - 1, 1)), range: bottom...max(top, bottom + 1),
            palette: .viridis, bar: .init("dB", frame: bar))
        return Panel(
            "Log-mel, microphone 1", frame: frame, xAxis: timeAxis(times, most: 10),
            yAxis: Panel.Axis(
                "Frequency (kHz)", -0.5...Double(bins) - 0.5, ticks: frequencyTicks),
            layers: [.map(map)])
    }

    private func correlation(
        _ pair: (Int, Int), frame: Panel.Frame, bar: Panel.Frame?, isLeft: Bool, isLowest: Bool
    ) -> Panel {
        let channel = microphones + MicrophonePairs.index(pair.0, pair.1, microphones: microphones)
        let (values, times) = drawn(channel: channel)
        let map = Panel.ColourMap(
            values: values, columns: times.count, x: Self.ends(times),
            y: Self.ends(axes.lags), range: 0...largestCorrelation, palette: .blues,
            bar: bar.map { .init("GCC", frame: $0) })
        var layers: [Panel.Layer] = [.map(map)]
        if let truth, truth.microphones == microphones {
            for source in truth.scene.sources.indices {
                let line = truth.lags(
                    pair, source: source, times: times, sampleRate: settings.sampleRate)
                // The ridge stays visible beneath.
                layers.append(.line(line, Panel.Stroke(.orange, width: 0.9, dash: .dashed)))
            }
        }
        var xAxis = timeAxis(times, most: 6)
        if !isLowest { xAxis.label = "" }
        xAxis.isNumbered = isLowest
        return Panel(
            "Microphones \(pair.0 + 1) and \(pair.1 + 1)", frame: frame, xAxis: xAxis,
            yAxis: lagAxis(isLeft ? "Lag (samples)" : "", isNumbered: isLeft), layers: layers)
    }

    /// Beside each map, its mean over time: the ridge shows where single frames are noisy.
    private static let meanWidth = 30.0

    private func mean(_ pair: (Int, Int), beside map: Panel.Frame, isHighest: Bool) -> Panel {
        let means = meanCorrelation(pair)
        let frame = Panel.Frame(
            x: map.x + map.width + 3, y: map.y, width: Self.meanWidth - 3, height: map.height)
        let largest = max(means.max() ?? 0, 1e-3) * 1.15
        var layers: [Panel.Layer] = []
        if let truth, truth.microphones == microphones {
            for source in truth.scene.sources.indices {
                let lags = truth.lags(
                    pair, source: source, times: axes.times, sampleRate: settings.sampleRate)
                // One that moves has no lag of its own in the mean.
                guard let first = lags.first, let last = lags.last, abs(first.y - last.y) < 0.1
                else { continue }
                layers.append(
                    .line(
                        [SIMD2(0, first.y), SIMD2(largest, first.y)],
                        Panel.Stroke(.orange, width: 0.9, dash: .dashed)))
            }
        }
        layers.append(
            .line(
                zip(means, axes.lags).map { SIMD2(max($0, 0), $1) },
                Panel.Stroke(.blue, width: 1.2)))
        // Above: below it would run into the last number of the map's axis.
        return Panel(
            isHighest ? "mean" : "", frame: frame,
            xAxis: Panel.Axis("", 0...largest, ticks: [], isNumbered: false),
            yAxis: lagAxis("", isNumbered: false, ticks: []), layers: layers)
    }

    private func meanCorrelation(_ pair: (Int, Int)) -> [Double] {
        let channel = microphones + MicrophonePairs.index(pair.0, pair.1, microphones: microphones)
        let bins = settings.bins
        var means = [Double](repeating: 0, count: bins)
        for frame in 0..<frames {
            for bin in 0..<bins {
                means[bin] += Double(maps[(channel * frames + frame) * bins + bin])
            }
        }
        return means.map { $0 / Double(frames) }
    }

    /// One scale for all pairs: the strongest value on any, to the next tenth.
    private var largestCorrelation: Double {
        let strongest = pairs.reduce(0.1) { strongest, pair in
            let channel =
                microphones + MicrophonePairs.index(pair.0, pair.1, microphones: microphones)
            // The few values at the very top are left to the darkest colour.
            let sorted = drawn(channel: channel).values.sorted()
            let high = sorted.isEmpty ? 0 : sorted[sorted.count * 999 / 1000]
            return max(strongest, Double(high))
        }
        return min(1, (strongest * 10).rounded(.up) / 10)
    }

    // MARK: Axes

    private func timeAxis(_ times: [Double], most: Int) -> Panel.Axis {
        let range = Self.ends(times)
        let half = times.count > 1 ? (times[1] - times[0]) / 2 : 0.01
        let drawn = range.lowerBound - half...range.upperBound + half
        let steps = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600]
        let step = steps.first { (drawn.upperBound - drawn.lowerBound) / $0 <= Double(most) }
        return Panel.Axis("Time (s)", drawn, step: step)
    }

    private func lagAxis(
        _ label: String, isNumbered: Bool, ticks: [Panel.Axis.Tick]? = nil
    ) -> Panel.Axis {
        let half = axes.lags.count > 1 ? (axes.lags[1] - axes.lags[0]) / 2 : 0.5
        return Panel.Axis(
            label, (axes.lags.first ?? 0) - half...(axes.lags.last ?? 0) + half,
            ticks: ticks, isNumbered: isNumbered)
    }

    /// Octaves, at the places of the bands, from the top down to where they are too close to read.
    private var frequencyTicks: [Panel.Axis.Tick] {
        let names = [
            (250.0, "0.25"), (500, "0.5"), (1000, "1"), (2000, "2"), (4000, "4"),
            (8000, "8"), (16_000, "16"),
        ]
        var ticks: [Panel.Axis.Tick] = []
        for (hertz, name) in names.reversed() {
            guard let after = axes.frequencies.firstIndex(where: { $0 >= hertz }), after > 0 else {
                continue
            }
            let (low, high) = (axes.frequencies[after - 1], axes.frequencies[after])
            let place = Double(after - 1) + (hertz - low) / (high - low)
            if let above = ticks.last, above.place - place < 0.1 * Double(axes.frequencies.count) {
                continue
            }
            ticks.append(.init(name, at: place))
        }
        return ticks
    }

    private static func ends(_ values: [Double]) -> ClosedRange<Double> {
        guard let first = values.first, let last = values.last, last > first else {
            return (values.first ?? 0)...((values.first ?? 0) + 1e-6)
        }
        return first...last
    }

    /// The values of a map and the times of its columns; neighbours become their mean where there
    /// are more columns than can be seen.
    private func drawn(channel: Int) -> (values: [Float], times: [Double]) {
        let bins = settings.bins
        let stretch = (frames + Self.maximumColumns - 1) / Self.maximumColumns
        let columns = max(frames / max(stretch, 1), 1)
        var values = [Float](repeating: 0, count: columns * bins)
        var times = [Double](repeating: 0, count: columns)
        for column in 0..<columns {
            for frame in column * stretch..<(column + 1) * stretch {
                let start = (channel * frames + frame) * bins
                for bin in 0..<bins {
                    values[column * bins + bin] += maps[start + bin] / Float(stretch)
                }
                times[column] += axes.times[frame] / Double(stretch)
            }
        }
        return (values, times)
    }
}
