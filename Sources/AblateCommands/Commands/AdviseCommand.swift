import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate advise`
struct AdviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract:
            "Say which rows are settled, how many seeds the others would still take, and what they cost.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) advise quickstart
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try results.reading
        format.print(try SweepTable.advice(SweepName.resolve(sweep), from: store))
    }
}
