import AblateCommands
import ArgumentParser

/// `ablate-checks statistics`: what `make check-statistics` runs.
struct StatisticsCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Try verdicts, sequences, best sets and intervals on data whose truth is known.",
        discussion: """
            Prints tables in Markdown, the same for the same number of runs. Exit code 1 where a \
            promise is broken by more than three standard errors.
            """, shouldDisplay: false)

    @Option(help: "Simulated sweeps for each figure.")
    var runs = 10_000

    func validate() throws {
        try OptionRange.check("--runs", runs, 100...1_000_000)
    }

    func run() throws {
        let report = StatisticsReport(runs: runs)
        Console.write(report.text)
        for line in report.broken { Console.error("broken: \(line)") }
        if !report.broken.isEmpty { throw ExitStatus.trialsFailed }
    }
}
