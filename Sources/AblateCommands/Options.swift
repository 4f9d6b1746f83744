package import ArgumentParser
import Foundation
import ResultsStore
package import Studies

package struct ResultsOptions: ParsableArguments {
    package init() {}

    @Option(name: .long, help: "Folder for database, cache and tables.")
    package var results = "results"

    @Option(name: .long, help: "Database file (default: ablate.sqlite in the results folder).")
    package var database: String?

    package var layout: ResultsLayout { ResultsLayout(root: results, database: database) }

    /// The store to read from.
    ///
    /// Throws: `StoreError` where there is none, or one that cannot be read.
    package var reading: StudyStore {
        get throws {
            StudyStore(
                try ResultsStore(readingFrom: layout.database.path), Ablate.catalogue)
        }
    }
}

package struct SweepOptions: ParsableArguments {
    package init() {}

    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    package var sweep: String

    @Option(
        name: .customShort("S"),
        help: ArgumentHelp(
            "Overrides a value of the sweep file, such as data.path=/data or seeds=[0,1]; may be "
                + "repeated.", valueName: "key=value"),
        completion: .custom { _, _, _ in Completions.overrides() })
    var settings: [String] = []

    @Option(
        name: .long,
        help: "Call the sweep something else than its file does, to keep the results apart.")
    var name: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Graphics cards for programs (study: command), such as 0,1 (default: those of "
                + "CUDA_VISIBLE_DEVICES, else all).", valueName: "list"))
    var gpus: String?

    package func validate() throws {
        guard let gpus, GraphicsCardList(gpus) == nil else { return }
        throw ValidationError("--gpus is '\(gpus)', but must be \(GraphicsCardList.rule)")
    }

    /// - Parameters:
    ///   - layout: of the results that a run would write.
    ///   - maximumSeeds: of an open plan; nil for the file's own, fixed one.
    /// - Throws: `SweepFaults` for a faulty file, and what its study throws for data that is not there.
    package func session(
        _ layout: ResultsLayout, maximumSeeds: Int? = nil, runs: Bool = true
    ) throws -> SweepSession {
        let notice = PlanningNotice()
        return try SweepSession(
            path: sweep, overrides: settings, catalogue: Ablate.catalogue, name: name,
            maximumSeeds: maximumSeeds, gpus: gpus.flatMap { GraphicsCardList($0)?.names },
            results: layout.root, runs: runs,
            notice: { Console.error($0) },
            progress: { notice.note($0, of: $1) })
    }
}
