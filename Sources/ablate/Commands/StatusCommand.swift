import ArgumentParser
import Foundation
import ResultsStore
import Trials

/// `ablate status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is done, running, failed (with reasons) and left.",
        discussion: """
            EXAMPLE
              ablate status
              ablate status quickstart
            """)

    @Argument(help: "The sweep's name, or its file; all sweeps if left out.")
    var sweep: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let names = try sweep.map { [try SweepName.resolve($0)] } ?? store.sweepNames()
        if names.isEmpty { Console.write("no sweeps yet; start one with: ablate run SWEEP\n") }
        for name in names { try show(name, store) }
    }

    private func show(_ name: String, _ store: ResultsStore) throws {
        let counts = try store.statusCounts(of: name)
        let parts = [
            (counts[.finished], "done"), (counts[.running], "running"),
            (counts[.failed] + counts[.blocked], "failed"), (counts[.pending], "left"),
        ].map { "\($0) \($1)" }
        Console.write(
            "\(name): \(counts.total) trials: \(parts.joined(separator: ", "))\n")
        for failure in try store.failures(of: name) {
            Console.write(
                "  failed: \(failure.title) (\(failure.trials) trials, \(failure.attempts) "
                    + "attempts): \(failure.reason)\n")
        }
    }
}
