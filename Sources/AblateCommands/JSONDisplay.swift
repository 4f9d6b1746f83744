import Analysis
import Digests
import Foundation
package import Orchestration
package import Reports
import ResultsStore

/// A JSON object a line for each event: for `--log json` and the programs that read it, which
/// `docs/json-log.md` promises the fields to.
package struct JSONDisplay: RunDisplay {
    private let write: @Sendable (String) -> Void

    package init(_ write: @escaping @Sendable (String) -> Void = { Console.write($0) }) {
        self.write = write
    }

    package func adopt(_ timeLeft: TimeLeft, prediction: String?) {}

    private struct Line: Encodable {
        var event: String
        var stage: String?
        var kind: String?
        var title: String?
        var worker: Int?
        var attempt: Int?
        var step: Int?
        var steps: Int?
        var detail: String?
        var rate: Double?
        var seconds: Double?
        var threadSeconds: Double?
        var reason: String?
        var metrics: [String: Double]?
        var stages: Int?
        var trials: Int?
        var finished: Int?
        var failed: Int?
        var row: String?
        var baseline: String?
        var metric: String?
        var verdict: String?
        var difference: Double?
        var lower: Double?
        var upper: Double?
        var pairs: Int?
        var needed: Int?

        init(_ event: String, _ stage: Stage? = nil, worker: Int? = nil) {
            self.event = event
            self.stage = stage?.id.description
            kind = stage?.kind
            title = stage?.title
            self.worker = worker
        }
    }

    package func event(_ event: RunEvent) { write(Self.line(event)) }

    /// What may be said of a row, as `--until-settled` finds it: `verdict`, or `undecided`.
    package func verdict(_ item: ComparisonVerdicts.Item) {
        var line = Line(item.verdict.isDecided ? "verdict" : "undecided")
        (line.row, line.baseline, line.metric) = (item.row, item.baseline, item.metric.key)
        line.verdict = VerdictText.words(item.verdict, item.metric)
        line.difference = item.difference?.summary.mean
        (line.lower, line.upper) = (item.interval?.lower, item.interval?.upper)
        line.pairs = item.pairs
        if !item.verdict.isDecided { line.needed = item.pairsNeeded() }
        write(line)
    }

    private func write(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Not the keys of metrics, which are no properties.
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(line) else { return }
        // One write a line, so that lines of several workers do not mix.
        write(String(decoding: data, as: UTF8.self) + "\n")
    }

    private static func line(_ event: RunEvent) -> Line {
        var line: Line
        switch event {
        case .planned(let overview):
            line = Line("planned")
            line.stages = overview.stagesToRun + overview.stagesToRebuild
            line.trials = overview.trials
            line.finished = overview.trialsFinished
        case .started(let stage, let worker, let attempt, _):
            line = Line("started", stage, worker: worker)
            line.attempt = attempt
        case .progress(let stage, let worker, let progress, _):
            line = Line("progress", stage, worker: worker)
            line.step = progress.step
            line.steps = progress.steps
            line.detail = progress.detail
            line.rate = progress.rate
        case .log(let stage, let worker, let text):
            line = Line("log", stage, worker: worker)
            line.detail = text
        case .finished(let stage, let worker, let seconds, let result, let threadSeconds):
            line = Line("finished", stage, worker: worker)
            line.seconds = seconds
            line.threadSeconds = threadSeconds ?? seconds
            line.metrics = result.metrics
        case .retrying(let stage, let worker, let attempt, let reason):
            line = Line("retrying", stage, worker: worker)
            line.attempt = attempt
            line.reason = reason
        case .rebuilding(let stage):
            line = Line("rebuilding", stage)
        case .failed(let stage, let worker, let reason, _):
            line = Line("failed", stage, worker: worker)
            line.reason = reason
        case .postponed(let stage, let worker, let reason, _):
            line = Line("postponed", stage, worker: worker)
            line.reason = reason
        case .stopped(let stage, let worker):
            line = Line("stopped", stage, worker: worker)
        case .takenElsewhere(let stage):
            line = Line("taken_elsewhere", stage)
        case .finishedElsewhere(let stage):
            line = Line("finished_elsewhere", stage)
        case .heldUp(let process):
            line = Line("held_up")
            line.detail = "process \(process) is stopped"
        case .failedElsewhere(let stage, let reason):
            line = Line("failed_elsewhere", stage)
            line.reason = reason
        case .tookOver(let stages):
            line = Line("took_over")
            line.stages = stages
        case .trialFinished(let trial, let finished, let count):
            line = Line("trial_finished")
            line.stage = trial.id.description
            line.finished = finished
            line.trials = count
        case .cancelling:
            line = Line("cancelling")
        case .ended(let summary):
            line = Line("ended")
            line.seconds = summary.seconds
            line.trials = summary.trials
            line.finished = summary.trialsFinished
            line.failed = summary.trialsFailed
        }
        return line
    }
}
