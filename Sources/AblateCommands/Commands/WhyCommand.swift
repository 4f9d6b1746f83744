import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate why`
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show the trials behind a number of the table: seeds, digests, builds.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) why quickstart "all" probe_error
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Argument(help: "The row's label, as the table has it.")
    var row: String

    @Argument(
        help:
            "The column's key, such as probe_error or finetune_accuracy_difference, or its header.")
    var column: String

    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try results.reading
        format.print(
            try SweepTable.explanation(
                ofRow: row, column: column, in: SweepName.resolve(sweep), from: store))
    }
}
