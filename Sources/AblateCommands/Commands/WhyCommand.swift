import ArgumentParser
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate why`
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show the trials behind a number of the table: seeds, digests, builds.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) why quickstart "all" probe_error
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Argument(help: "The row's label, as the table has it.", completion: Completions.ofRows)
    var row: String

    @Argument(
        help:
            "The column's key, such as probe_error or finetune_accuracy_difference, or its header.")
    var column: String

    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try results.reading
        let sweep = try SweepName.resolve(sweep)
        var answer = try SweepTable.explanation(ofRow: row, column: column, in: sweep, from: store)
        answer.notes += try files(of: sweep, store)
        format.print(answer)
    }

    /// What the row's trials have left that can be taken along, an encoder above all.
    private func files(of sweep: String, _ store: StudyStore) throws -> [String] {
        guard let study = try store.study(ofSweep: sweep) as? any StudyWithExhibits
        else { return [] }
        // A reference is no row of the plan, and leaves nothing.
        let trials = (try? store.trials(ofRow: row, of: sweep)) ?? []
        return try trials.flatMap { trial in
            try store.store.stages(ofTrial: trial.digest).flatMap { digest in
                study.files(of: try store.store.stage(digest), in: results.layout)
            }.map { "seed \(trial.seed), \($0.title): \($0.url.relativePath)" }
        }
    }
}
