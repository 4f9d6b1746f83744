import ArgumentParser
import Orchestration
import ResultsStore
import Sweeps
import Trials

/// `ablate plan`
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Check a sweep file and list its trials and the stages they share.",
        discussion: """
            EXAMPLE
              ablate plan sweeps/quickstart.yaml
              ablate plan sweeps/recordings.yaml -S data.path=/data/manifest.csv
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    func run() throws {
        let session = try SweepSession(path: sweep.sweep, overrides: sweep.settings)
        Console.write(PlanSummary(session, layout: results.layout).text)
    }
}
