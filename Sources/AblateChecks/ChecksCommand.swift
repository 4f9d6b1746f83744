import AblateCommands
import ArgumentParser
import MCSimCLRStudy

/// `ablate-checks`: what `make bench`, `make torture`, `make check-memory` and `make check-physics` run.
struct ChecksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate-checks",
        abstract: "Measure this build, and try to break it.",
        subcommands: [
            BenchCommand.self, TortureCommand.self, TortureWorkerCommand.self, FuzzCommand.self,
            FuzzWorkerCommand.self, PhysicsCommand.self,
        ])
}

/// The program of the checks.
public enum Checks {
    public static func main() -> Never {
        Ablate.run(ChecksCommand.self, studies: [BuiltinStudy()])
    }
}
