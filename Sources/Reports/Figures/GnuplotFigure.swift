import Foundation

/// Draws a ``Figure`` with gnuplot: a script and a data file, both of which a user can change and
/// run again.
public struct GnuplotFigure: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case svg
        case pdf
        case png
    }

    /// Units: points; one that is nil follows from the content.
    public var width: Int
    public var height: Int?

    public init(width: Int = 640, height: Int? = nil) {
        self.width = width
        self.height = height
    }

    /// The script; `dataFile` and the outputs are names relative to where it is run.
    public func script(
        for figure: Figure, dataFile: String, outputs: [(format: Format, file: String)]
    ) -> String {
        var lines = [
            "# gnuplot 5.4 or later", "set encoding utf8", "set datafile missing '?'",
            "set border 3 lw 1",
            "set tics nomirror out",
            "set key noenhanced tmargin center horizontal samplen 2",
            "set grid lc rgb '#888888' lw 0.5 dt 3",
        ]
        if !figure.title.isEmpty {
            lines.append("set title \(Self.quoted(figure.title)) noenhanced")
        }
        if !figure.xLabel.isEmpty {
            lines.append("set xlabel \(Self.quoted(figure.xLabel)) noenhanced")
        }
        if !figure.yLabel.isEmpty {
            lines.append("set ylabel \(Self.quoted(figure.yLabel)) noenhanced")
        }
        if figure.hasLogarithmicX { lines.append("set logscale x") }
        let plot = Plot(figure, dataFile: Self.quoted(dataFile))
        lines += plot.settings
        for output in outputs {
            lines.append(terminal(output.format, figure))
            lines.append("set output \(Self.quoted(output.file))")
            lines.append(plot.command)
        }
        lines.append("unset output")
        return lines.joined(separator: "\n") + "\n"
    }

    private func terminal(_ format: Format, _ figure: Figure) -> String {
        let height = height ?? Self.naturalHeight(figure)
        return switch format {
        case .svg:
            "set terminal svg noenhanced size \(width),\(height) font 'sans-serif,12' dynamic"
        case .pdf:
            // 96 points of the screen to an inch.
            "set terminal pdfcairo noenhanced color size "
                + "\(Self.number(Double(width) / 96))in,\(Self.number(Double(height) / 96))in "
                + "font 'sans,9'"
        case .png:
            // Two dots a point.
            "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) font 'sans,9' "
                + "fontscale 2 linewidth 2 pointscale 2"
        }
    }

    private static func naturalHeight(_ figure: Figure) -> Int {
        switch figure.content {
        case .bars(let bars):
            110 + bars.reduce(0) { $0 + 10 + 14 * Plot.barLines($1).count }
        case .confusion(let labels, counts: _): 220 + 26 * labels.count
        case .curves, .points, .histograms: 400
        }
    }

    /// A string that gnuplot takes literally: in single quotes, where only the quote is special.
    static func quoted(_ text: String) -> String {
        "'" + PlainText.oneLine(text).replacing("'", with: "''") + "'"
    }

    /// Digits enough for a drawing, the same everywhere; gnuplot skips NaN.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "NaN" }
        return String(format: "%.10g", value)
    }
}
