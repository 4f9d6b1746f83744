import Foundation

/// Draws a ``PanelFigure`` with gnuplot: one script that holds the data as well.
public struct GnuplotPanels: Sendable {
    private let figure: PanelFigure

    public init(_ figure: PanelFigure) {
        self.figure = figure
    }

    /// The script that draws into `output`.
    public func script(_ format: GnuplotFigure.Format, output: String) -> String {
        var lines = ["# gnuplot 5.4 or later", "set encoding utf8", "set minussign"]
        for (index, panel) in figure.panels.enumerated() { lines += data(panel, index) }
        lines += [
            terminal(format), "set output \(GnuplotFigure.quoted(output))",
            // Every panel says where it is, so that none moves another.
            "set multiplot", "unset key",
            "set tics \(Self.marks)", "set border 15 lw 0.8 lc rgb '#202020'",
        ]
        for (index, panel) in figure.panels.enumerated() {
            lines += commands(panel, index, format)
        }
        return (lines + ["unset multiplot", "unset output"]).joined(separator: "\n") + "\n"
    }

    private func terminal(_ format: GnuplotFigure.Format) -> String {
        let (width, height) = (Int(figure.width.rounded()), Int(figure.height.rounded()))
        return switch format {
        case .svg:
            "set terminal svg noenhanced size \(width),\(height) font 'sans-serif,11' "
                + "background rgb 'white'"
        case .pdf, .columnPDF:
            "set terminal pdfcairo noenhanced color size "
                + "\(GnuplotFigure.number(figure.width / 96))in,"
                + "\(GnuplotFigure.number(figure.height / 96))in font 'sans,8.25'"
        case .png:
            // Two dots a point.
            "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) font 'sans,8.25' "
                + "fontscale 2 linewidth 2 pointscale 2"
        }
    }

    // MARK: Data

    private func data(_ panel: Panel, _ index: Int) -> [String] {
        panel.layers.enumerated().flatMap { layer, content -> [String] in
            let rows: [String]
            switch content {
            case .line(let points, _), .area(let points, _, _), .points(let points, _, _):
                rows = points.map { "\(Self.number($0.x)) \(Self.number($0.y))" }
            case .map(let map):
                let height = map.values.count / map.columns
                rows = (0..<height).map { row in
                    (0..<map.columns).map { Self.number(Double(map.values[$0 * height + row])) }
                        .joined(separator: " ")
                }
            case .arrow, .text: return []
            }
            return ["\(Self.name(index, layer)) << EOD"] + rows + ["EOD"]
        }
    }

    private static func name(_ panel: Int, _ layer: Int) -> String { "$panel\(panel)_\(layer)" }

    /// Digits enough for a drawing: a long recording has a million values.
    private static func number(_ value: Double) -> String {
        value.isFinite ? String(format: "%.5g", value) : "NaN"
    }

    // MARK: Panels

    private func commands(
        _ panel: Panel, _ index: Int, _ format: GnuplotFigure.Format
    ) -> [String] {
        let frame = panel.frame
        var lines = [
            "unset label", "unset arrow", "unset colorbox",
            panel.hasGrid ? Self.grid : "unset grid",
            "set lmargin at screen \(GnuplotFigure.number(frame.x / figure.width))",
            "set rmargin at screen "
                + GnuplotFigure.number((frame.x + frame.width) / figure.width),
            "set tmargin at screen \(GnuplotFigure.number(1 - frame.y / figure.height))",
            "set bmargin at screen "
                + GnuplotFigure.number(1 - (frame.y + frame.height) / figure.height),
            "set title \(GnuplotFigure.quoted(panel.title)) noenhanced offset 0,-0.6",
        ]
        lines += Self.axis("x", panel.xAxis, format) + Self.axis("y", panel.yAxis, format)
        var parts: [String] = []
        for (layer, content) in panel.layers.enumerated() {
            let name = Self.name(index, layer)
            switch content {
            case .line(_, let stroke):
                parts.append("\(name) using 1:2 with lines \(Self.style(stroke))")
            case .area(_, let level, let colour):
                parts.append(
                    "\(name) using 1:2 with filledcurves y1=\(Self.number(level)) fs solid "
                        + "noborder lc rgb '\(colour.rawValue)'")
            case .points(_, let diameter, let colour):
                // Point size 1 is about 8 points wide.
                parts.append(
                    "\(name) using 1:2 with points pt 7 ps \(Self.number(diameter / 8)) "
                        + "lc rgb '\(colour.rawValue)'")
            case .arrow(let start, let end, let stroke):
                lines.append(
                    "set arrow from first \(Self.place(start)) to first \(Self.place(end)) "
                        + "head filled size screen 0.012,18 front \(Self.style(stroke))")
            case .text(let text, let place, let anchor, let colour):
                lines.append(
                    "set label \(GnuplotFigure.quoted(text)) at first \(Self.place(place)) "
                        + "\(anchor.rawValue) noenhanced front textcolor rgb "
                        + "'\(colour.rawValue)'")
            case .map(let map):
                lines += colours(map)
                parts.append(Self.image(map, name))
            }
        }
        // Without data gnuplot draws no axes.
        lines.append("plot " + (parts.isEmpty ? "NaN" : parts.joined(separator: ", \\\n     ")))
        return lines
    }

