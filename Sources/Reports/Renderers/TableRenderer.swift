/// A format of tables.
public protocol TableRenderer: Sendable {
    /// Writes the table with a line feed at its end.
    func render(_ table: Table, to stream: inout some TextOutputStream)
}

extension TableRenderer {
    /// The table as one text.
    public func text(of table: Table) -> String {
        var text = ""
        render(table, to: &text)
        return text
    }
}

/// The remark that explains the marks of best and significant cells; nil where there are none.
func legend(of table: Table, best: String) -> String? {
    var parts: [String] = []
    if table.hasBest {
        // Where there are references alone, they compete.
        let apart =
            table.rows.contains { !$0.isReference }
            && table.rows.contains { $0.isReference && !$0.cells.contains { $0.isBest } }
        parts.append(
            "\(best): may be the best of its column" + (apart ? ", references apart" : "")
                + ": no other row is shown to beat it (95 %)"
                + (table.hasBestBehindOthers
                    ? "; rows are compared seed by seed, so that one may be beaten whose mean is better than a "
                        + "marked row's" : ""))
    }
    if table.rows.contains(where: { $0.cells.contains { $0.isSignificant } }) {
        let baseline = table.baselines.count > 1 ? "its baseline" : "the baseline"
        parts.append("*: p ≤ 0.05 against \(baseline) after correction")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ") + "."
}
