import ArgumentParser
import Cluster
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate gc`
struct CollectCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove files of the cache that no sweep of the store needs.",
        discussion: """
            What is removed is rebuilt should a later run need it. Results are never touched. Copies of the \
            program that submissions ran, and none will run again, go too.

            EXAMPLE
              \(ProgramName.current) gc --dry-run
              \(ProgramName.current) gc --in-view-only
              \(ProgramName.current) gc --unfinished-only
            """)

    @Flag(name: .long, help: "Say what would go, and stop.")
    var dryRun = false

    @Flag(name: .long, help: "Keep only what stages that are still to run depend on.")
    var unfinishedOnly = false

    @Flag(
        name: .long,
        help: "Keep only what the plan in view of each sweep needs, not its earlier ones.")
    var inViewOnly = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        if !dryRun {
            let survivors = Ablate.catalogue.endSurvivors(in: results.layout)
            if survivors > 0 { Console.write(RevisionWording.line(survivors: survivors) + "\n") }
        }
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let needed = try store.neededArtifacts(
            of: inViewOnly ? store.sweepNames() : nil, onlyUnfinished: unfinishedOnly)
        let files = results.layout.cachedFiles()
        let unneeded = files.filter { !needed.contains($0.digest) }
        let running = try store.runningStages().filter { $0.process != nil }
        guard running.isEmpty || dryRun else {
            throw CommandError.runInProgress(running.count)
        }
        let bytes = unneeded.reduce(0) { $0 + $1.bytes }
        Console.write(
            "\(unneeded.count) of \(Count.text(files.count, "file")), \(QuantityText.bytes(bytes)), are not needed\n"
        )
        let programs = try ExchangeFolder(results.layout).unneededBuilds(store)
        if !programs.isEmpty {
            let bytes = programs.reduce(0) { $0 + $1.bytes }
            Console.write(
                "\(programs.count) \(programs.count == 1 ? "copy" : "copies") of the program for submissions that are over, "
                    + "\(QuantityText.bytes(bytes))\n")
        }
        guard !dryRun else { return }
        let doomed = unneeded.map(\.file) + programs.map(\.folder)
        for file in doomed { try FileManager.default.removeItem(at: file) }
        if !doomed.isEmpty { Console.write("removed\n") }
    }
}
