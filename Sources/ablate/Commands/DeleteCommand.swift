import ArgumentParser
import Foundation
import ResultsStore
import Trials

/// `ablate delete`
struct DeleteCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a sweep, its trials, and results that no other sweep shares.",
        discussion: """
            Asks first, unless --yes is given. Files of the cache stay: see 'ablate gc'.

            EXAMPLE
              ablate delete quickstart
            """)

    @Argument(help: "The sweep's name.")
    var sweep: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let path = results.layout.database.path
        let counts = try ResultsStore(readingFrom: path).statusCounts(of: sweep)
        if !yes {
            Console.write(
                "Delete \(sweep) with \(counts.total) trials, \(counts[.finished]) of them done? "
                    + "Type its name: ")
            guard readLine() == sweep else {
                Console.write("nothing was deleted\n")
                return
            }
        }
        let summary = try ResultsStore(path: path).deleteSweep(sweep)
        Console.write("deleted \(summary.trials) trials and \(summary.stages) stages\n")
    }
}
