import AblateCommands
import ArgumentParser
import Orchestration

/// `ablate-checks torture-worker`: a process that `make torture` kills.
struct TortureWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torture-worker", abstract: "Run trivial trials, to be killed.",
        shouldDisplay: false)

    @Argument(help: "DATABASE TRIALS WORKERS trivial|layered [KILL-AT]")
    var arguments: [String]

    func run() throws {
        throw ExitCode(TortureWorker.run(arguments))
    }
}
