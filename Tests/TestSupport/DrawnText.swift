import Foundation

/// A text of a drawing by gnuplot, and about where it is.
public struct DrawnText: CustomStringConvertible {
    public var text: String
    /// Units: points from the upper left corner.
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>

    public var description: String { "'\(text)' at \(x), \(y)" }

    /// Those of an SVG, with letters that are 0.5 of their height wide: less than most are.
    public static func all(in svg: String) -> [DrawnText] {
        let pattern =
            #/<g transform="translate\(([-0-9.]+),([-0-9.]+)\)( rotate\([-0-9.]+\))?"[^>]*font-size="([0-9.]+)"\s+text-anchor="(\w+)">\s*<text[^>]*>(.*?)<\/text>/#
        return svg.matches(of: pattern.dotMatchesNewlines()).compactMap { match in
            guard let x = Double(match.1), let y = Double(match.2), let size = Double(match.4)
            else {
                return nil
            }
            let text = String(match.6).replacing(#/<[^>]*>/#, with: "")
                .replacing(#/&#?\w+;/#, with: "x").trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { return nil }
            let width = 0.5 * size * Double(text.count)
            let start =
                switch match.5 {
                case "middle": -width / 2
                case "end": -width
                default: 0.0
                }
            if let turn = match.3 {
                // Upwards, as names of vertical axes are; what stands aslant is no box.
                guard turn.contains("(270") else { return nil }
                return DrawnText(
                    text: text, x: x - 0.7 * size...x,
                    y: y - start - width...y - start)
            }
            return DrawnText(
                text: text, x: x + start...x + start + width, y: y - 0.7 * size...y)
        }
    }

    public func meets(_ other: DrawnText) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }

    /// Pairs of texts that lie upon each other, and texts that the page cuts; empty for a good drawing.
    public static func faults(in svg: String) -> [String] {
        let texts = all(in: svg)
        let size = svg.firstMatch(of: #/viewBox="0 0 ([0-9.]+) ([0-9.]+)"/#)
        let width = size.flatMap { Double($0.1) } ?? .infinity
        let height = size.flatMap { Double($0.2) } ?? .infinity
        var faults = texts.filter {
            $0.x.lowerBound < 0 || $0.y.lowerBound < 0 || $0.x.upperBound > width
                || $0.y.upperBound > height
        }.map { "\($0) is cut" }
        for (index, text) in texts.enumerated() {
            for other in texts[(index + 1)...] where text.meets(other) {
                faults.append("\(text) meets \(other)")
            }
        }
        return faults
    }
}
