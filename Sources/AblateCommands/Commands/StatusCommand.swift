import ArgumentParser
import Cluster
import Digests
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is done, running, failed (with reasons) and left.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) status
              \(ProgramName.current) status quickstart --trials
              \(ProgramName.current) status quickstart@1
              \(ProgramName.current) status --watch
            """)

    @Argument(help: "The sweep's name, or its file, or NAME@1; all sweeps if left out.")
    var sweep: String?

    @Flag(name: .long, help: "List the trials one by one.")
    var trials = false

    @Flag(name: .long, help: "Show it again every second, until Ctrl-C.")
    var watch = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        var cluster = try cluster()
        guard watch else {
            Console.write(try text(store, cluster))
            return
        }
        var drawnLines = 0
        var asked = ContinuousClock.now
        // Until nobody can see it any more.
        while Console.failure == nil {
            // A queue that all users share is asked rarely.
            if ContinuousClock.now - asked > .seconds(15) {
                cluster = try self.cluster()
                asked = .now
            }
            let text = try text(store, cluster)
            if Console.isInteractive {
                // Up to the first line that was drawn, and clear from there.
                if drawnLines > 0 { Console.write(steering: "\u{1B}[\(drawnLines)A\u{1B}[J") }
                drawnLines = text.split(separator: "\n").count
            }
            Console.write(text)
            Thread.sleep(forTimeInterval: 1)
        }
    }

    private func cluster() throws -> ClusterStatus {
        ClusterStatus(results.layout, sweep: try sweep.map { try SweepName.resolve($0) })
    }

    private func text(_ store: ResultsStore, _ cluster: ClusterStatus) throws -> String {
        let names =
            try sweep.map { [try known(SweepName.resolve($0), store)] } ?? store.sweepNames()
        guard !names.isEmpty else {
            return "no sweeps yet; start one with: \(ProgramName.current) run SWEEP\n"
        }
        let lines =
            try names.flatMap { try self.lines($0, store) + cluster.lines(of: $0) } + running(store)
        return lines.map { $0 + "\n" }.joined()
    }

    /// A sweep whose rows have not chosen yet is only known by what they choose from.
    private func known(_ name: String, _ store: ResultsStore) throws -> String {
        let names = try store.sweepNames()
        let tuning = SweepSession.nameOfTuning(name)
        return !names.contains(name) && names.contains(tuning) ? tuning : name
    }

    private func lines(_ name: String, _ store: ResultsStore) throws -> [String] {
        let snapshot = try store.snapshot(of: name)
        let counts = snapshot.counts
        let parts = [
            (counts[.finished], "done"), (counts[.running], "running"),
            (counts[.failed] + counts[.blocked], "failed"), (counts[.pending], "left"),
        ].map { "\($0) \($1)" }
        var lines = ["\(name): \(counts.total) trials: \(parts.joined(separator: ", "))"]
        lines += snapshot.failures.map { failure in
            "  failed: \(failure.title) (\(failure.trials) trials, \(failure.attempts) attempts): "
                + failure.reason
        }
        lines += try store.postponements(of: name).map { stage in
            "  put off: \(stage.title) (\(stage.trials) trials): \(stage.reason); the next run tries "
                + "it again"
        }
        lines += try otherPlans(name, store)
        // One sweep alone: all of them would be a long list.
        if sweep != nil {
            let tuning = SweepSession.nameOfTuning(name)
            if try store.sweepNames().contains(tuning) {
                let counts = try store.statusCounts(of: tuning)
                lines.append(
                    "  tuned by \(tuning): \(counts.total) trials, \(counts[.finished]) done")
            }
            lines += try SweepTable.dataNotes(of: name, from: store).map { "  note: \($0)" }
            lines += try SweepFindings.make(
                name, from: StudyStore(store, Ablate.catalogue)
            ).map { finding in
                "  \(finding.row): \(finding.signature.sentence)"
            }
        }
        if trials {
            lines += try store.trials(of: name).map { trial in
                "  \(trial.digest.short)  \(trial.status.rawValue.padding(toLength: 8))  "
                    + "seed \(trial.seed)  \(trial.label)"
            }
        }
        return lines
    }

    private func otherPlans(_ name: String, _ store: ResultsStore) throws -> [String] {
        let own = try store.sweep(name).revision
        let others = try store.revisions(of: own.reference.name).filter { $0 != own }
        guard own.isInView, !others.isEmpty else { return [] }
        let plans = try others.map { other in
            let counts = try store.statusCounts(of: other.name)
            let running = counts[.running] > 0 ? ", \(counts[.running]) running" : ""
            return "\(other.name) (\(counts.total) trials, \(counts[.finished]) done\(running))"
        }
        return [
            "  other plans: \(plans.joined(separator: ", ")); see: \(ProgramName.current) history \(name)"
        ]
    }

    private func running(_ store: ResultsStore) throws -> [String] {
        try store.runningStages().map { stage in
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
    }
}
