import ArgumentParser
import Bridges
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate import`
struct ImportCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in figures that others have computed, as results of a sweep of programs.",
        discussion: """
            The sweep file (study: command) says which settings, seeds and figures there are; the file has a \
            line a trial: a column a varied setting (or one called label), seed, and the figures. A journal of \
            Optuna has them as parameters and objectives. Every table says below it which rows came from \
            where. A file with a fault changes nothing; a line that lacks one of the figures leaves its trial \
            unfinished, which is said.

            EXAMPLE
              \(ProgramName.current) import sweeps/old.yaml --from csv old.csv
              \(ProgramName.current) import sweeps/old.yaml --from optuna studies.log --study-name old
            """)

    @OptionGroup var sweep: SweepOptions

    @Option(name: .long, help: "csv or optuna.")
    var from: ResultsImport.Source

    @Argument(help: "The file with the figures.", completion: .file())
    var file: String

    @Option(name: .long, help: "The study, where a journal has several.")
    var studyName: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let layout = results.layout
        let session = try sweep.session(layout, runs: false)
        try layout.checkFolder(ofSweep: session.sweepName)
        let (found, remarks) = try ResultsImport(session, session.registration).results(
            of: file, as: from, study: studyName)
        try layout.createFolders()
        let study = try StudyRun(
            session, layout: layout,
            store: StudyStore(try ResultsStore(path: layout.database.path), Ablate.catalogue))
        let summary = try study.store.store.takeIn(found)
        Console.write(
            "\(file): \(Count.text(summary.new, "stage")) taken in, \(summary.known) known already\n"
        )
        for remark in remarks { Console.error(remark) }
        if let difference = summary.firstDifference {
            Console.error(
                "\(file) has other values for \(summary.differing) of the stages that are finished here, such as "
                    + "\(difference); what is here stays: import into another folder (--results), or 'ablate delete' the "
                    + "sweeps that have them first"
            )
        }
        for (_, table) in try study.writeTables().tables {
            Console.write(
                steering: "\n"
                    + TableFormat.terminal.text(
                        of: table, width: Console.width, usesColour: Console.usesColour))
        }
        if summary.firstDifference != nil { throw ExitStatus.mismatch }
    }
}

extension ResultsImport.Source: ExpressibleByArgument {}
