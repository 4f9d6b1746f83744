import ArgumentParser
import Dispatch
import Foundation
import NeuralNetwork
import Orchestration
import ResultsStore
import Sweeps
import Trials

/// `ablate run`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run what is missing of a sweep, then print its table.",
        discussion: """
            Stop it with Ctrl-C and run it again: it goes on where it was.

            EXAMPLE
              ablate run sweeps/quickstart.yaml
              ablate run sweeps/quickstart.yaml -j 1 -S base.pretraining_steps=50
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Option(
        name: [.customShort("j"), .long],
        help: "Stages that run at once (default: the cores, fewer if memory is short).")
    var workers: Int?

    @Option(name: .long, help: "Run at most so many of the trials that are left.")
    var maxTrials: Int?

    @Flag(name: .long, help: "Print the table alone, and what failed.")
    var quiet = false

    func validate() throws {
        if let workers, !(1...1024).contains(workers) {
            throw ValidationError("-j is \(workers), but must be from 1 to 1024")
        }
        if let maxTrials, maxTrials < 1 {
            throw ValidationError("--max-trials is \(maxTrials), but must be at least 1")
        }
    }

    func run() throws {
        let session = try SweepSession(path: sweep.sweep, overrides: sweep.settings)
        let layout = results.layout
        try layout.createFolders()
        if !quiet { Console.write(PlanSummary(session, layout: layout).text + "\n") }
        let store = try ResultsStore(path: layout.database.path)
        let registration = session.registration
        _ = try store.register(registration)
        let summary = try execute(session, registration, store, layout)

        let table = try SweepTable.make(session.file.name, from: store)
        try layout.write(table, ofSweep: session.file.name)
        Console.write(
            TableFormat.terminal.text(
                of: table, width: Console.width, usesColour: Console.usesColour))
        if !quiet { Console.write("\n" + Self.whereFilesAre(session.file.name, layout)) }
        if summary.isCancelled {
            throw Interruption.shared.isTermination ? ExitStatus.terminated : .interrupted
        }
        if summary.trialsFailed > 0 { throw ExitStatus.trialsFailed }
    }

    private func execute(
        _ session: SweepSession, _ registration: SweepRegistration, _ store: ResultsStore,
        _ layout: ResultsLayout
    ) throws -> RunSummary {
        let trials = try selectTrials(registration, store)
        let memory = MachineMemory.available
        let workers = workers ?? Self.workers(for: registration.stages, memory: memory)
        let display: any RunObserver =
            quiet
            ? FailureDisplay()
            : Console.isInteractive ? LiveDisplay() as any RunObserver : PlainDisplay()
        let run = try SweepRun(
            stages: registration.stages, trials: trials, store: store,
            executor: TrainingExecutor(layout: layout, dataSet: session.dataSet),
            settings: RunSettings(
                workers: workers, memoryLimit: memory, build: "\(NumericBackend.description)"),
            observer: display)
        Interruption.shared.whenSignalled { run.cancel() }
        return try run.run()
    }

    /// The trials that a run may touch: all, or the first so many of those that are left.
    private func selectTrials(
        _ registration: SweepRegistration, _ store: ResultsStore
    ) throws -> [PlannedTrial] {
        guard let maxTrials else { return registration.trials }
        let records = try store.trials(of: registration.name)
        let left = Set(records.lazy.filter { $0.status == .pending }.map(\.digest))
        return Array(registration.trials.filter { left.contains($0.id) }.prefix(maxTrials))
    }

    /// As many as there are cores, but no more than memory has room for.
    private static func workers(for stages: [Stage], memory: Int) -> Int {
        let largest = max(1, stages.map(\.memoryBytes).max() ?? 1)
        return max(1, min(ProcessInfo.processInfo.activeProcessorCount, memory / largest))
    }

    private static func whereFilesAre(_ sweep: String, _ layout: ResultsLayout) -> String {
        let folder = layout.folder(ofSweep: sweep).relativePath
        return """
            table     \(folder)/table.md, .tex, .csv, .json
            database  \(layout.database.relativePath) (view trial_results: one row a trial)

            """
    }
}
