import Digests
import Foundation
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// A sweep as event files: a run a trial with its curves, its figures and its hyperparameters; the report's
/// figures as images; and what the page of hyperparameters needs to know of the sweep.
enum TensorBoardExport {
    /// - Parameter figures: drawings, where they are wanted: of what has ended, since they take long.
    static func write(
        _ sweep: ExportedSweep, to folder: ExportFolder, figures: [Figure]
    ) throws -> ExportSummary {
        var summary = ExportSummary()
        _ = try experiment(sweep).write(to: folder.url)
        let names = runNames(sweep)
        var leftOut: [String] = []
        for (trial, name) in zip(sweep.trials, names) {
            guard trial.hasEnded || trial.record.status == .running else { continue }
            let events = log(of: trial, in: sweep)
            if try events.write(to: folder.url.appending(path: name)) { summary.written += 1 }
            leftOut += events.leftOut.map { "\($0.tag) of \(name), \($0.value)" }
        }
        if let first = leftOut.first {
            summary.remarks.append(
                "\(Count.text(leftOut.count, "value is", "values are")) left out, such as \(first): TensorBoard "
                    + "keeps single precision, from 1.4e-45 to 3.4e38; '--to csv' has all digits")
        }
        if !figures.isEmpty { summary.remarks += try write(figures, of: sweep, to: folder.url) }
        return summary
    }

    /// Such as `2 ChannelSwap/seed 0`: in the order of the table.
    static func runNames(_ sweep: ExportedSweep) -> [String] {
        let width = String((sweep.trials.map(\.record.row).max() ?? 0) + 1).count
        return sweep.trials.map { trial in
            let number = String(trial.record.row + 1)
            return String(repeating: "0", count: width - number.count) + number + " "
                + ExportFolder.name(trial.record.label) + "/seed \(trial.record.seed)"
        }
    }

    // MARK: A trial

    private static func log(
        of trial: ExportedSweep.Trial, in sweep: ExportedSweep
    ) -> EventLog {
        let start = trial.started ?? 0
        var log = EventLog(time: start)
        log.addHyperparameters(
            "session_start_info", 3, time: start,
            ProtocolBuffer {
                for (parameter, value) in zip(sweep.parameters, trial.parameters) {
                    $0.add(1, entry(parameter.name, value))
                }
                $0.add(1, entry("seed", .integer(trial.record.seed)))
                // Seeds of a row are one group: their figures are averaged.
                $0.add(4, text: "\(trial.record.row + 1) \(trial.record.label)")
                $0.add(5, double: start)
            })
        for stage in trial.stages { add(stage, to: &log, start: start) }
        guard trial.hasEnded else { return log }
        let end = trial.ended ?? start
        for metric in sweep.metrics {
            guard let value = trial.record.metrics[metric.key] else { continue }
            log.addScalar("figures/\(metric.name)", value, step: 0, time: end)
        }
        log.addHyperparameters(
            "session_end_info", 4, time: end,
            ProtocolBuffer {
                $0.add(1, integer: trial.record.status == .finished ? 1 : 2)
                $0.add(2, double: end)
            })
        return log
    }

    private static func add(
        _ stage: ExportedSweep.Stage, to log: inout EventLog, start: Double
    ) {
        let last = stage.curves.compactMap { $0.points.last?.step }.max() ?? 0
        let (begin, seconds) = (stage.outline.started ?? start, stage.outline.seconds ?? 0)
        // A reader expects steps that grow: points of all curves by step.
        let points = stage.curves.flatMap { name, points in
            points.map { (tag: "\(stage.outline.kind)/\(name)", point: $0) }
        }.sorted { ($0.point.step, $0.tag) < ($1.point.step, $1.tag) }
        for (tag, point) in points {
            // The store keeps no time of a point: steps are taken to be equally long.
            let time = begin + (last > 0 ? seconds * Double(point.step) / Double(last) : 0)
            log.addScalar(tag, point.value, step: point.step, time: time)
        }
    }

    // MARK: The sweep

    private static func experiment(_ sweep: ExportedSweep) -> EventLog {
        let start = sweep.trials.compactMap(\.started).min() ?? 0
        // Its own time must not change from export to export.
        var log = EventLog(time: start)
        log.addHyperparameters(
            "experiment", 2, time: start,
            ProtocolBuffer { experiment in
                experiment.add(1, text: sweep.record.facts["description"] ?? "")
                experiment.add(6, text: sweep.name)
                for (index, parameter) in sweep.parameters.enumerated() {
                    let values = sweep.trials.map { $0.parameters[index] }
                    experiment.add(4, info(parameter.name, values))
                }
                experiment.add(
                    4, info("seed", sweep.trials.map { .integer($0.record.seed) }))
                for metric in sweep.metrics where metric.isObjective {
                    experiment.add(
                        5,
                        ProtocolBuffer {
                            $0.add(1, ProtocolBuffer { $0.add(2, text: "figures/\(metric.name)") })
                            $0.add(3, text: metric.title)
                        })
                }
            })
        return log
    }

    private static func info(_ name: String, _ values: [SettingValue]) -> ProtocolBuffer {
        var seen: Set<SettingValue> = []
        let distinct = values.filter { seen.insert($0).inserted }
        let isNumber = distinct.allSatisfy { $0.number != nil }
        return ProtocolBuffer {
            $0.add(1, text: name)
            $0.add(4, integer: isNumber ? 3 : 1)
            $0.add(
                5,
                ProtocolBuffer {
                    for value in distinct { $0.add(1, isNumber ? self.value(value) : words(value)) }
                })
        }
    }

    /// An entry of a map from texts to `google.protobuf.Value`.
    private static func entry(_ key: String, _ value: SettingValue) -> ProtocolBuffer {
        ProtocolBuffer {
            $0.add(1, text: key)
            $0.add(2, self.value(value))
        }
    }

    private static func value(_ value: SettingValue) -> ProtocolBuffer {
        guard let number = value.number else { return words(value) }
        return ProtocolBuffer { $0.add(2, double: number) }
    }

    private static func words(_ value: SettingValue) -> ProtocolBuffer {
        ProtocolBuffer { $0.add(3, text: value.description) }
    }

    // MARK: Figures

    private static func write(
        _ figures: [Figure], of sweep: ExportedSweep, to folder: URL
    ) throws -> [String] {
        let workplace = FileManager.default.temporaryDirectory
            .appending(path: "ablate-figures-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: workplace) }
        let time = sweep.trials.compactMap(\.ended).max() ?? 0
        var log = EventLog(time: time)
        var remarks: [String] = []
        for figure in figures {
            do {
                let files = try FigureWriter.write(figure, to: workplace, formats: [.png])
                guard let file = files.last else { continue }
                log.addImage(figure.identifier, try Data(contentsOf: file), time: time)
            } catch let error as ReportsError {
                remarks.append("the figure '\(figure.title)' is left out: \(error)")
                if case .gnuplotMissing = error { break }
            }
        }
        _ = try log.write(to: folder.appending(path: "figures"))
        return remarks
    }
}
