import Foundation

/// The part of a gnuplot script that depends on what is drawn.
struct Plot {
    var settings: [String] = []
    var command: String

    /// Told apart by most colour-blind readers, on white and on black (Okabe and Ito 2008).
    static let colors = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6BB1", "#888888",
    ]
    private static let gray = "#888888"

    /// Characters of a row's label on a page.
    static let labelWidth = 36

    /// - Parameters:
    ///   - labelWidth: characters of a row's label; a longer one takes several lines.
    ///   - mostNumbers: a matrix with more rows has no numbers in its cells.
    ///   - hasTitle: whether the title stands above the drawing.
    ///   - characters: of a line over the whole width; a longer title takes several lines.
    init(
        _ figure: Figure, dataFile: String, labelWidth: Int = Plot.labelWidth,
        mostNumbers: Int = .max, characters: Int = 92, hasTitle: Bool = true
    ) {
        switch figure.content {
        case .bars(let bars):
            (settings, command) = Self.bars(bars, figure.bounds, dataFile, labelWidth)
        case .curves(let series):
            command = Self.series(series, dataFile, style: "using 1:2 with lines lw 1.5")
        case .points(let series):
            let axis = PointAxis(figure, series)
            command = Self.points(series, axis, dataFile)
            settings = axis.settings
        case .circle(let series): (settings, command) = Self.circle(series, dataFile)
        case .histograms(let histograms):
            settings = [
                "set style fill transparent solid 0.4 noborder",
                "set yrange [0:\(figure.bounds.map { GnuplotFigure.number($0.upperBound) } ?? "*")]",
            ]
            let parts = histograms.indices.map { index in
                "\(dataFile) index \(index) using 1:3:2 with boxes "
                    + "lc rgb '\(Self.colors[index % Self.colors.count])' "
                    + "title \(GnuplotFigure.quoted(histograms[index].label))"
            }
            command = Self.plot(parts)
        case .confusion(let labels, counts: _):
            (settings, command) = Self.confusion(
                labels, dataFile, hasNumbers: labels.count <= mostNumbers)
        case .forest(let differences, let band):
            (settings, command) = Self.forest(differences, band, dataFile, labelWidth)
        case .grid(let grid):
            (settings, command) = Self.grid(grid, dataFile, labelWidth, characters)
        }
        if hasTitle, !figure.title.isEmpty {
            settings.append(Self.title(figure, labelWidth: labelWidth, characters: characters))
        }
    }

    /// The title in the middle of the page: in that of the axes, which gnuplot takes, it is cut where the
    /// labels of rows leave them little of the width.
    private static func title(_ figure: Figure, labelWidth: Int, characters: Int) -> String {
        let labels: [String] =
            switch figure.content {
            case .bars(let bars): bars.map(\.label)
            case .forest(let differences, band: _): differences.map(\.label)
            case .grid(let grid): grid.down
            case .curves, .points, .circle, .histograms, .confusion: []
            }
        let width = labels.flatMap { lines($0, labelWidth) }.map(DisplayWidth.of).max() ?? 0
        let text = DisplayWidth.wrap(PlainText.oneLine(figure.title), width: characters)
            .map(GnuplotFigure.quoted).joined(separator: " . \"\\n\" . ")
        let share = Double(width) / Double(characters) / 2
        let offset = GnuplotFigure.number((share * 1000).rounded() / 1000)
        return "set title \(text) noenhanced offset screen -\(offset),0"
    }

    private static func plot(_ parts: [String]) -> String {
        "plot " + parts.joined(separator: ", \\\n     ")
    }

    /// A label of an axis, which gnuplot takes for a format of numbers.
    private static func tic(_ label: String) -> String {
        GnuplotFigure.quoted(label.replacing("%", with: "%%"))
    }

    // MARK: Bars

    /// The lines of a row's label: a long one would leave no room for the row.
    static func lines(_ label: String, _ width: Int) -> [String] {
        DisplayWidth.wrap(PlainText.oneLine(label), width: width)
    }

    /// Labels at 0, 1, 2 and so on, each in as many lines as it takes.
    private static func tics(_ labels: [String], _ width: Int) -> String {
        labels.enumerated().map { index, label in
            let lines = lines(label, width).map(tic).joined(separator: " . \"\\n\" . ")
            return "\(lines) \(index)"
        }.joined(separator: ", ")
    }

    /// Labels of rows, the first at the top.
    private static func rowTics(_ labels: [String], _ width: Int) -> [String] {
        return [
            "set yrange [\(labels.count - 1).6:-0.6]",
            "set ytics (\(tics(labels, width))) scale 0 noenhanced",
            "set grid noytics xtics", "unset key",
        ]
    }

    private static func bars(
        _ bars: [Figure.Bar], _ bounds: ClosedRange<Double>?, _ file: String, _ labelWidth: Int
    ) -> ([String], String) {
        let hasPoints = bars.contains { !$0.points.isEmpty }
        var settings = rowTics(bars.map(\.label), labelWidth)
        settings.append("set style fill solid \(hasPoints ? "0.45" : "0.75") noborder")
        // Bars tell by their length: they begin at zero.
        let values = bars.flatMap { [$0.value, $0.lower, $0.upper] + $0.points }.compactMap { $0 }
        if let bounds, let span = bounds.span(of: values + [bounds.lowerBound]) {
            settings.append("set xrange \(GnuplotFigure.range(span))")
        } else if values.allSatisfy({ $0 >= 0 }) {
            settings.append("set xrange [0:*]")
        }
        let rows = hasPoints ? "\(file) index 0" : file
        func part(reference: Int, _ color: String) -> String {
            // Box from 0 to the value, 0.6 high, in the order of the file.
            "\(rows) using ($4 == \(reference) ? $1 / 2 : NaN):0:($1 / 2):(0.3) "
                + "with boxxyerror lc rgb '\(color)'"
        }
        let intervals = "\(rows) using 1:0:2:3 with xerrorbars pt 0 lw 1.5 lc rgb 'black'"
        let seeds = hasPoints ? [dots(file, offset: 0.2)] : []
        return (
            settings,
            plot([part(reference: 0, colors[0]), part(reference: 1, gray)] + seeds + [intervals])
        )
    }

    /// A dot a seed, a little below the row's middle.
    private static func dots(_ file: String, offset: Double) -> String {
        "\(file) index 1 using 1:($2+\(offset)) with points pt 6 ps 0.35 lw 0.8 lc rgb '\(ink)'"
    }

    private static let ink = "#505050"

    // MARK: Differences

    private static func forest(
        _ differences: [Figure.Difference], _ band: Double?, _ file: String, _ labelWidth: Int
    ) -> ([String], String) {
        var settings = rowTics(differences.map(\.label), labelWidth)
        settings += [
            "set xrange [*:*]", "set offsets graph 0.03, graph 0.03, 0, 0",
            "set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead lw 1 lc rgb 'black'",
        ]
        if let band {
            let (low, high) = (GnuplotFigure.number(-band), GnuplotFigure.number(band))
            settings.append(
                "set object 1 rectangle from first \(low), graph 0 to first \(high), graph 1 behind "
                    + "fc rgb '\(gray)' fs solid 0.18 noborder")
        }
        let tones: [(Figure.Difference.Tone, String)] = [
            (.undecided, gray), (.better, colors[0]), (.worse, colors[1]), (.negligible, colors[2]),
        ]
        let hasPoints = differences.contains { !$0.points.isEmpty }
        let rows = hasPoints ? "\(file) index 0" : file
        var parts = hasPoints ? [dots(file, offset: 0.25)] : []
        for (tone, color) in tones where differences.contains(where: { $0.tone == tone }) {
            let x = "($4 == \(tone.rawValue) ? $1 : NaN)"
            parts.append(
                "\(rows) using \(x):0:2:3 with xerrorbars pt 7 ps 0.7 lw 1.8 lc rgb '\(color)'")
            parts.append("\(rows) using \(x):0 with points pt 7 ps 0.7 lc rgb '\(color)'")
        }
        return (settings, plot(parts))
    }

    private static func grid(
        _ grid: Figure.Grid, _ file: String, _ labelWidth: Int, _ characters: Int
    ) -> ([String], String) {
        let left = grid.down.flatMap { lines($0, labelWidth) }.map(DisplayWidth.of).max() ?? 0
        let cell = max(8, (characters - left - 8) / max(1, grid.across.count) - 1)
        let below = grid.across.map { lines($0, cell).count }.max() ?? 1
        let settings = [
            // gnuplot's own margin is for one line.
            "set bmargin \(below + 3)",
            "set xrange [-0.5:\(grid.across.count - 1).5]",
            "set yrange [\(grid.down.count - 1).5:-0.5]",
            "set xtics (\(tics(grid.across, cell))) scale 0 noenhanced",
            "set ytics (\(tics(grid.down, labelWidth))) scale 0 noenhanced", "unset grid",
            "unset key",
            "set style fill solid 1 noborder",
            // The colour's first byte is its transparency.
            "shade(share) = int(255 * (0.95 - 0.6 * share)) * 2**24 + 0x0072B2",
        ]
        let cells =
            "\(file) using 1:2:(0.48):(0.48):(shade($4)) with boxxyerror lc rgb variable"
        let texts = "\(file) using 1:2:5 with labels"
        return (settings, plot([cells, texts]))
    }

    // MARK: Series

    /// Colours and keys by label: the position of a series' label among the different ones.
    private static func colorIndices(_ series: [Figure.Series]) -> [(index: Int, isFirst: Bool)] {
        var seen: [String: Int] = [:]
        return series.map { series in
            if let index = seen[series.label] { return (index, false) }
            let index = seen.count
            seen[series.label] = index
            return (index, true)
        }
    }

    private static func series(
        _ series: [Figure.Series], _ file: String, style: String
    ) -> String {
        let parts = zip(series.indices, colorIndices(series)).map { index, color in
            let title = color.isFirst ? GnuplotFigure.quoted(series[index].label) : "''"
            let key = color.isFirst ? "title \(title)" : "notitle"
            return "\(file) index \(index) \(style) lc rgb '\(colors[color.index % colors.count])' "
                + key
        }
        return plot(parts)
    }

    private static func circle(
        _ series: [Figure.Series], _ file: String
    ) -> ([String], String) {
        let largest = series.flatMap(\.points).map(\.y).filter(\.isFinite).max() ?? 1
        let step = [1.0, 2, 5, 10, 20, 30].first { largest / $0 <= 5 } ?? 60
        // The rim is a round number. Polar axes of gnuplot end at other ones than are asked for.
        let rings = max(1, (largest / step).rounded(.up))
        let rim = GnuplotFigure.number(rings * step)
        func place(_ angle: Int, _ radius: Double) -> String {
            let radians = Double(angle) * .pi / 180
            return [-radius * sin(radians), radius * cos(radians)]
                .map { GnuplotFigure.number(($0 * 1e6).rounded() / 1e6) }.joined(separator: ",")
        }
        var settings = [
            "set size ratio -1", "unset border", "unset xtics", "unset ytics", "unset grid",
            "unset xlabel", "unset ylabel", "set lmargin 1", "set rmargin 1", "set bmargin 1",
            "set xrange [-1.2*\(rim):1.2*\(rim)]", "set yrange [-1.15*\(rim):1.15*\(rim)]",
            "x(angle, radius) = -radius * sin(angle * pi / 180)",
            "y(angle, radius) = radius * cos(angle * pi / 180)",
        ]
        for ring in 1...Int(rings) {
            let radius = Double(ring) * step
            let isRim = ring == Int(rings)
            settings.append(
                "set object \(ring) circle at 0,0 size \(GnuplotFigure.number(radius)) behind fs empty "
                    + "border lc rgb '\(isRim ? ink : gray)' lw \(isRim ? "0.8" : "0.4")")
            // Between two rays; the rim's own would stand upon an angle's.
            if !isRim {
                settings.append(
                    "set label \(ring) '\(GnuplotFigure.number(radius))' at \(place(-15, radius)) center "
                        + "front textcolor rgb '\(ink)'")
            }
        }
        for (index, angle) in stride(from: -150, through: 180, by: 30).enumerated() {
            let text = angle == 180 ? "±180°" : "\(angle)°".replacing("-", with: "−")
            settings += [
                "set arrow \(index + 1) from 0,0 to \(place(angle, rings * step)) nohead back lc rgb "
                    + "'\(gray)' lw 0.4 dt 3",
                "set label \(index + 101) '\(text)' at \(place(angle, 1.1 * rings * step)) center",
            ]
        }
        return (
            settings,
            Self.series(
                series, file,
                style: "using (x($1, $2)):(y($1, $2)) with linespoints lw 1.5 pt 7 ps 0.5")
        )
    }

    private static func points(
        _ series: [Figure.Series], _ axis: PointAxis, _ file: String
    ) -> String {
        let parts = zip(series.indices, colorIndices(series)).flatMap { index, color -> [String] in
            let paint = "lc rgb '\(colors[color.index % colors.count])'"
            let key =
                color.isFirst ? "title \(GnuplotFigure.quoted(series[index].label))" : "notitle"
            let x = axis.place(ofSeries: index)
            return [
                "\(file) index \(index) using \(x):2 with lines lw 1.5 \(paint) \(key)",
                "\(file) index \(index) using \(x):2:3:4 with yerrorbars pt 0 lw 1 \(paint) notitle",
                "\(file) index \(index) using \(x):2 with points pt 7 ps 0.6 \(paint) notitle",
            ]
        }
        return plot(parts)
    }

    // MARK: Confusion matrix

    private static func confusion(
        _ labels: [String], _ file: String, hasNumbers: Bool
    ) -> ([String], String) {
        let tics = labels.enumerated().map { "\(tic($1)) \($0)" }
            .joined(separator: ", ")
        let last = labels.count - 1
        var settings = [
            "set xrange [-0.5:\(last).5]", "set yrange [\(last).5:-0.5]",
            "set xtics (\(tics)) rotate by -60 scale 0 noenhanced",
            "set ytics (\(tics)) scale 0 noenhanced", "unset grid", "unset key",
            "set style fill solid 1 noborder",
            // The colour's first byte is its transparency: a share of 0 shows the page.
            "shade(share) = int(255 * (1 - 0.85 * share)) * 2**24 + 0x0072B2",
        ]
        settings += shareScale
        let cells =
            "\(file) using 1:2:(0.5):(0.5):(shade($4)) with boxxyerror lc rgb variable"
        let counts =
            "\(file) using 1:2:($3 > 0 ? sprintf('%d', $3) : '') with labels font ',9'"
        return (settings, plot(hasNumbers ? [cells, counts] : [cells]))
    }

    /// The scale of a matrix's shades, beside it.
    private static var shareScale: [String] {
        let steps = 20
        func place(_ share: Double) -> String { GnuplotFigure.number(share) }
        return ["set rmargin 9"]
            + (0..<steps).map { step in
                let share = (Double(step) + 0.5) / Double(steps)
                // As `shade` has it.
                let transparency = String(Int(255 * (1 - 0.85 * share)), radix: 16, uppercase: true)
                return "set object \(step + 1) rectangle from graph 1.03, graph "
                    + "\(place(Double(step) / Double(steps))) to graph 1.06, graph "
                    + "\(place(Double(step + 1) / Double(steps))) noclip fc rgb '#\(transparency.count == 1 ? "0" : "")"
                    + "\(transparency)0072B2' fs solid noborder"
            }
            + [(0, "0 %"), (0.5, "50 %"), (1, "100 %")].enumerated().map { index, mark in
                "set label \(index + 1) '\(mark.1)' at graph 1.075, graph \(place(mark.0)) left"
            }
    }
}
