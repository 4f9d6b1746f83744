import Platform
package import Reports

/// What a reproduction came to, a line a row.
package enum ReproductionTable {
    /// Differences that are named one by one.
    private static let most = 20

    package static func make(_ report: ReproductionReport, _ manifest: BundleManifest) -> Table {
        let kinds: [(Agreement, String)] = [
            (.equal, "equal"), (.withinNoise, "within noise"), (.different, "different"),
            (.undecided, "too few seeds to say"), (.missing, "missing"),
        ].filter { kind in kind.0 != .undecided && kind.0 != .missing || report.count(kind.0) > 0 }
        var table = Table(
            title: "\(manifest.sweep), run again", identifier: "reproduction",
            labelHeader: "Configuration")
        table.columns =
            [Column(key: "figures", header: "figures", decimals: 0)]
            + kinds.map { Column(key: "\($0.0)", header: $0.1, decimals: 0) }
        table.rows = report.rows.map { row in
            let counts = kinds.map { report.count($0.0, ofRow: row) }
            return Row(
                label: row,
                cells: ([counts.reduce(0, +)] + counts).map { Cell(.count($0)) })
        }
        let odd = report.lines.filter { ![.equal, .withinNoise].contains($0.agreement) }
        table.notes = [verdict(report)]
        table.notes += odd.prefix(most).map { line in
            "\(line.row), seed \(line.seed): \(line.metric) was \(line.original), "
                + (line.value.map { "is \($0)" } ?? "was not computed")
        }
        if odd.count > most { table.notes.append("and \(odd.count - most) more") }
        if let first = report.withoutFigures.first {
            table.notes.append(
                "\(Count.text(report.withoutFigures.count, "finished trial")) of the bundle without any figure, such as "
                    + "\(first.row), seed \(first.seed): what was measured there is not in it")
        }
        return table
    }

    private static func verdict(_ report: ReproductionReport) -> String {
        if report.lines.isEmpty { return "Nothing could be compared." }
        if !report.withoutFigures.isEmpty {
            return "Not reproduced as a whole: the bundle lacks figures."
        }
        if report.count(.equal) == report.lines.count {
            return
                "Reproduced: \(report.lines.count == 1 ? "the one figure is" : "all \(report.lines.count) figures are") equal to the last bit."
        }
        return report.holds
            ? "Reproduced within the noise of seeds: \(report.count(.equal)) of \(Count.text(report.lines.count, "figure")) are "
                + "equal to the last bit, the others lie where one more seed was to be expected (95 %)."
            : "Not reproduced: \(report.lines.count - report.count(.equal) - report.count(.withinNoise)) of "
                + "\(Count.text(report.lines.count, "figure"))."
    }
}
