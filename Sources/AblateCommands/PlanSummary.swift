import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// What a sweep will do, in a few lines.
struct PlanSummary {
    private let session: SweepSession
    private let forecast: RunForecast
    private let workers: Int

    /// How many rows are listed one by one.
    private static let listedAtMost = 40

    init(_ session: SweepSession, forecast: RunForecast, workers: Int) {
        self.session = session
        self.forecast = forecast
        self.workers = workers
    }

    var text: String {
        (heading + rows + remarks + collapsed + stages + time).map { $0 + "\n" }.joined()
    }

    private var heading: [String] {
        let plan = session.plan
        let summary = session.summary
        return [
            "\(session.sweepName): \(summary.isEmpty ? "no description" : summary)",
            "data: "
                + session.prepared.overview.joined(separator: "\n"),
            "\(Count.text(plan.trials.count, "trial")): \(Count.text(plan.rows.count, "configuration")) x "
                + "\(Count.text(plan.seeds.count, "seed")) (\(seeds(plan.seeds)))",
        ]
    }

    private func seeds(_ seeds: [Int]) -> String {
        let listed = seeds.prefix(Self.listedAtMost).map(String.init).joined(separator: ", ")
        return seeds.count > Self.listedAtMost ? listed + ", ..." : listed
    }

    private var rows: [String] {
        var lines = session.plan.rows.prefix(Self.listedAtMost).map { row in
            "  \(row.index + 1). \(row.label)\(row.isBaseline ? " (baseline)" : "")"
        }
        if session.plan.rows.count > Self.listedAtMost {
            lines.append("  ... and \(session.plan.rows.count - Self.listedAtMost) more")
        }
        return lines
    }

    /// What the file says and nothing reads.
    private var remarks: [String] {
        session.plan.remarks.map { "note: \($0)" }
    }

    private var collapsed: [String] {
        let all = session.plan.collapsed
        guard !all.isEmpty else { return [] }
        var lines = ["\(Count.text(all.count, "combination")) collapsed:"]
        lines += all.prefix(Self.listedAtMost).map { "  \($0.what) = \($0.into): \($0.why)" }
        if all.count > Self.listedAtMost {
            lines.append("  ... and \(all.count - Self.listedAtMost) more")
        }
        return lines
    }

    private var stages: [String] {
        var total: [String: Int] = [:]
        var done: [String: Int] = [:]
        for (index, stage) in forecast.plan.graph.stages.enumerated() {
            total[stage.kind, default: 0] += 1
            if forecast.plan.intents[index] == .leave { done[stage.kind, default: 0] += 1 }
        }
        let width = max(12, (total.keys.map(\.count).max() ?? 0) + 1)
        let lines = session.study.stages.compactMap { kind -> String? in
            guard let count = total[kind.name] else { return nil }
            let finished = done[kind.name] ?? 0
            return "  \(kind.name.padding(toLength: width))\(Count.text(count, "stage"))"
                + (finished > 0 ? ", \(finished) done" : "")
        }
        return ["stages (each runs once, however many trials need it):"] + lines
    }

    /// Nothing where nothing is to run, and where a calibration is still to come: programs have none.
    private var time: [String] {
        guard forecast.plan.stagesToRun + forecast.plan.stagesToRebuild > 0 else { return [] }
        if forecast.unmeasured.isEmpty || forecast.isCalibrated { return [prediction] }
        guard session.study.definition != nil else { return [] }
        let kinds = forecast.unmeasured.joined(separator: ", ")
        return ["predicted: not before a stage of each kind has run here (\(kinds))"]
    }

    /// What is said of mapped files, where there are any.
    private var mapped: String {
        guard forecast.mappedBytes > 0 else { return "" }
        return " (and up to \(QuantityText.bytes(forecast.mappedBytes)) of mapped files)"
    }

    /// Time, memory and disk, in a line.
    var prediction: String {
        let times = forecast.times
        let source =
            forecast.unmeasured.isEmpty
            ? "" : " (from a short calibration: nothing of this size measured yet)"
        let predicted = Prediction.text(seconds: times.seconds, deviation: times.deviation)
        return "predicted: \(predicted) on \(Count.text(workers, "worker")), "
            + "\(QuantityText.bytes(times.peakMemoryBytes)) of memory\(mapped), "
            + "\(QuantityText.bytes(forecast.diskBytes)) of disk\(source)"
            + Prediction.underLoad(
                seconds: times.seconds, load: Prediction.load, workers: workers,
                processors: Processors.available)
    }
}
