extension GnuplotFigure {
    /// The data file: columns parted by tabs, a comment with their names, series parted by two
    /// empty lines.
    public func data(for figure: Figure) -> String {
        switch figure.content {
        case .bars(let bars):
            let rows = bars.map { bar in
                [
                    Self.number(bar.value), Self.bound(bar.lower),
                    Self.bound(bar.upper), bar.isReference ? "1" : "0",
                    Self.field(bar.label),
                ]
            }
            let block = Self.block(["value", "lower", "upper", "reference", "label"], rows)
            return block + Self.points(bars.map(\.points))
        case .curves(let series), .points(let series):
            let word = figure.xWord.map {
                "# x = \(Self.number($0.x)) stands for \(PlainText.oneLine($0.text))\n"
            }
            return (word ?? "") + Self.blocks(series)
        case .circle(let series):
            // Closed: the first point once more.
            return Self.blocks(
                series.map {
                    Figure.Series(label: $0.label, points: $0.points + $0.points.prefix(1))
                })
        case .histograms(let histograms):
            return histograms.map(Self.block).joined(separator: "\n\n")
        case .confusion(let labels, let counts):
            return Self.block(labels, counts)
        case .forest(let differences, band: _):
            let rows = differences.map { item in
                [
                    Self.number(item.value), Self.bound(item.lower), Self.bound(item.upper),
                    "\(item.tone.rawValue)", Self.field(item.label),
                ]
            }
            return Self.block(["difference", "lower", "upper", "tone", "label"], rows)
                + Self.points(differences.map(\.points))
        case .grid(let grid): return Self.block(grid)
        }
    }

    private static func blocks(_ series: [Figure.Series]) -> String {
        series.map { series in
            "# \(PlainText.oneLine(series.label))\n"
                + block(
                    ["x", "y", "lower", "upper"],
                    series.points.map { point in
                        [
                            number(point.x), number(point.y), bound(point.lower),
                            bound(point.upper),
                        ]
                    })
        }.joined(separator: "\n\n")
    }

    /// Dots of each row, parted from the rows themselves; nothing where there are none.
    private static func points(_ points: [[Double]]) -> String {
        let rows = points.enumerated().flatMap { row, values in
            values.map { [number($0), "\(row)"] }
        }
        return rows.isEmpty ? "" : "\n\n" + block(["value", "row"], rows)
    }

    private static func block(_ grid: Figure.Grid) -> String {
        let values = grid.values.flatMap { $0.compactMap { $0 } }.filter(\.isFinite)
        let (least, most) = (values.min() ?? 0, values.max() ?? 0)
        var rows: [[String]] = []
        for (down, line) in grid.values.enumerated() {
            for (across, value) in line.enumerated() {
                guard let value, value.isFinite else { continue }
                let share = most > least ? (value - least) / (most - least) : 0.5
                let mark = grid.isMarked[down][across] ? "• " : ""
                rows.append([
                    "\(across)", "\(down)", number(value),
                    number(grid.isDarkHigh ? share : 1 - share),
                    "\"\(mark)\(NumberText.fixed(value, decimals: grid.decimals))\"",
                ])
            }
        }
        return block(["across", "down", "value", "share", "text"], rows)
    }

    /// A bound of an interval; without one the whole interval is skipped.
    private static func bound(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "?" }
        return number(value)
    }

    private static func block(_ names: [String], _ rows: [[String]]) -> String {
        "# " + names.joined(separator: "\t") + "\n"
            + rows.map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    private static func block(_ histogram: Figure.Histogram) -> String {
        let rows = histogram.densities.enumerated().map { index, density in
            let width = histogram.edges[index + 1] - histogram.edges[index]
            let centre = (histogram.edges[index + 1] + histogram.edges[index]) / 2
            return [
                number(centre), number(width), number(density), number(histogram.counts[index]),
            ]
        }
        return "# \(PlainText.oneLine(histogram.label))\n"
            + block(["centre", "width", "density", "count"], rows)
    }

    private static func block(_ labels: [String], _ counts: [[Int]]) -> String {
        var rows: [[String]] = []
        for (row, line) in counts.enumerated() {
            let total = line.reduce(0, +)
            for (column, count) in line.enumerated() {
                let share = total > 0 ? Double(count) / Double(total) : 0
                rows.append(["\(column)", "\(row)", "\(count)", number(share)])
            }
        }
        return "# classes: \(labels.map(PlainText.oneLine).joined(separator: ", "))\n"
            + block(["predicted", "true", "count", "share"], rows)
    }

    /// A label in a data file, for readers: no tab and no quote may break its column.
    private static func field(_ text: String) -> String {
        "\"" + PlainText.oneLine(text).replacing("\"", with: "''").replacing("\\", with: "/") + "\""
    }
}
