import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate history`
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the plans that a sweep has had, and in what they differ.",
        discussion: """
            A sweep that is run with other settings, seeds or data keeps its name; its earlier plans \
            stay as revisions, each with its results. Wherever a command takes a sweep's name, NAME@1 \
            stands for its first plan.

            EXAMPLE
              \(ProgramName.current) history quickstart
              \(ProgramName.current) table quickstart@1
              \(ProgramName.current) compare quickstart@1 quickstart
            """)

    @Argument(help: "The sweep's name, or its file; all sweeps if left out.")
    var sweep: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let names =
            try sweep.map { [SweepReference(parsing: try SweepName.resolve($0)).name] }
            ?? store.sweepNames()
        if names.isEmpty {
            Console.write("no sweeps yet; start one with: \(ProgramName.current) run SWEEP\n")
        }
        for name in names { Console.write(try text(name, store)) }
    }

    /// The latest plan first.
    private func text(_ name: String, _ store: ResultsStore) throws -> String {
        let revisions = try store.revisions(of: name)
        var text = "\(name): \(Count.text(revisions.count, "plan"))\n"
        for (index, revision) in revisions.enumerated().reversed() {
            let reference = revision.reference.description
            let counts = try store.statusCounts(of: reference)
            let failed = counts[.failed] + counts[.blocked]
            text += "  \(reference)\(revision.isInView ? " (in view)" : ""): "
            text += "\(Count.text(counts.total, "trial")), \(counts[.finished]) done"
            text += failed > 0 ? ", \(failed) failed" : ""
            text += revision.registered.map { ", since \(RevisionWording.date($0))" } ?? ""
            text += "\n"
            if index > 0 {
                let change = try PlanChange(
                    from: revisions[index - 1].reference.description, to: reference, in: store)
                text += "    \(change.differences.joined(separator: "; "))\n"
                if change.commonTrials > 0 {
                    text += "    \(change.commonTrials) of its trials are in "
                    text += "\(revisions[index - 1].reference) as well\n"
                }
            }
            if let command = try store.sweep(reference).facts["command"] {
                text += "    \(command)\n"
            }
        }
        return text
    }
}
