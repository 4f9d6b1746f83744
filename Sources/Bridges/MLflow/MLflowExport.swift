import Digests
import Foundation
import Reports
import ResultsStore
import Sweeps

/// A sweep as an experiment of MLflow: the bodies of the requests of its REST API 2.0, a file a trial, and the
/// script that posts them. This program itself stays off the network.
///
/// Source: https://mlflow.org/docs/latest/api_reference/rest-api.html
enum MLflowExport {
    static func write(_ sweep: ExportedSweep, to folder: ExportFolder) throws -> ExportSummary {
        var summary = ExportSummary()
        try folder.write(
            JSONText.object([
                ("name", .text(sweep.name)),
                (
                    "tags",
                    tags([("mlflow.note.content", sweep.record.facts["description"] ?? "")])
                ),
            ]).line() + "\n", to: "experiment.json")
        for (index, trial) in sweep.trials.enumerated()
        where trial.hasEnded || trial.record.status == .running {
            let number = String(index)
            let name = String(repeating: "0", count: max(0, 6 - number.count)) + number
            if try folder.write(text(of: trial, in: sweep), to: "runs/\(name).json") {
                summary.written += 1
            }
        }
        try folder.write(
            String(decoding: PackageResources.post_py, as: UTF8.self), to: "post.py")
        return summary
    }

    private static func text(of trial: ExportedSweep.Trial, in sweep: ExportedSweep) -> String {
        let record = trial.record
        let start = milliseconds(trial.started ?? trial.ended)
        let create = JSONText.object([
            ("run_name", .text("\(record.label), seed \(record.seed)")), ("start_time", start),
            ("tags", tags([("ablate.trial", record.digest.description)])),
        ])
        let status =
            switch record.status {
            case .finished: "FINISHED"
            case .failed, .blocked: "FAILED"
            case .pending, .running: "RUNNING"
            }
        var update: [(String, JSONText)] = [("status", .text(status))]
        if trial.hasEnded { update.append(("end_time", milliseconds(trial.ended))) }
        let body = JSONText.object([
            ("create", create), ("batches", .array(batches(of: trial, in: sweep))),
            ("update", .object(update)),
        ]).line(notFinite: spelling)
        var hasher = DigestHasher()
        hasher.update(body)
        return "{" + JSONText.quoted("trial") + ":" + JSONText.quoted(record.digest.description)
            + ",\"content\":" + JSONText.quoted("\(hasher.finalize())") + ","
            + body.dropFirst() + "\n"
    }

    /// The server takes a thousand values at once.
    private static func batches(
        of trial: ExportedSweep.Trial, in sweep: ExportedSweep
    ) -> [JSONText] {
        var metrics = sweep.metrics.compactMap { metric in
            trial.record.metrics[metric.key].map {
                self.metric(metric.name, $0, step: 0, time: trial.ended)
            }
        }
        for stage in trial.stages where stage.outline.status == .finished {
            let last = stage.curves.compactMap { $0.points.last?.step }.max() ?? 0
            for (name, points) in stage.curves {
                metrics += points.map { point in
                    let share = last > 0 ? Double(point.step) / Double(last) : 1
                    let time = stage.outline.started.map {
                        $0 + share * (stage.outline.seconds ?? 0)
                    }
                    return metric(
                        "\(stage.outline.kind)/\(name)", point.value, step: point.step, time: time)
                }
            }
        }
        let parameters =
            zip(sweep.parameters, trial.parameters).map { ($0.name, $1.description) }
            + [("seed", "\(trial.record.seed)")]
        let record = trial.record
        var texts = [
            ("ablate.label", record.label), ("ablate.row", "\(record.row)"),
            ("ablate.sweep", sweep.name), ("ablate.build", record.builds.joined(separator: "; ")),
        ]
        if let reason = record.reason { texts.append(("ablate.reason", reason)) }
        let chunks = stride(from: 0, to: metrics.count, by: 900).map {
            Array(metrics[$0..<min($0 + 900, metrics.count)])
        }
        return [
            .object([
                ("params", .array(parameters.map { pair(key($0.0), String($0.1.prefix(6000))) })),
                ("tags", tags(texts)),
            ])
        ] + chunks.map { .object([("metrics", .array($0))]) }
    }

    private static func metric(
        _ name: String, _ value: Double, step: Int, time: Double?
    ) -> JSONText {
        .object([
            ("key", .text(key(name))), ("value", .number(value)), ("timestamp", milliseconds(time)),
            ("step", .integer(step)),
        ])
    }

    private static func tags(_ texts: [(String, String)]) -> JSONText {
        .array(texts.map { pair($0.0, String($0.1.prefix(5000))) })
    }

    private static func pair(_ key: String, _ value: String) -> JSONText {
        .object([("key", .text(key)), ("value", .text(value))])
    }

    /// Names have letters, digits and _ - . : / and spaces there.
    private static func key(_ name: String) -> String {
        String(
            name.prefix(250).map { character in
                let isGood =
                    character.isASCII && (character.isLetter || character.isNumber)
                    || "_-.:/ ".contains(character)
                return isGood ? character : "_"
            })
    }

    private static func milliseconds(_ seconds: Double?) -> JSONText {
        .integer(Int(((seconds ?? 0) * 1000).rounded()))
    }

    /// As protocol buffers spell numbers in JSON that are not finite.
    private static func spelling(_ value: Double) -> String {
        JSONText.quoted(JSONText.pythonSpelling(value))
    }
}
