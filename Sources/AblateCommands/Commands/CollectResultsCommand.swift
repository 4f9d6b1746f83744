import ArgumentParser
import Cluster
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate collect`
struct CollectResultsCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Take in what the tasks of a cluster have left, and write the tables.",
        discussion: """
            The last job of a submission does this; by hand it works at any time, also while tasks run, \
            and as often as one likes. It is the only one that opens the database.

            EXAMPLE
              \(ProgramName.current) collect
              \(ProgramName.current) collect table1
            """)

    @Argument(help: "The sweep's name; all that were submitted if left out.")
    var sweep: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let layout = results.layout
        let exchange = ExchangeFolder(layout)
        let submitted = exchange.submissions().compactMap { try? Submission(reading: $0) }
        let named = try sweep.map { try SweepName.resolve($0) }
        let sweeps = submitted.map(\.sweep).filter { plan in
            named.map { plan == $0 || SweepReference(parsing: plan).name == $0 } ?? true
        }
        guard !sweeps.isEmpty else {
            throw ClusterError.nothingSubmitted(sweep: named ?? layout.root.relativePath)
        }
        let collector = Collector(layout, catalogue: Ablate.catalogue)
        let isWhole = try collector.locked {
            try SharedStore.withStore(layout) { store in
                CollectWording.tell(of: try collector.collect(into: store), isQuiet: false)
                var isSeen: Set<String> = []
                var isWhole = true
                for sweep in sweeps where isSeen.insert(sweep).inserted {
                    isWhole = try write(sweep, layout, store) && isWhole
                }
                return isWhole
            }
        }
        if !isWhole { throw ExitStatus.trialsFailed }
    }

    /// Writes a plan's tables, and says what is missing; true where nothing is.
    private func write(
        _ sweep: String, _ layout: ResultsLayout, _ store: ResultsStore
    ) throws -> Bool {
        let counts: StatusCounts
        do {
            counts = try store.statusCounts(of: sweep)
        } catch StoreError.unknownSweep {
            // It was deleted since.
            return true
        }
        let (shown, _) = try StudyRun.writeTables(
            of: sweep, layout, StudyStore(store, Ablate.catalogue))
        let table = layout.folder(ofSweep: shown).appending(path: "table.md").relativePath
        Console.write(
            "\(shown): \(counts[.finished]) of \(Count.text(counts.total, "trial")) done: \(table)\n"
        )
        let failed = counts[.failed] + counts[.blocked]
        if failed > 0 {
            Console.write(
                "  \(failed) failed ('\(ProgramName.current) status \(shown)' says why): submit --rerun "
                    + "failed tries them again\n")
        }
        let left = counts.total - counts[.finished] - failed
        if left > 0 {
            let last = ExchangeFolder(layout).submissions()
                .compactMap { try? Submission(reading: $0) }.last { $0.sweep == sweep }
            Console.write(
                "  \(left) missing: '\(ProgramName.current) submit \(last?.words ?? "SWEEP")' submits them, "
                    + "but for what is in the queue\n")
        }
        return failed + left == 0
    }
}

extension Submission {
    /// How the sweep was named when it was submitted, for a shell.
    fileprivate var words: String {
        var words = [path] + overrides.flatMap { ["-S", $0] }
        if let givenName { words += ["--name", givenName] }
        if results != ResultsLayout(root: "results").root.standardizedFileURL.path {
            words += ["--results", results]
        }
        return words.map(ShellWord.quoted).joined(separator: " ")
    }
}