    private static let marks = "nomirror out scale 0.6"
    private static let grid = "set grid back lc rgb '#C8CDD2' lw 0.5 dt 3"

    /// Numbers and names of axes nearer to them: the SVG terminal takes a line for one and a half times
    /// as high as its letters, and the next panel begins where a name would stand. Units: characters.
    private static func offsets(
        _ name: String, _ format: GnuplotFigure.Format
    ) -> (marks: String, label: String) {
        guard format == .svg else { return ("", "") }
        return name == "x" ? (" offset 0,0.35", " offset 0,1") : ("", " offset 0.7,0")
    }

    private static func axis(
        _ name: String, _ axis: Panel.Axis, _ format: GnuplotFigure.Format
    ) -> [String] {
        let offsets = offsets(name, format)
        var lines = [
            "set \(name)range [\(number(axis.range.lowerBound)):\(number(axis.range.upperBound))] "
                + "noextend",
            "set \(name)label \(GnuplotFigure.quoted(axis.label)) noenhanced\(offsets.label)",
            "set format \(name) '\(axis.isNumbered ? "%g" : "")'",
        ]
        if let ticks = axis.ticks, ticks.isEmpty {
            lines.append("unset \(name)tics")
        } else if let ticks = axis.ticks {
            let list = ticks.map { tick in
                let text = axis.isNumbered ? tick.text.replacing("%", with: "%%") : ""
                return "\(GnuplotFigure.quoted(text)) \(number(tick.place))"
            }
            lines.append(
                "set \(name)tics \(marks) (\(list.joined(separator: ", "))) noenhanced"
                    + offsets.marks)
        } else {
            lines.append(
                "set \(name)tics \(marks) \(axis.step.map(number) ?? "autofreq")\(offsets.marks)")
        }
        return lines
    }

    private static func place(_ point: SIMD2<Double>) -> String {
        "\(number(point.x)),\(number(point.y))"
    }

    private static func style(_ stroke: Panel.Stroke) -> String {
        let dash =
            switch stroke.dash {
            case .solid: "1"
            case .dashed: "(8,5)"
            case .dotted: "(2,4)"
            }
        return "lc rgb '\(stroke.colour.rawValue)' lw \(number(stroke.width)) dt \(dash)"
    }

    // MARK: Maps of colours

    private func colours(_ map: Panel.ColourMap) -> [String] {
        var lines = [
            "set palette defined (\(Self.palette(map.palette)))",
            "set cbrange [\(Self.number(map.range.lowerBound)):"
                + "\(Self.number(map.range.upperBound))]",
        ]
        if let bar = map.bar {
            let frame = bar.frame
            lines += [
                // Above the bar: beside it the numbers' width is not known.
                "set label \(GnuplotFigure.quoted(bar.label)) at screen "
                    + "\(GnuplotFigure.number((frame.x + frame.width / 2) / figure.width)),"
                    + GnuplotFigure.number(1 - (frame.y - 10) / figure.height)
                    + " center noenhanced",
                "set colorbox vertical user origin screen "
                    + "\(GnuplotFigure.number(frame.x / figure.width)),"
                    + GnuplotFigure.number(1 - (frame.y + frame.height) / figure.height)
                    + " size screen \(GnuplotFigure.number(frame.width / figure.width)),"
                    + "\(GnuplotFigure.number(frame.height / figure.height)) bdefault",
            ]
        }
        return lines
    }

    private static func image(_ map: Panel.ColourMap, _ name: String) -> String {
        func axis(_ range: ClosedRange<Double>, _ count: Int) -> String {
            let step =
                count > 1 ? (range.upperBound - range.lowerBound) / Double(count - 1) : 1
            return "(\(GnuplotFigure.number(range.lowerBound))+"
                + "\(GnuplotFigure.number(step))*"
        }
        let rows = map.values.count / map.columns
        return "\(name) matrix using \(axis(map.x, map.columns))$1):\(axis(map.y, rows))$2):3 "
            + "with image"
    }

    private static func palette(_ palette: Panel.ColourMap.Palette) -> String {
        let colours =
            switch palette {
            case .viridis:
                [
                    "#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962",
                    "#ADDC30", "#FDE725",
                ]
            case .blues:
                [
                    "#FFFFFF", "#EAF1F8", "#D0E1F2", "#A6CEE4", "#6BAED6", "#3787C0", "#1764AB",
                    "#084A91", "#08306B",
                ]
            }
        return colours.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    }
}
