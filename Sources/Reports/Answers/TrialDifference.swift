/// Two trials, for `diff`: the settings and metrics that differ.
public enum TrialDifference {
    /// Names and values as text; settings in the order of their names, then metrics.
    public static func make(
        _ first: ReportDocument.Trial, _ second: ReportDocument.Trial
    ) -> Table {
        var table = Table(
            title: "\(name(first)) and \(name(second))", identifier: "diff", labelHeader: "",
            columns: [
                Column(key: "first", header: name(first), alignment: .right),
                Column(key: "second", header: name(second), alignment: .right),
            ])
        add(first.settings, second.settings, group: "settings", to: &table)
        add(first.metrics, second.metrics, group: "metrics", to: &table)
        if table.rows.contains(where: { $0.group == "metrics" }) {
            table.notes.append(
                "Two trials, one seed of each: how far such figures scatter over seeds they do not show."
            )
        }
        if table.rows.isEmpty { table.notes.append("The two do not differ.") }
        return table
    }

    private static func name(_ trial: ReportDocument.Trial) -> String {
        "\(trial.label), seed \(trial.seed)"
    }

    private static func add(
        _ first: [ReportDocument.Fact], _ second: [ReportDocument.Fact], group: String,
        to table: inout Table
    ) {
        let ours = Dictionary(first.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let theirs = Dictionary(second.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        for name in Set(ours.keys).union(theirs.keys).sorted() where ours[name] != theirs[name] {
            let cells = [ours[name], theirs[name]].map { value in
                value.map { Cell(.text($0)) } ?? Cell(.notApplicable)
            }
            table.rows.append(Row(label: name, cells: cells, group: group))
        }
    }
}
