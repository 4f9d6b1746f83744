import Foundation
import Platform
import ResultsStore
import Studies

/// What is said of the several plans of one sweep.
enum RevisionWording {
    /// What a registration put in view, and how to see what was in view before; nothing where that is
    /// the same plan.
    static func lines(
        _ registered: ResultsStore.RegistrationSummary, _ store: ResultsStore,
        _ layout: ResultsLayout
    ) throws -> [String] {
        guard let earlier = registered.earlier else { return [] }
        let name = registered.sweep.name
        let change = try PlanChange(
            from: earlier.description, to: registered.sweep.description, in: store)
        let done = try store.statusCounts(of: earlier.description)[.finished]
        let what = change.differences.joined(separator: "; ")
        let folder = layout.folder(ofSweep: earlier.description)
        let files =
            FileManager.default.fileExists(atPath: folder.path)
            ? ", files in \(folder.relativePath)" : ""
        let again = registered.isNewPlan ? "" : ", revision \(registered.sweep.revision ?? 1) again"
        if change.isExtension, registered.isNewPlan {
            let trials = change.hasMoreTrials ? "with more trials" : "with the same trials"
            return [
                "\(name): the plan before \(trials): \(what)",
                "  its \(change.earlierTrials) trials (\(done) done) count for this one as well; its "
                    + "table as it was: \(ProgramName.current) table \(earlier)\(files)",
            ]
        }
        return [
            "\(name): another plan than the one before\(again): \(what)",
            "  the one before (\(change.earlierTrials) trials, \(done) done) is kept: "
                + "\(ProgramName.current) table \(earlier)\(files)",
            "  all plans of this name: \(ProgramName.current) history \(name); to keep names apart: --name OTHER",
        ]
    }

    /// Seeds of a fixed plan that were looked at under other names.
    static func line(lookedAtIn others: [String], _ name: String) -> String {
        "\(name): some of its seeds were seen before, in \(others.joined(separator: ", ")). A fixed plan is "
            + "looked at once: if that look is why there are more seeds now, its intervals are too narrow; "
            + "run it with --until-settled, or under the earlier name"
    }

    /// Programs that have outlived their run.
    static func line(survivors: Int) -> String {
        "\(Count.text(survivors, "process", "processes")) of programs that a killed run had left at work "
            + "\(survivors == 1 ? "was" : "were") ended"
    }

    /// Stages whose figures somebody has removed.
    static func line(givenUp stages: [String]) -> String {
        "the figures of \(Count.text(stages.count, "finished stage")) are gone from the database, such as those of "
            + "\(stages.first ?? ""): computed again by the runs that need them"
    }

    /// Tables of a database that is gone.
    static func line(_ stranger: SweepFolders.Stranger, _ name: String) -> String {
        "\(name): the tables that were there are of a plan that this database does not have; they are "
            + "in \(stranger.folder.relativePath) now"
    }

    /// A line behind a run's table, where there are other plans than the one that it ran.
    static func whereOthersAre(_ own: SweepReference, _ store: ResultsStore) throws -> String {
        let revisions = try store.revisions(of: own.name)
        guard revisions.count > 1 else { return "" }
        let isInView = revisions.contains { $0.isInView && $0.reference == own }
        let others = revisions.filter { $0.reference != own }.map(\.name)
            .joined(separator: ", ")
        return isInView
            ? "others    \(others): other plans of this name (\(ProgramName.current) history \(own.name))\n"
            : "others    \(others): this table is \(own), since another run has begun under the name "
                + "(\(ProgramName.current) history \(own.name))\n"
    }

    /// "2026-11-25 21:02", in the machine's time zone.
    static func date(_ seconds: Double) -> String { text(seconds, "yyyy-MM-dd HH:mm") }

    /// "2026-11-25 21:02:09", in the machine's time zone.
    static func time(_ seconds: Double) -> String { text(seconds, "yyyy-MM-dd HH:mm:ss") }

    private static func text(_ seconds: Double, _ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = format
        return formatter.string(from: Date(timeIntervalSince1970: seconds))
    }
}
