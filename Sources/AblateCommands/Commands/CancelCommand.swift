import ArgumentParser
import Cluster
import Foundation
import Platform
import Studies

/// `ablate cancel`
struct CancelCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End the jobs of a sweep that are in Slurm's queue, and no others.",
        discussion: """
            What tasks had begun is kept: submitting again goes on from there.

            EXAMPLE
              \(ProgramName.current) cancel table1
            """)

    @Argument(
        help: "The sweep's name; all that were submitted from this results folder if left out.")
    var sweep: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let name = try sweep.map { try SweepName.resolve($0) }
        let submitter = Submitter(results.layout)
        try submitter.exchange.checkSubmissions()
        let jobs = try submitter.cancel(name, slurm: Slurm())
        Console.write(
            jobs.isEmpty
                ? "no job of \(name ?? "this results folder") is in the queue\n"
                : "cancelled jobs \(jobs.joined(separator: ", "))\n")
    }
}
