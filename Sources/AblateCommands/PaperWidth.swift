import ArgumentParser
import Reports

/// A width on paper: "85mm", "8.5cm", "3.25in".
struct PaperWidth: ExpressibleByArgument, CustomStringConvertible {
    /// Of a paper's usual column.
    static let column = PaperWidth(millimetres: GnuplotFigure.usualColumnWidth)

    var millimetres: Double

    private init(millimetres: Double) { self.millimetres = millimetres }

    /// nil for another text, and for what is no width of a figure.
    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.name) }),
            let number = Double(argument.dropLast(unit.name.count)), number.isFinite
        else { return nil }
        let millimetres = number * unit.millimetres
        guard GnuplotFigure.columnWidths.contains(millimetres) else { return nil }
        self.init(millimetres: millimetres)
    }

    /// Points are TeX's, 72.27 to an inch.
    private static let units: [(name: String, millimetres: Double)] = [
        ("mm", 1), ("cm", 10), ("in", 25.4), ("pt", 25.4 / 72.27),
    ]

    var description: String { "\(millimetres)mm" }
    var defaultValueDescription: String { "85mm" }
}
