import ArgumentParser
import Bridges
import Foundation
import Platform
import Studies
import Synchronization

/// `ablate export`
struct ExportCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export", abstract: "Write a sweep for other programs.",
            discussion: """
                '\(ProgramName.current) export SWEEP --to csv|tensorboard|optuna|mlflow -o PLACE' writes what it has \
                found; '\(ProgramName.current) help export results' has its options.
                """,
            subcommands: [any ParsableCommand.Type]([Results.self])
                + Ablate.catalogue.studies.flatMap {
                    ($0 as? any StudyWithCommands)?.exports ?? []
                },
            defaultSubcommand: Results.self)
    }

    /// `ablate export results`, or `ablate export` alone
    struct Results: ParsableCommand, WorkingCommand {
        static let configuration = CommandConfiguration(
            commandName: "results",
            abstract: "Write what a sweep has found in the form that another program opens.",
            discussion: """
                csv: a folder with trials.csv, a line a trial, and curves.csv, a line a point. \
                tensorboard: event files with curves, figures, hyperparameters and the report's drawings. \
                optuna: a study in a journal file, which may hold others. mlflow: bodies of requests, and \
                post.py, which posts them; nothing here uses the network. Written again, also while the \
                sweep runs, it gains what is new. 'results' may be left out, unless the sweep is called \
                like another kind of export.

                EXAMPLE
                  \(ProgramName.current) export quickstart --to csv -o quickstart-csv
                  \(ProgramName.current) export quickstart --to tensorboard -o runs/quickstart --follow
                  \(ProgramName.current) export quickstart --to optuna -o studies.log
                  \(ProgramName.current) export quickstart --to mlflow -o quickstart-mlflow
                  \(ProgramName.current) export results quickstart --to csv -o quickstart-csv
                """)

        @Argument(help: SweepName.help, completion: Completions.ofSweeps)
        var sweep: String

        @Option(name: .long, help: "csv, tensorboard, optuna or mlflow.")
        var to: ExportForm

        @Option(
            name: .shortAndLong, help: "The folder to write; of optuna, the journal file.",
            completion: .file())
        var output: String

        @Option(
            name: .long,
            help: ArgumentHelp(
                "What the study of Optuna is judged by, such as probe_error,probe_accuracy (default: every "
                    + "figure of the table).", valueName: "figures"))
        var objectives: String?

        @Flag(name: .long, help: "Go on until all trials have ended, or Ctrl-C.")
        var follow = false

        @Option(
            name: .long,
            help: ArgumentHelp("How often --follow looks.", valueName: "seconds"))
        var every = 5

        @OptionGroup var results: ResultsOptions

        func validate() throws {
            try OptionRange.check("--every", every, 1...86_400)
            if objectives != nil, to != .optuna {
                throw ValidationError("--objectives is for --to optuna: leave it out")
            }
        }

        func run() throws {
            let store = try results.reading
            let export = SweepExport(
                try SweepName.resolve(sweep, comparingWith: store), to: to, output: output,
                objectives: objectives?.split(separator: ",").map(String.init) ?? [])
            guard follow else {
                let (state, summary) = try export.write(from: store)
                tell(state, summary)
                return
            }
            try keepUp(export, store)
        }

        private func keepUp(_ export: SweepExport, _ store: StudyStore) throws {
            let stop = StopFlag()
            try Interruption.watch { stop.raise() }
            var said: Set<String> = []
            while true {
                // Figures take long to draw and change with every trial: at the end.
                var (state, summary) = try export.write(from: store, drawsFigures: false)
                let hasEnded = state.hasEnded
                if hasEnded {
                    let written = summary.written
                    (state, summary) = try export.write(from: store)
                    summary.written += written
                }
                summary.remarks.removeAll { !said.insert($0).inserted }
                if summary.written > 0 || hasEnded || !summary.remarks.isEmpty {
                    tell(state, summary)
                }
                if hasEnded || Console.failure != nil { return }
                for _ in 0..<(every * 10) {
                    if stop.isRaised { throw ExitStatus(signal: Interruption.signal) }
                    Thread.sleep(forTimeInterval: 0.1)
                }
            }
        }

        private func tell(_ state: ExportedSweep, _ summary: ExportSummary) {
            let ended = state.trials.count(where: \.hasEnded)
            Console.write(
                "\(output): \(ended) of \(Count.text(state.trials.count, "trial")) of \(state.name) have ended, "
                    + "\(summary.written) written\(look)\n")
            for remark in summary.remarks { Console.error(remark) }
        }

        /// What opens it.
        private var look: String {
            switch to {
            case .csv: ""
            case .tensorboard: "; tensorboard --logdir \(ShellWord.quoted(output))"
            case .optuna: "; optuna-dashboard \(ShellWord.quoted(output))"
            case .mlflow: "; python3 \(ShellWord.quoted(output))/post.py http://HOST:5000"
            }
        }
    }
}

extension ExportForm: ExpressibleByArgument {}

/// Raised by a signal.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isRaised: Bool { flag.load(ordering: .relaxed) }

    func raise() { flag.store(true, ordering: .relaxed) }
}
