import ArgumentParser
import Platform
import ResultsStore
import Studies

/// `ablate cite`
struct CiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cite",
        abstract: "Print what to cite, as BibTeX; of a sweep also what names its results.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) cite
              \(ProgramName.current) cite quickstart
            """)

    @Argument(
        help: "The sweep's name, or its file; the program alone if left out.",
        completion: Completions.ofSweeps)
    var sweep: String?

    @OptionGroup var results: ResultsOptions

    func run() throws {
        guard let sweep else {
            Console.write(Self.text(of: [Ablate.catalogue.standard]))
            return
        }
        let store = try results.reading
        let name = try SweepName.resolve(sweep)
        let record = try store.store.sweep(name)
        let trials = try store.store.trials(of: name)
        Console.write(
            Self.text(of: [try store.study(ofSweep: name)]) + "\n" + Self.identity(record, trials))
    }

    private static func text(of studies: [any Study]) -> String {
        ([
            """
            @software{ablate,
              title = {ablate: ablation studies of self-supervised spatial sound representations},
              author = {{The maintainers of ablate}},
              version = {\(BuildName.version)},
            }
            """
        ] + studies.flatMap(\.citations)).joined(separator: "\n\n") + "\n"
    }

    /// What tells these results from all others.
    private static func identity(_ sweep: SweepRecord, _ trials: [TrialRecord]) -> String {
        let finished = trials.filter { $0.status == .finished }
        var lines = [
            "% \(sweep.name): \(finished.count) of \(Count.text(trials.count, "trial")), plan \(sweep.revision.plan)",
            "% data: \(sweep.facts["data"] ?? "none"), digest \(sweep.facts["data_digest"] ?? "unknown")",
        ]
        lines += Set(finished.flatMap(\.builds)).sorted().map { "% computed by \($0)" }
        lines.append("% run as: \(sweep.facts["command"] ?? "unknown")")
        return lines.joined(separator: "\n") + "\n"
    }
}
