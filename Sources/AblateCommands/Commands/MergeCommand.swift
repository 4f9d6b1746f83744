import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate merge`
struct MergeCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Take over what other results folders have.",
        discussion: """
            For sweeps that several machines ran: each ran a part into a folder of its own, and here \
            the parts become one. Results that are there already stay as they are; encoders come \
            along, simulated recordings do not. Another plan of a sweep that is here becomes one of \
            its revisions ('\(ProgramName.current) history').

            EXAMPLE
              \(ProgramName.current) run sweeps/table1.yaml --part 1/4 --results parts/1     (on one machine)
              \(ProgramName.current) run sweeps/table1.yaml --part 2/4 --results parts/2     (on another)
              \(ProgramName.current) merge parts/*
              \(ProgramName.current) table table1
            """)

    @Argument(help: "Results folders, or database files.", completion: .directory)
    var sources: [String]

    @OptionGroup var results: ResultsOptions

    func validate() throws {
        if sources.isEmpty { throw ValidationError("name the folders to merge") }
    }

    func run() throws {
        let layout = results.layout
        let others = try sources.map { source in
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
            let other =
                isThere && !isFolder.boolValue
                ? ResultsLayout(
                    root: URL(filePath: source).deletingLastPathComponent().path, database: source)
                : ResultsLayout(root: source)
            guard other.database.standardizedFileURL != layout.database.standardizedFileURL else {
                throw CommandError.mergeWithItself(path: source)
            }
            // All must be readable before any of them is taken over.
            return (source, other, try ResultsStore(readingFrom: other.database.path))
        }
        try layout.createFolders()
        let studies = Ablate.catalogue.studies
        let store = try ResultsStore(path: layout.database.path)
        for (source, other, otherStore) in others {
            let summary = try store.merge(
                otherStore, fault: StudyStore(otherStore, Ablate.catalogue).metricFault())
            let files = try studies.map { try $0.takeOverFiles(of: other, to: layout) }
            let leftOut = files.reduce(0) { $0 + $1.leftOut }
            let copied = files.reduce(0) { $0 + $1.copied }
            Console.write("\(source): \(Self.text(summary, encoders: copied))\n")
            if leftOut > 0 {
                Console.write(
                    "  \(leftOut) encoders there are damaged, or of an earlier version: left "
                        + "out; the next run that needs them makes them anew\n")
            }
            if let first = summary.firstDifference {
                Console.error(
                    "warning: \(source) has other values for \(summary.differingStages) of the stages "
                        + "that are finished here too, such as \(first); what is here stays. Equal "
                        + "stages of one build on one type of processor give equal values: look at "
                        + "'\(ProgramName.current) logs' in both folders")
            }
            if summary.stagesWithoutFigures > 0 {
                Console.error(
                    "warning: the figures of \(Count.text(summary.stagesWithoutFigures, "finished stage")) are gone "
                        + "from the database of \(source): not taken over; the next run computes them"
                )
            }
            for revision in summary.newRevisions {
                try tell(of: revision, in: source, store)
            }
            if summary.busyStages > 0 {
                Console.write(
                    "  \(summary.busyStages) stages are being run here at this moment: merge again "
                        + "when that run has ended, should it fail\n")
            }
        }
    }

    /// A plan of another machine that is not the one here: what it has computed is not in the table.
    private func tell(of revision: MergedRevision, in source: String, _ store: ResultsStore) throws
    {
        let name = SweepReference(parsing: revision.here).name
        let change = try PlanChange(from: name, to: revision.here, in: store)
        let counts = try store.statusCounts(of: revision.here)
        guard let data = change.dataDifference else {
            Console.write(
                "  \(name) has another plan there (\(change.differences.joined(separator: "; "))): it "
                    + "is \(revision.here) here, and \(name) stays the plan that it was\n")
            return
        }
        let trials = counts[.finished] > 0 ? counts[.finished] : counts.total
        Console.error(
            "warning: in \(source) \(name) ran on other data (\(data)): none of its \(Count.text(trials, "trial")) "
                + "is in the plan here; they are kept as \(revision.here) (\(ProgramName.current) table "
                + "\(revision.here))")
    }

    private static func text(_ summary: MergeSummary, encoders: Int) -> String {
        let sweeps =
            summary.newSweeps.isEmpty ? "" : ", sweep " + summary.newSweeps.joined(separator: ", ")
        return "\(summary.newStages) stages taken over, \(summary.knownStages) known already, "
            + "\(encoders) encoders copied\(sweeps)"
    }
}
