import Studies
import Sweeps

/// The complete settings of every row of a plan, as YAML that reads back.
struct ResolvedPlan {
    private let session: SweepSession

    init(_ session: SweepSession) { self.session = session }

    var text: String {
        let plan = session.plan
        let schema = session.study.schema
        let keys = schema.trial.map(\.key)
        let rows = plan.rows.map(\.settings)
        let shared = keys.filter { key in rows.allSatisfy { $0[key] == rows[0][key] } }
        var text = "data:\n" + lines(schema.data.map(\.key), plan.data)
        text += "base: # of all rows\n" + lines(shared, rows[0])
        let varying = keys.filter { !shared.contains($0) }
        text += "rows:\n"
        for (row, settings) in zip(plan.rows, rows) {
            text += "- # \(row.index + 1). \(row.label)\(row.isBaseline ? " (baseline)" : "")\n"
            text += lines(varying, settings)
        }
        for row in plan.collapsed { text += "# \(row.what) is \(row.into): \(row.why)\n" }
        for row in plan.excluded { text += "# left out: \(row.what), by the rule \(row.rule)\n" }
        return text
    }

    private func lines(_ keys: [String], _ settings: [String: SettingValue]) -> String {
        keys.compactMap { key in
            settings[key].map { "  \(key): \($0 == .null ? "~" : $0.canonicalJSON)\n" }
        }.joined()
    }
}
