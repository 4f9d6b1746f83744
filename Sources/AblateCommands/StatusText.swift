import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// A sweep's state in lines, for `status`.
package struct StatusText {
    let studies: StudyStore
    private var store: ResultsStore { studies.store }

    init(_ store: ResultsStore) { studies = StudyStore(store, Ablate.catalogue) }

    func lines(_ progress: SweepProgress) -> [String] {
        let counts = progress.counts
        let parts = [
            (counts[.finished], "done"), (counts[.running], "running"),
            (counts[.failed] + counts[.blocked], "failed"),
            // Of a plan that adds seeds as verdicts take them, most may never run.
            (counts[.pending], progress.addsSeeds ? "more at most" : "left"),
        ].map { "\($0) \($1)" }
        let left = progress.timeLeft.map {
            "; " + Prediction.left(seconds: $0.seconds, deviation: $0.deviation)
        }
        var lines = [
            "\(progress.name): \(Count.text(counts.total, "trial")): \(parts.joined(separator: ", "))\(left ?? "")"
        ]
        if counts[.finished] < counts.total { lines.append("  stages: \(Self.kinds(progress))") }
        lines += Self.failures(progress)
        lines += progress.postponements.map { stage in
            "  put off: \(stage.title) (\(Count.text(stage.trials, "trial"))): \(stage.reason); the next run tries "
                + "it again"
        }
        return lines
    }

    /// A line a stage; stages that failed for the same reason together.
    private static func failures(_ progress: SweepProgress) -> [String] {
        var reasons: [String] = []
        let alike = Dictionary(grouping: progress.failures, by: \.reason)
        for failure in progress.failures where !reasons.contains(failure.reason) {
            reasons.append(failure.reason)
        }
        return reasons.compactMap { reason in
            guard let failures = alike[reason], let first = failures.first else { return nil }
            let trials = Count.text(failures.map(\.trials).reduce(0, +), "trial")
            let what =
                failures.count == 1
                ? "\(first.title) (\(trials), \(Count.text(first.attempts, "attempt")))"
                : "\(failures.count) stages (\(trials)), the first of them \(first.title)"
            return "  failed: \(what): \(RunWording.indented(reason))"
        }
    }

    /// "scenes 1 of 1, pretrain 5 of 12 (2 running)"
    private static func kinds(_ progress: SweepProgress) -> String {
        progress.kinds.map { kind in
            let more = [
                kind.running > 0 ? "\(kind.running) running" : nil,
                kind.failed + kind.blocked > 0 ? "\(kind.failed + kind.blocked) failed" : nil,
            ].compactMap(\.self)
            return "\(kind.kind) \(kind.finished) of \(kind.total)"
                + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
        }.joined(separator: ", ")
    }

    /// What the machine is busy with, for these sweeps or for any (nil).
    func running(of sweeps: [String]?) throws -> [String] {
        let stages =
            try sweeps?.flatMap { try SweepProgress($0, from: studies).running }
            ?? store.runningStages()
        return stages.map { stage -> String in
            guard let process = stage.process else {
                return "  \(stage.title): its process has died; the next run takes it over"
            }
            let rate = stage.rate.map { ", \(Int($0.rounded())) examples/s" } ?? ""
            let state =
                process.isStopped
                ? ", stopped: 'kill -CONT \(process.pid)' lets it go on, 'kill -KILL \(process.pid)' "
                    + "lets other runs take over" : ""
            // Not every program says how far it is.
            let steps = stage.steps > 0 ? ["step \(stage.step) of \(stage.steps)"] : []
            let words = steps + (stage.detail.isEmpty ? [] : [stage.detail + rate])
            return
                "  \(stage.title): \((words + [QuantityText.duration(stage.seconds)]).joined(separator: ", ")) "
                + "(process \(process.pid)\(state))"
        }
            + SweepStatus.processes(of: stages).map { one in
                "  process \(one.process): \(QuantityText.bytes(one.memory.anonymous)) of memory of its own, and "
                    + "\(QuantityText.bytes(one.memory.mapped)) of mapped files, which give way where room is needed"
            }
    }

    func otherPlans(_ name: String) throws -> [String] {
        let own = try store.sweep(name).revision
        let others = try store.revisions(of: own.reference.name).filter { $0 != own }
        guard own.isInView, !others.isEmpty else { return [] }
        let plans = try others.map { other in
            let counts = try store.statusCounts(of: other.name)
            let running = counts[.running] > 0 ? ", \(counts[.running]) running" : ""
            return
                "\(other.name) (\(Count.text(counts.total, "trial")), \(counts[.finished]) done\(running))"
        }
        return [
            "  other plans: \(plans.joined(separator: ", ")); see: \(ProgramName.current) history \(name)"
        ]
    }

    /// What a terminal can show of lines: each broken to its width, and as many as it is high.
    ///
    /// - Parameters:
    ///   - width: Units: columns.
    ///   - height: Units: lines; nil for as many as there are.
    package static func fitted(_ lines: [String], width: Int, height: Int?) -> [String] {
        let broken = lines.flatMap { line -> [String] in
            // Its columns stay as they are.
            if line.count < width { return [line] }
            let indent = String(line.prefix { $0 == " " })
            let parts = DisplayWidth.wrap(line, width: max(20, width - indent.count - 2))
            return parts.enumerated().map { indent + ($0 == 0 ? "" : "  ") + $1 }
        }
        guard let height, broken.count > height else { return broken }
        return Array(broken.prefix(max(1, height - 1)))
            + ["... and \(broken.count - max(1, height - 1)) lines more"]
    }
}
