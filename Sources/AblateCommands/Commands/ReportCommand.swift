import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate report`
struct ReportCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a sweep's report: one HTML file, and its figures as SVG and PDF.",
        discussion: """
            The page holds tables, figures, findings, every trial and what computed it; it needs no \
            network and no other file. The figures lie beside it with data and gnuplot script.

            EXAMPLE
              \(ProgramName.current) report quickstart
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The width of the figures NAME.column.pdf, such as 120mm or 3.25in", valueName: "width")
    )
    var width: PaperWidth = .column

    @OptionGroup var interval: IntervalOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try results.reading
        let name = try SweepName.resolve(sweep, comparingWith: store)
        if let stranger = try SweepFolders(results.layout, store.store).prepare(name) {
            Console.write(RevisionWording.line(stranger, name) + "\n")
        }
        let outcome = try SweepReport.write(
            name, from: store, to: results.layout, interval: interval.method,
            columnWidth: width.millimetres)
        let figures = outcome.files.count { $0.pathExtension == "svg" }
        let shown = try store.store.sweep(name).name
        Console.write(
            """
            report   \(results.layout.report(ofSweep: shown).relativePath)
            figures  \(figures) in \(results.layout.figures(ofSweep: shown).relativePath)

            """)
        for (figure, reason) in outcome.undrawn {
            Console.error("the figure '\(figure)' is left out: \(reason)")
        }
        if !outcome.undrawn.isEmpty { throw ExitStatus.usage }
    }
}
