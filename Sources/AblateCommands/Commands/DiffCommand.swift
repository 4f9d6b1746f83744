import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate diff`
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show the settings and metrics in which two trials differ.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) status quickstart --trials
              \(ProgramName.current) diff 3f09c2 81aa07
            """)

    @Argument(help: "The first digits of a trial's digest.")
    var first: String

    @Argument(help: "The first digits of another's.")
    var second: String

    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        format.print(
            TrialDetails.difference(
                try TrialLookup.find(first, in: store), try TrialLookup.find(second, in: store)))
    }
}
