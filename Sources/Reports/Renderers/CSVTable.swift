import Analysis

/// Comma-separated values (RFC 4180): mean, standard deviation and n of a metric in columns of
/// their own, with all digits; what the rows differ in, a column a parameter.
///
/// A spreadsheet takes text that begins with `=`, `+`, `-` or `@` for a formula, quoted or not
/// (https://owasp.org/www-community/attacks/CSV_Injection). A hyphen there becomes the minus sign that
/// print has (U+2212), the others get an apostrophe before them. No label of a sweep's row begins
/// with any of them, so that other programs read labels as every other format has them.
public struct CSVTable: TableRenderer {
    public init() {}

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        let kinds = table.columns.indices.map { Kind(of: table.rows.map(\.cells), at: $0) }
        let hasBaselines = !table.baselines.isEmpty
        let own =
            ["row", "kind", "remarks"] + (hasBaselines ? ["versus"] : [])
            + zip(table.columns, kinds).flatMap { $1.headers($0.key) }
        write(
            ["row", "kind"] + Self.parameters(table.parameters, beside: own)
                + own.dropFirst(3).map(Self.field) + ["remarks"], to: &stream)
        for row in table.rows {
            let kind = row.isReference ? "reference" : row.isBaseline ? "baseline" : "configuration"
            let values = zip(row.cells, kinds).flatMap { $1.values($0.content) }
            let footnotes = (row.footnotes + row.cells.flatMap(\.footnotes)).reduce(into: [Int]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            let remarks = ([row.origin].compactMap { $0 } + footnotes.map { table.footnotes[$0] })
                .joined(separator: "; ")
            let versus = hasBaselines ? [Self.field(row.versus ?? "")] : []
            write(
                [Self.field(row.label), kind]
                    + table.parameters.map { Self.field(row.parameters[$0] ?? "") } + versus
                    + values + [Self.field(remarks)],
                to: &stream)
        }
    }

    /// Parameters as columns are called: a program reads columns by name, so that one which is called as another
    /// column is gets a word before it.
    private static func parameters(_ names: [String], beside others: [String]) -> [String] {
        var taken = Set(others).union(names)
        return names.map { name in
            guard others.contains(name) else { return field(name) }
            var free = "setting_" + name
            while !taken.insert(free).inserted { free = "setting_" + free }
            return field(free)
        }
    }

    private func write(_ fields: [String], to stream: inout some TextOutputStream) {
        stream.write(fields.joined(separator: ",") + "\r\n")
    }

    /// A free text as a field: harmless to spreadsheets, quoted where it must be.
    package static func field(_ text: String) -> String {
        // Line breaks would be legal within quotes, but few programs read them.
        var text = PlainText.oneLine(text)
        let start = text.unicodeScalars.first { $0 != " " }
        if start == "-", let hyphen = text.firstIndex(of: "-") {
            text.replaceSubrange(hyphen...hyphen, with: "\u{2212}")
        } else if let start, "=+@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(start) {
            text = "'" + text
        }
        guard
            text.contains(where: { $0 == "," || $0 == "\"" }) || text.hasPrefix(" ")
                || text.hasSuffix(" ")
        else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// What the fields of a column are, from its cells.
    private enum Kind {
        case summary
        case difference
        case effect
        case estimate
        case plain

        init(of rows: [[Cell]], at index: Int) {
            self = .plain
            for cells in rows {
                switch cells[index].content {
                case .summary: self = .summary
                case .difference: self = .difference
                case .effect: self = .effect
                case .estimate: self = .estimate
                default: continue
                }
                return
            }
        }

        /// Free texts, not yet fields.
        func headers(_ key: String) -> [String] {
            switch self {
            case .summary: ["\(key)_mean", "\(key)_sd", "\(key)_n"]
            case .difference:
                [
                    "\(key)", "\(key)_lower", "\(key)_upper", "\(key)_p", "\(key)_p_adjusted",
                    "\(key)_n",
                ]
            case .effect: [key, "\(key)_lower", "\(key)_upper", "\(key)_n"]
            case .estimate: [key, "\(key)_lower", "\(key)_upper"]
            case .plain: [key]
            }
        }

        func values(_ content: Cell.Content) -> [String] {
            switch (self, content) {
            case (.summary, .summary(let summary)):
                return [
                    "\(summary.mean)", summary.standardDeviation.map { "\($0)" } ?? "",
                    "\(summary.count)",
                ]
            case (.summary, .missing): return ["", "", "0"]
            case (.difference, .difference(let difference, adjustedPValue: let adjusted)):
                return [
                    "\(difference.summary.mean)", difference.interval.map { "\($0.lower)" } ?? "",
                    difference.interval.map { "\($0.upper)" } ?? "", "\(difference.pValue)",
                    adjusted.map { "\($0)" } ?? "", "\(difference.summary.count)",
                ]
            case (.effect, .effect(let summary, let interval)):
                return [
                    "\(summary.mean)", interval.map { "\($0.lower)" } ?? "",
                    interval.map { "\($0.upper)" } ?? "", "\(summary.count)",
                ]
            case (.estimate, .estimate(let value, let interval)):
                return [
                    "\(value)", interval.map { "\($0.lower)" } ?? "",
                    interval.map { "\($0.upper)" } ?? "",
                ]
            case (.plain, .number(let number)): return [number.isFinite ? "\(number)" : ""]
            case (.plain, .count(let count)): return ["\(count)"]
            case (.plain, .text(let text)): return [CSVTable.field(text)]
            case (.summary, _): return ["", "", ""]
            case (.difference, _): return ["", "", "", "", "", ""]
            case (.effect, _): return ["", "", "", ""]
            case (.estimate, _): return ["", "", ""]
            case (.plain, _): return [""]
            }
        }
    }
}
