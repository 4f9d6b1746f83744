import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Compare two sweeps, or two plans of one, row by row, or one sweep in two stores.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) compare quickstart recordings
              \(ProgramName.current) compare quickstart@1 quickstart
              \(ProgramName.current) compare quickstart quickstart --with old/ablate.sqlite
            """)

    @Argument(help: "The first sweep's name, or its file.")
    var first: String

    @Argument(help: "The second sweep's name, or its file.")
    var second: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The database that has the first sweep, where it is another one.", valueName: "database"
        ))
    var with: String?

    @OptionGroup var metrics: MetricOptions
    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func validate() throws {
        if first == second, with == nil {
            throw ValidationError(
                "'\(first)' is compared with itself: name another sweep, or with --with another "
                    + "database")
        }
    }

    func run() throws {
        let store = try results.reading
        let firstStore =
            try with.map {
                StudyStore(try ResultsStore(readingFrom: $0), Ablate.catalogue)
            } ?? store
        let (before, after) = (try SweepName.resolve(first), try SweepName.resolve(second))
        let names = before == after ? ("before", "after") : (before, after)
        format.print(
            try SweepTable.comparison(
                of: before, from: firstStore, with: after, from: store, names: names,
                options: TableOptions(metrics: try metrics.chosen(store.study(ofSweep: after)))))
    }
}
