import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate delete`
struct DeleteCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a sweep, its trials, and results that no other sweep shares.",
        discussion: """
            A name stands for all plans of that name, NAME@1 for the first one alone ('\(ProgramName.current) history' \
            lists them). Their tables and reports go too. Asks first, unless --yes is given. Files of \
            the cache stay: see '\(ProgramName.current) gc'. Exit code 1 where nothing is deleted, since the answer was \
            another.

            EXAMPLE
              \(ProgramName.current) delete quickstart
              \(ProgramName.current) delete quickstart@1
            """)

    @Argument(
        help: "The sweep's name, or its file; NAME@1 for its first plan alone.",
        completion: Completions.ofSweeps)
    var sweep: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let sweep = try SweepName.resolve(sweep)
        let layout = results.layout
        let path = layout.database.path
        let doomed = try ResultsStore(readingFrom: path).deletion(of: sweep)
        if !yes {
            let files = try SweepFolders(layout, ResultsStore(readingFrom: path))
                .files(of: doomed.revisions)
            Console.write(question(sweep, doomed, files: files))
            guard readLine() == sweep else {
                Console.write("nothing was deleted\n")
                throw ExitStatus.notDone
            }
        }
        let store = try ResultsStore(path: path)
        let folders = SweepFolders(layout, store)
        // Named before they are gone, removed when no run has kept the results from being deleted.
        let files = try folders.files(of: doomed.revisions)
        let summary = try store.deleteSweep(sweep)
        let removed = folders.remove(files)
        Console.write(
            "deleted \(Count.text(summary.trials, "trial")) and \(Count.text(summary.stages, "stage"))\n"
        )
        for folder in removed {
            Console.write("removed the tables and reports in \(folder.relativePath)\n")
        }
        let tuning = SweepSession.nameOfTuning(sweep)
        if try store.sweepNames().contains(tuning) {
            Console.write("\(tuning), by which its rows were tuned, stays: delete it by its name\n")
        }
        guard let name = doomed.revisions.first?.reference.name,
            let left = try? store.revisions(of: name), let inView = left.first(where: \.isInView)
        else { return }
        try folders.prepare(name)
        if doomed.revisions.contains(where: \.isInView) {
            Console.write("\(name) is the plan of \(inView.reference) now\n")
        }
    }

    private func question(
        _ sweep: String, _ doomed: ResultsStore.Deletion, files: [URL]
    ) -> String {
        let folders = Set(files.map { $0.deletingLastPathComponent().relativePath }).sorted()
        let also =
            folders.isEmpty
            ? "" : "; its tables and reports (\(folders.joined(separator: ", "))) go too"
        let plans = doomed.revisions.count > 1 ? " and its \(doomed.revisions.count) plans" : ""
        return "Delete \(sweep)\(plans) with \(Count.text(doomed.counts.total, "trial")), "
            + "\(doomed.counts[.finished]) of them done\(also)? Type its name: "
    }
}
