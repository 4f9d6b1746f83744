import Foundation

/// The horizontal axis of points with intervals: marks at the points where there are few, and series
/// side by side so that their intervals do not hide each other.
struct PointAxis {
    private let isLogarithmic: Bool
    private let ticks: [Double]
    private let word: Figure.Word?
    private let bounds: ClosedRange<Double>?
    /// Least and largest, in logarithms where the axis is logarithmic.
    private let range: (lower: Double, upper: Double)?
    private let count: Int
    /// Values and ends of intervals.
    private let heights: [Double]
    private let hasIntervals: Bool

    init(_ figure: Figure, _ series: [Figure.Series]) {
        let isLogarithmic = figure.hasLogarithmicX
        self.isLogarithmic = isLogarithmic
        bounds = figure.bounds
        word = figure.xWord
        count = series.count
        heights = series.flatMap(\.points).flatMap { [$0.y, $0.lower, $0.upper] }.compactMap { $0 }
        hasIntervals = series.contains { $0.points.contains { $0.lower != nil } }
        let values = Set(series.flatMap { $0.points.map(\.x) }.filter(\.isFinite)).sorted()
        let places = (figure.xTicks + values).map { isLogarithmic ? log10($0) : $0 }
            .filter(\.isFinite).sorted()
        if let first = places.first, let last = places.last, last > first {
            range = (first, last)
        } else {
            range = nil
        }
        if !figure.xTicks.isEmpty {
            ticks = figure.xTicks
        } else {
            let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
            let width = range.map { $0.upper - $0.lower } ?? 0
            // Nearer to each other than this, the numbers would overlap.
            let isLegible = values.count <= 8 && gaps.allSatisfy { $0 >= 0.05 * width }
            ticks = isLegible ? values : []
        }
    }

    var settings: [String] {
        var settings: [String] = []
        if let range {
            // A margin on both sides, so that no point stands on a border.
            let margin = 0.06 * (range.upper - range.lower)
            let ends = [range.lower - margin, range.upper + margin]
                .map { GnuplotFigure.number(isLogarithmic ? pow(10, $0) : $0) }
            settings.append("set xrange [\(ends[0]):\(ends[1])]")
        }
        if !ticks.isEmpty {
            let marks = ticks.map { tick in
                let number = GnuplotFigure.number(tick)
                return
                    "\(tick == word?.x ? GnuplotFigure.quoted(word?.text ?? "") : "'\(number)'") \(number)"
            }
            settings.append("set xtics (\(marks.joined(separator: ", ")))")
        } else if let word {
            settings.append(
                "set xtics add (\(GnuplotFigure.quoted(word.text)) \(GnuplotFigure.number(word.x)))"
            )
        }
        if let bounds, let span = bounds.span(of: heights) {
            settings.append("set yrange \(GnuplotFigure.range(span))")
        } else {
            settings.append("set offsets 0, 0, graph 0.05, graph 0.05")
        }
        return settings
    }

    /// The column of a series' places, moved aside a little where intervals would hide each other.
    func place(ofSeries index: Int) -> String {
        guard let range, hasIntervals, count > 1 else { return "1" }
        let step = min(0.008, 0.05 / Double(count)) * (range.upper - range.lower)
        let shift = (Double(index) - Double(count - 1) / 2) * step
        return isLogarithmic
            ? "($1*\(GnuplotFigure.number(pow(10, shift))))"
            : "($1+(\(GnuplotFigure.number(shift))))"
    }
}

extension ClosedRange<Double> {
    /// The part of it that values take, to the next round number; nil where there are none.
    func span(of values: [Double]) -> ClosedRange<Double>? {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else { return nil }
        let width = upperBound - lowerBound
        let step = width >= 100 ? 10 : width / 20
        let lower = Swift.max(lowerBound, (least / step).rounded(.down) * step)
        let upper = Swift.min(upperBound, (most / step).rounded(.up) * step)
        return lower < upper ? lower...upper : self
    }
}

extension GnuplotFigure {
    static func range(_ range: ClosedRange<Double>) -> String {
        "[\(number(range.lowerBound)):\(number(range.upperBound))]"
    }
}
