import Foundation

/// Draws a ``Figure`` with gnuplot: a script and a data file, both of which a user can change and
/// run again.
public struct GnuplotFigure: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case svg
        /// For a page of 175 mm, with type of 8 points.
        case pdf
        /// For a column of 85 mm, with type of 7 points.
        case columnPDF = "column.pdf"
        case png
    }

    /// Units: points of the screen, 96 to an inch; one that is nil follows from the content.
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
        var settings: [String] = []
        for output in outputs {
            let plot = Plot(
                figure, dataFile: Self.quoted(dataFile),
                labelWidth: output.format == .columnPDF ? Self.columnLabelWidth : Plot.labelWidth,
                mostNumbers: output.format == .columnPDF ? Self.columnNumbers : .max)
            if plot.settings != settings { lines += plot.settings }
            settings = plot.settings
            lines.append(terminal(output.format, figure))
            lines.append("set output \(Self.quoted(output.file))")
            lines.append(plot.command)
        }
        lines.append("unset output")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Characters of a row's label in a column; a longer one takes several lines.
    private static let columnLabelWidth = 18

    /// A matrix of more classes has no room for numbers in a column: its shades have to do.
    private static let columnNumbers = 12

    private func terminal(_ format: Format, _ figure: Figure) -> String {
        let height = height ?? Self.naturalHeight(figure, labelWidth: Plot.labelWidth)
        return switch format {
        case .svg:
            "set terminal svg noenhanced size \(width),\(height) font 'sans-serif,12' dynamic"
        case .pdf: paper(millimetres: 175, type: 8, height: height)
        case .columnPDF:
            paper(
                millimetres: 85, type: 7,
                height: Self.columnHeight(figure))
        case .png:
            // Two dots a point.
            "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) font 'sans,9' "
                + "fontscale 2 linewidth 2 pointscale 2"
        }
    }

    /// - Parameter height: as it would be with type of 9 points.
    private func paper(millimetres: Double, type: Double, height: Int) -> String {
        "set terminal pdfcairo noenhanced color size "
            + "\(Self.number(millimetres / 10))cm,"
            + "\(Self.number((Double(height) / 96 * type / 9 * 254).rounded() / 100))cm "
            + "font 'sans,\(Self.number(type))' pointscale \(Self.number(type / 9)) linewidth "
            + Self.number(type / 9)
    }

    /// Rows take what they take, up to a page; what has none is as high as it is wide.
    private static func columnHeight(_ figure: Figure) -> Int {
        let height = naturalHeight(figure, labelWidth: columnLabelWidth)
        return switch figure.content {
        case .bars, .forest: min(height, 1080)
        case .confusion, .grid, .curves, .points, .histograms: min(height, 360)
        }
    }

    /// Rows stand at equal distances: those of two neighbours with the most lines have to fit.
    private static func height(ofRows labels: [String], _ labelWidth: Int, gap: Int) -> Int {
        let lines = labels.map { Plot.lines($0, labelWidth).count }
        let most = zip(lines, lines.dropFirst()).map { 13 * ($0 + $1) / 2 + 4 }.max() ?? 0
        return 110 + max(lines.count * most, lines.reduce(0) { $0 + gap + 14 * $1 })
    }

    private static func naturalHeight(_ figure: Figure, labelWidth: Int) -> Int {
        switch figure.content {
        case .bars(let bars): height(ofRows: bars.map(\.label), labelWidth, gap: 10)
        case .forest(let differences, band: _):
            height(ofRows: differences.map(\.label), labelWidth, gap: 14)
        case .confusion(let labels, counts: _): 220 + 26 * labels.count
        case .grid(let grid): 120 + 34 * grid.down.count
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
