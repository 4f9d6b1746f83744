public import ArgumentParser
import Foundation
import ResultsStore
public import Trials

/// `ablate table`
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Print the comparison table of a sweep, from the store alone.",
        discussion: """
            EXAMPLE
              ablate table quickstart
              ablate table quickstart --format latex > table.tex
            """)

    @Argument(help: "The sweep's name, or its file.")
    var sweep: String

    @Option(help: "One of: \(TableFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: TableFormat = .terminal

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let table = try SweepTable.make(SweepName.resolve(sweep), from: store)
        Console.write(
            format.text(of: table, width: Console.width, usesColour: Console.usesColour))
    }
}

extension TableFormat: ExpressibleByArgument {}

/// A sweep is named by its name or by the file that defines it.
enum SweepName {
    /// Throws: `SweepFaults` if a file is given and faulty.
    static func resolve(_ text: String) throws -> String {
        guard text.hasSuffix(".yaml") || text.hasSuffix(".yml") else { return text }
        return try SweepSession.name(ofFile: text)
    }
}
