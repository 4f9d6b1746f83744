import Analysis
import Foundation

/// A cell's text in parts, so that each format can align and decorate them in its own way.
struct CellText {
    /// What follows the main number.
    enum Tail: Hashable {
        /// The deviation behind a plus-minus sign.
        case spread(String)
        /// An interval's bounds.
        case interval(String, String)
    }

    /// The number, or the whole text.
    var main: String
    var tail: Tail?
    /// Whether ``main`` may hold anything at all and must be escaped.
    var isFreeText = false
    var isBest: Bool
    var isSignificant: Bool
    /// The footnotes' letters, comma-separated: "a,c".
    var marks: String

    init(_ cell: Cell, column: Column) {
        isBest = cell.isBest
        isSignificant = cell.isSignificant
        marks = cell.footnotes.map(Table.mark).joined(separator: ",")
        switch cell.content {
        case .summary(let summary):
            main = NumberText.fixed(summary.mean, decimals: column.decimals)
            tail = summary.standardDeviation.map {
                .spread(NumberText.fixed($0, decimals: column.decimals))
            }
        case .number(let number):
            main = NumberText.fixed(number, decimals: column.decimals)
        case .count(let count):
            main = String(count)
        case .difference(let difference, adjustedPValue: _):
            (main, tail) = Self.effect(difference.summary.mean, difference.interval, column)
        case .effect(let summary, let interval):
            (main, tail) = Self.effect(summary.mean, interval, column)
        case .estimate(let value, let interval):
            main = NumberText.fixed(value, decimals: column.decimals)
            tail = interval.map {
                .interval(
                    NumberText.fixed($0.lower, decimals: column.decimals),
                    NumberText.fixed($0.upper, decimals: column.decimals))
            }
        case .text(let text):
            main = text
            isFreeText = true
        case .missing:
            main = "missing"
        case .notApplicable:
            main = "–"
        }
    }

    /// With signs, and with as many digits as show on which side of zero the bounds lie.
    private static func effect(
        _ value: Double, _ interval: ConfidenceInterval?, _ column: Column
    ) -> (main: String, tail: Tail?) {
        let decimals = NumberText.decimals(showing: interval, atLeast: column.decimals)
        return (
            NumberText.signed(value, decimals: decimals),
            interval.map {
                .interval(
                    NumberText.signed($0.lower, decimals: decimals),
                    NumberText.signed($0.upper, decimals: decimals))
            }
        )
    }
}

/// Numbers as text, the same on every machine and in every language.
package enum NumberText {
    /// More decimals than these are an exponent: "1.20e-12".
    static let mostDecimals = 9
    /// From here on the digits of a double end before the point: "1.20e+150".
    private static let exponents = 1e15

    /// A fixed number of decimals; never "-0.0". Numbers that these cannot show have exponents.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        if abs(value) >= exponents || decimals > mostDecimals && value != 0 {
            return String(format: "%.2e", value)
        }
        let decimals = min(decimals, mostDecimals)
        let text = String(format: "%.\(max(0, min(17, decimals)))f", value)
        let isZero = text.allSatisfy { $0 == "-" || $0 == "." || $0 == "0" }
        return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
    }

    /// Enough decimals that no bound of an interval is printed as zero that is none.
    static func decimals(showing interval: ConfidenceInterval?, atLeast decimals: Int) -> Int {
        guard let interval else { return decimals }
        let bounds = [interval.lower, interval.upper].filter(\.isFinite)
        let largest = bounds.map(abs).max() ?? 0
        return self.decimals(
            // Beside a large one a tiny one is zero, with nine decimals of it.
            showing: bounds.filter { abs($0) > 5e-10 * min(1, largest) }, atLeast: decimals)
    }

    /// Enough that one of these figures is not printed as zero that is none.
    package static func decimals(showingOneOf values: [Double], atLeast decimals: Int) -> Int {
        guard let largest = values.filter(\.isFinite).map(abs).max(), largest > 0 else {
            return decimals
        }
        let shown = self.decimals(showing: [largest], atLeast: decimals)
        // Its first digit alone would be little.
        return shown == decimals ? shown : min(mostDecimals + 1, shown + 1)
    }

    private static func decimals(showing bounds: [Double], atLeast decimals: Int) -> Int {
        var decimals = decimals
        while decimals <= mostDecimals,
            bounds.contains(where: { Double(fixed($0, decimals: decimals)) == 0 })
        {
            decimals += 1
        }
        return decimals
    }

    /// As ``fixed(_:decimals:)``, with a plus sign before positive numbers.
    static func signed(_ value: Double, decimals: Int) -> String {
        let text = fixed(value, decimals: decimals)
        let isZero = text.allSatisfy { $0 == "." || $0 == "0" }
        return text.hasPrefix("-") || isZero || !value.isFinite ? text : "+" + text
    }
}

extension NumberText {
    /// Two significant digits, for p-values: "0.25", "0.0039", "1".
    static func short(_ value: Double, digits: Int = 2) -> String {
        String(format: "%.\(digits)g", value)
    }

    /// Thousands parted by commas: "9,999".
    static func grouped(_ value: Int) -> String {
        var digits = Array(String(value.magnitude))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
        return (value < 0 ? "-" : "") + String(digits)
    }
}
