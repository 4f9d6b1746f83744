import ArgumentParser
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// `ablate plan`
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Check a sweep file; list its trials, the stages they share, time and memory.",
        discussion: """
            No stage is run and no result is written; a file of programs has its inputs read, and the \
            command of 'environment' run. The time is predicted from what earlier runs \
            took, or from a calibration of about a second. Recordings are read whole the first time; \
            what was seen of them is kept in the user's cache folder (~/.cache/ablate).

            EXAMPLE
              \(ProgramName.current) plan sweeps/quickstart.yaml
              \(ProgramName.current) plan sweeps/quickstart.yaml --resolved
              \(ProgramName.current) plan sweeps/recordings.yaml -S data.path=/data/manifest.csv -j 4
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Flag(help: "Print the complete settings of every row, and nothing else.")
    var resolved = false

    @Option(name: [.customShort("j"), .long], help: "Workers to plan for (default: the cores).")
    var workers: Int?

    func validate() throws {
        try OptionRange.check("-j", workers, 1...1024)
    }

    func run() throws {
        let layout = results.layout
        try SweepPathHint.check(sweep.sweep, layout: layout)
        let session = try sweep.session(layout)
        if resolved { return Console.write(ResolvedPlan(session).text) }
        let workers = workers ?? Processors.available
        let hasStore = FileManager.default.fileExists(atPath: layout.database.path)
        let store =
            hasStore
            ? try ResultsStore(readingFrom: layout.database.path)
            : try ResultsStore(inMemory: .init())
        func show(_ session: SweepSession) throws {
            let forecast = try RunForecast(
                session, store: store, layout: layout, workers: workers,
                memoryLimit: MachineMemory.available, build: BuildName.current(session.study),
                calibrates: true)
            Console.write(
                wrapping: PlanSummary(session, forecast: forecast, workers: workers).text)
        }
        var last = session
        if let tuning = session.tuning {
            try show(tuning)
            let known = try store.sweepNames().contains(tuning.sweepName)
            let tuned =
                try known ? session.tuned(by: tuning.sweepName, of: tuning, in: store) : nil
            Console.write(
                tuned == nil
                    ? "\nthen, with each row at the first point in the place of the one that it will "
                        + "choose:\n\n" : "\nthen, as the rows have chosen:\n\n")
            last = tuned ?? session.tunedAtFirstPoint
        }
        try show(last)
        let runs = hasStore ? try store.runs(of: session.sweepName) : []
        for run in runs {
            guard let predicted = run.predictedSeconds else { continue }
            Console.write(
                "earlier run: predicted \(QuantityText.duration(predicted)), took "
                    + "\(QuantityText.duration(run.seconds)) on \(Count.text(run.workers, "worker"))\n"
            )
        }
    }
}
