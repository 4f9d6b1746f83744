import AblateCommands
import ArgumentParser
import Foundation
import MCSimCLRStudy

/// `ablate-checks`: what `make bench`, `make performance`, `make torture`, `make check-memory`,
/// `make check-physics`, `make check-statistics` and `make check-pages` run.
struct ChecksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate-checks",
        abstract: "Measure this build, and try to break it.",
        subcommands: [
            BenchCommand.self, TortureCommand.self, TortureWorkerCommand.self, FuzzCommand.self,
            FuzzWorkerCommand.self, PhysicsCommand.self, StatisticsCommand.self,
            PagesCommand.self, ScalingCommand.self,
        ])
}

/// The program of the checks.
public enum Checks {
    /// The program that is checked: it lies beside this one.
    static var program: String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appending(path: "ablate").path
    }

    public static func main() -> Never {
        Ablate.run(ChecksCommand.self, studies: [BuiltinStudy()])
    }
}
