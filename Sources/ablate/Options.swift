import ArgumentParser
import Trials

struct ResultsOptions: ParsableArguments {
    @Option(name: .long, help: "Folder for database, cache and tables.")
    var results = "results"

    @Option(name: .long, help: "Database file (default: ablate.sqlite in the results folder).")
    var database: String?

    var layout: ResultsLayout { ResultsLayout(root: results, database: database) }
}

struct SweepOptions: ParsableArguments {
    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var sweep: String

    @Option(
        name: .customShort("S"),
        help: ArgumentHelp(
            "Overrides a value of the sweep file, such as data.path=/data or seeds=[0,1]; may be "
                + "repeated.", valueName: "key=value"))
    var settings: [String] = []

    @Option(
        name: .long,
        help: "Call the sweep something else than its file does, to keep the results apart.")
    var name: String?

    /// Throws: `SweepFaults` for a faulty file, `SoundDataError` for data that is not there.
    var session: SweepSession {
        get throws {
            let notice = PlanningNotice()
            return try SweepSession(
                path: sweep, overrides: settings, name: name, look: LookNotice.look
            ) { notice.note($0, of: $1) }
        }
    }
}
