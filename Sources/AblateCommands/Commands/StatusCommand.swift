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
              \(ProgramName.current) status quickstart --format json
            """)

    @Argument(
        help: "The sweep's name, or its file, or NAME@1; all sweeps if left out.",
        completion: Completions.ofSweeps)
    var sweep: String?

    @Flag(name: .long, help: "List the trials one by one.")
    var trials = false

    @Flag(name: .long, help: "Show it again every second, until Ctrl-C.")
    var watch = false

    @Option(name: .long, help: "text, or json: one object for programs.")
    var format = Format.text

    @OptionGroup var results: ResultsOptions

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    func validate() throws {
        if format == .json, watch || trials {
            throw ValidationError("--format json shows one moment: leave --watch and --trials out")
        }
    }

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        if let sweep {
            _ = try SweepName.resolve(
                sweep, comparingWith: StudyStore(store, Ablate.catalogue))
        }
        if format == .json {
            Console.write(
                try StatusReport(
                    names(store), from: StudyStore(store, Ablate.catalogue), cluster(store)
                ).text)
            return
        }
        guard watch else {
            let width = Console.isInteractive ? Console.width : Int.max / 2
            Console.write(
                Self.text(
                    StatusText.fitted(
                        try lines(store, cluster(store)), width: width, height: nil)))
            return
        }
        let queue = RecentQueue()
        var drawnLines = 0
        // Until nobody can see it any more.
        while Console.failure == nil {
            let lines = StatusText.fitted(
                try lines(store, cluster(store, queue)),
                width: Console.isInteractive ? Console.width : Int.max / 2,
                height: Console.isInteractive ? Console.height - 1 : nil)
            if Console.isInteractive {
                // Up to the first line that was drawn, and clear from there.
                if drawnLines > 0 { Console.write(steering: "\u{1B}[\(drawnLines)A\u{1B}[J") }
                drawnLines = lines.count
            }
            Console.write(Self.text(lines))
            Thread.sleep(forTimeInterval: 1)
        }
    }

    private func cluster(
        _ store: ResultsStore, _ queue: RecentQueue = RecentQueue()
    ) throws -> ClusterStatus {
        ClusterStatus(
            results.layout, sweep: try sweep.map { try SweepName.resolve($0) }, store: store,
            queue: queue)
    }

    private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private func names(_ store: ResultsStore) throws -> [String] {
        try sweep.map { [try known(SweepName.resolve($0), store)] } ?? store.sweepNames()
    }

    private func lines(_ store: ResultsStore, _ cluster: ClusterStatus) throws -> [String] {
        let names = try names(store)
        guard !names.isEmpty else {
            return ["no sweeps yet; start one with: \(ProgramName.current) run SWEEP"]
        }
        return try names.flatMap { try lines($0, store) + cluster.lines(of: $0) }
            + StatusText(store).running(of: sweep == nil ? nil : names)
    }

    /// A sweep whose rows have not chosen yet is only known by what they choose from.
    private func known(_ name: String, _ store: ResultsStore) throws -> String {
        let names = try store.sweepNames()
        let tuning = SweepSession.nameOfTuning(name)
        return !names.contains(name) && names.contains(tuning) ? tuning : name
    }

    private func lines(_ name: String, _ store: ResultsStore) throws -> [String] {
        let text = StatusText(store)
        var lines = text.lines(try SweepProgress(name, from: text.studies))
        lines += try text.otherPlans(name)
        // One sweep alone: all of them would be a long list.
        if sweep != nil {
            let tuning = SweepSession.nameOfTuning(name)
            if try store.sweepNames().contains(tuning) {
                let counts = try store.statusCounts(of: tuning)
                lines.append(
                    "  tuned by \(tuning): \(Count.text(counts.total, "trial")), \(counts[.finished]) done"
                )
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
}
