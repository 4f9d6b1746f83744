import Foundation

/// Draws a ``Figure`` with gnuplot: a script and a data file, both of which a user can change and
/// run again.
public struct GnuplotFigure: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case svg
        /// For a page of 175 mm, with type of 8 points.
        case pdf
        /// For a column (``GnuplotFigure/columnWidth``), with type of 7 points.
        case columnPDF = "column.pdf"
        case png
    }

    /// Units: points of the screen, 96 to an inch; one that is nil follows from the content.
    public var width: Int
    public var height: Int?
    /// Of a paper's column. Units: millimetres.
    public var columnWidth: Double

    public init(
        width: Int = 640, height: Int? = nil, columnWidth: Double = Self.usualColumnWidth
    ) {
        self.width = width
        self.height = height
        self.columnWidth = columnWidth
    }

    /// Units: millimetres.
    public static let usualColumnWidth = 85.0
    /// What a label and a few numbers take, and the longer side of a poster.
    public static let columnWidths: ClosedRange<Double> = 50...500

    /// The script; `dataFile` and the outputs are names relative to where it is run.
    public func script(
        for figure: Figure, dataFile: String, outputs: [(format: Format, file: String)]
    ) -> String {
        var lines = [
            "# gnuplot 5.4 or later", "set encoding utf8", "set datafile missing '?'",
            "set border 3 lw 1",
            "set tics nomirror out",
            "set key noenhanced tmargin center horizontal samplen 3",
            "set grid lc rgb '#888888' lw 0.5 dt 3",
        ]
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
                labelWidth: output.format == .columnPDF ? columnLabelWidth : Plot.labelWidth,
                mostNumbers: output.format == .columnPDF ? columnNumbers : .max,
                characters: characters(output.format))
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
    private var columnLabelWidth: Int { min(Plot.labelWidth, scaled(18)) }

    /// A matrix of more classes has no room for numbers in a column: its shades have to do.
    private var columnNumbers: Int { scaled(12) }

    /// What a usual column has so many of, in one of this width.
    private func scaled(_ count: Int) -> Int {
        Int((Double(count) * columnWidth / Self.usualColumnWidth).rounded())
    }

    /// How many characters a line of the whole width has, at 0.58 of the type's size each.
    private func characters(_ format: Format) -> Int {
        switch format {
        case .svg, .png: 92
        case .pdf: 106
        case .columnPDF: scaled(58)
        }
    }

    private func terminal(_ format: Format, _ figure: Figure) -> String {
        let height =
            height
            ?? Self.naturalHeight(
                figure, labelWidth: Plot.labelWidth, line: format == .svg ? Self.lineOfSVG : 13)
        return switch format {
        case .svg:
            "set terminal svg noenhanced size \(width),\(height) font 'sans-serif,12' dynamic"
        case .pdf: paper(millimetres: 175, type: 8, height: height)
        case .columnPDF:
            paper(
                millimetres: columnWidth, type: 7, height: columnHeight(figure))
        case .png:
            // Two dots a point.
            "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) font 'sans,9' "
                + "fontscale 2 linewidth 2 pointscale 2"
        }
    }

    /// The SVG terminal's lines are one and a half times as high as its letters. Units: points.
    private static let lineOfSVG = 18

    /// - Parameter height: as it would be with type of 9 points.
    private func paper(millimetres: Double, type: Double, height: Int) -> String {
        "set terminal pdfcairo noenhanced color size "
            + "\(Self.number(millimetres / 10))cm,"
            + "\(Self.number((Double(height) / 96 * type / 9 * 254).rounded() / 100))cm "
            + "font 'sans,\(Self.number(type))' pointscale \(Self.number(type / 9)) linewidth "
            + Self.number(type / 9)
    }

    /// Rows take what they take, up to a page; what has none is as high as it is wide.
    private func columnHeight(_ figure: Figure) -> Int {
        let height = Self.naturalHeight(figure, labelWidth: columnLabelWidth, line: 13)
        return switch figure.content {
        case .bars, .forest, .grid: min(height, 1080)
        case .confusion, .curves, .points, .circle, .histograms: min(height, scaled(360))
        }
    }

    /// Rows stand at equal distances: those of two neighbours with the most lines have to fit.
    ///
    /// - Parameter line: the height of a label's line. Units: points.
    private static func height(
        ofRows labels: [String], _ labelWidth: Int, gap: Int, line: Int
    ) -> Int {
        let lines = labels.map { Plot.lines($0, labelWidth).count }
        let most = zip(lines, lines.dropFirst()).map { line * ($0 + $1) / 2 + 4 }.max() ?? 0
        let sum = lines.reduce(0) { $0 + gap + (line + 1) * $1 }
        return 110 + (line - 13) * 4 + max(lines.count * most, sum)
    }

    private static func naturalHeight(_ figure: Figure, labelWidth: Int, line: Int) -> Int {
        switch figure.content {
        case .bars(let bars): height(ofRows: bars.map(\.label), labelWidth, gap: 10, line: line)
        case .forest(let differences, band: _):
            height(ofRows: differences.map(\.label), labelWidth, gap: 14, line: line)
        case .confusion(let labels, counts: _): 220 + 26 * labels.count
        case .grid(let grid):
            20 + height(ofRows: grid.down, labelWidth, gap: 21, line: line)
                + 2 * line * ((grid.across.map(\.count).max() ?? 0) / 12)
        case .circle(let series): 420 + line * Set(series.map(\.label)).count
        case .curves(let series), .points(let series):
            340 + line * max(3, Set(series.map(\.label)).count)
        case .histograms: 400
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
