import Digests
import Files
import Foundation
import ResultsStore
import Sweeps

/// A sweep as tables of comma-separated values: `trials.csv`, a line a trial, and `curves.csv`, a line a point.
enum FlatTables {
    static func write(_ sweep: ExportedSweep, to folder: ExportFolder) throws -> ExportSummary {
        var summary = ExportSummary()
        let earlier = rows(
            of: (try? String(contentsOf: folder.url.appending(path: "trials.csv"), encoding: .utf8))
                ?? "")
        let trials = trials(of: sweep)
        try folder.write(trials, to: "trials.csv")
        try folder.write(curves(of: sweep), to: "curves.csv")
        summary.written = rows(of: trials).subtracting(earlier).count
        return summary
    }

    /// A field may have line ends in it.
    private static func rows(of text: String) -> Set<[String]> {
        Set((try? CommaSeparatedTable(parsing: text))?.rows.map(\.fields) ?? [])
    }

    /// Times are seconds since 1970; what is not there is an empty field.
    static func trials(of sweep: ExportedSweep) -> String {
        let header =
            ["sweep", "trial", "row", "label", "seed", "status", "reason", "digest"]
            + sweep.parameters.map(\.name) + sweep.metrics.map(\.name)
            + ["started", "seconds", "peak_memory_bytes", "build"]
        var text = line(header)
        for (index, trial) in sweep.trials.enumerated() {
            let record = trial.record
            text += line(
                [
                    sweep.name, "\(index)", "\(record.row)", record.label, "\(record.seed)",
                    record.status.rawValue, record.reason ?? "", record.digest.description,
                ] + trial.parameters.map(Self.text)
                    + sweep.metrics.map { record.metrics[$0.key].map { "\($0)" } ?? "" }
                    + [
                        trial.started.map { "\($0)" } ?? "", "\(record.seconds)",
                        record.peakMemoryBytes > 0 ? "\(record.peakMemoryBytes)" : "",
                        record.builds.joined(separator: "; "),
                    ])
        }
        return text
    }

    static func curves(of sweep: ExportedSweep) -> String {
        var text = line(["digest", "label", "seed", "stage", "curve", "step", "value"])
        for trial in sweep.trials {
            for stage in trial.stages {
                for (name, points) in stage.curves {
                    let start = [
                        trial.record.digest.description, trial.record.label,
                        "\(trial.record.seed)", stage.outline.kind, name,
                    ].map(CommaSeparatedTable.field).joined(separator: ",")
                    for point in points { text += "\(start),\(point.step),\(point.value)\n" }
                }
            }
        }
        return text
    }

    private static func line(_ fields: [String]) -> String {
        fields.map(CommaSeparatedTable.field).joined(separator: ",") + "\n"
    }

    /// Numbers and texts as they are, null as nothing, lists and maps as JSON.
    private static func text(_ value: SettingValue) -> String {
        switch value {
        case .null: ""
        case .text(let text): text
        default: value.canonicalJSON
        }
    }
}
