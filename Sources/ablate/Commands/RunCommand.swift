import ArgumentParser
import Digests
import Foundation
import NeuralNetwork
import Orchestration
import Platform
import Reports
import ResultsStore
import Sweeps
import Trials

/// `ablate run`
struct RunCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run what is missing of a sweep, then print its table.",
        discussion: """
            Stop it with Ctrl-C and run it again: it goes on where it was. Several runs, in several \
            terminals, share the work.

            EXAMPLE
              ablate run sweeps/quickstart.yaml
              ablate run sweeps/quickstart.yaml -j 1 -S base.pretraining_steps=50
              ablate run sweeps/quickstart.yaml --budget 20m
              ablate run sweeps/quickstart.yaml --rerun failed
              ablate run sweeps/table1.yaml --part 2/8 --results parts/2
              ablate run sweeps/table1.yaml -S seeds=1 --name smoke-test
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Option(
        name: [.customShort("j"), .long],
        help: "Stages that run at once (default: the cores, fewer if memory is short).")
    var workers: Int?

    @Option(name: .long, help: "Run at most so many of the trials that are left.")
    var maxTrials: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run one of several parts, such as 2/8, each on a machine of its own with its own "
                + "--results; 'ablate merge' joins them.", valueName: "K/N"))
    var part: SweepPart?

    @Option(
        name: .long,
        help: "Run what fits into a time such as 90s, 20m or 2h: whole configurations first.")
    var budget: TimeBudget?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run again what failed, or a trial by its digest; may be repeated.",
            valueName: "failed|TRIAL"))
    var rerun: [String] = []

    @Flag(name: .long, help: "Run what the store does not have: the default.")
    var needed = false

    @Flag(name: .long, help: "Run everything again, whatever the store has.")
    var fresh = false

    @Flag(name: .long, help: "Stop at the first stage that fails.")
    var failFast = false

    @Option(name: .long, help: "Further attempts after a fault of the machine.")
    var retries = 1

    @Option(name: .long, help: "The most time that one stage may take, such as 30m.")
    var stageTimeLimit: TimeBudget?

    @Option(name: .long, help: "text, or json: a line for each event.")
    var log: LogFormat = .text

    @Flag(name: .long, help: "Print the table alone, and what failed.")
    var quiet = false

    @Option(help: .private)
    var killAt: Int?

    enum LogFormat: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    func validate() throws {
        try OptionRange.check("-j", workers, 1...1024)
        if let maxTrials, maxTrials < 1 {
            throw ValidationError("--max-trials is \(maxTrials), but must be at least 1")
        }
        if part != nil, budget != nil {
            throw ValidationError("--part and --budget exclude each other; keep one")
        }
        try OptionRange.check("--retries", retries, 0...100)
        if [needed, fresh, !rerun.isEmpty].filter({ $0 }).count > 1 {
            throw ValidationError("--needed, --rerun and --fresh exclude one another; keep one")
        }
    }

    private var isQuiet: Bool { quiet || log == .json }

    func run() throws {
        let session = try sweep.session
        let layout = results.layout
        try layout.createFolders()
        try layout.checkFolder(ofSweep: session.file.name)
        let killSwitch = KillSwitch(killAt: killAt)
        let store = try ResultsStore(
            path: layout.database.path, options: .init(faultPoint: { _ in killSwitch.pass() }))
        if let warning = SharedFolder.warning(for: layout.database), log == .text {
            Console.error(warning)
        }
        let registration = session.registration
        let registered = try store.register(registration)
        let name = registered.sweep.description
        try tell(of: registered, SweepFolders(layout, store).prepare(name), store, layout)
        let summary = try execute(session, registration, name, store, layout)

        // Another run may have described the same plan in other words since.
        try store.register(registration, takesView: false)
        let shown = try writeTables(of: name, store, layout)
        if !isQuiet {
            Console.write(
                "\n" + Self.whereFilesAre(shown, layout)
                    + (try RevisionWording.whereOthersAre(registered.sweep, store)))
        }
        if summary.isCancelled, !failFast || summary.trialsFailed + summary.trialsPostponed == 0 {
            throw ExitStatus(signal: Interruption.signal)
        }
        if summary.trialsFailed + summary.trialsPostponed > 0 { throw ExitStatus.trialsFailed }
    }

    /// What came into view, and what went out of it: also where nothing else is said.
    private func tell(
        of registered: ResultsStore.RegistrationSummary, _ stranger: SweepFolders.Stranger?,
        _ store: ResultsStore, _ layout: ResultsLayout
    ) throws {
        var lines = try RevisionWording.lines(registered, store, layout)
        if let stranger { lines.append(RevisionWording.line(stranger, registered.sweep.name)) }
        guard !lines.isEmpty else { return }
        let text = lines.joined(separator: "\n")
        if isQuiet { Console.error(text) } else { Console.write(text + "\n\n") }
    }

    /// The tables of this run's plan, whatever came into view meanwhile; returns what it is called now.
    private func writeTables(
        of name: String, _ store: ResultsStore, _ layout: ResultsLayout
    ) throws -> String {
        let (shown, tables) = try SweepFolders(layout, store).write(name) { shown in
            let tables: [(SweepTableKind, Table?)] = [
                (.comparison, try SweepTable.make(name, from: store)),
                (.paper, try SweepTable.besidePaper(name, from: store)),
            ]
            for case (let kind, let table?) in tables {
                try layout.write(table, as: kind, ofSweep: shown)
            }
            return (shown, tables)
        }
        guard log == .text else { return shown }
        for case (let kind, let table?) in tables {
            Console.write(
                steering: (kind == .comparison ? "" : "\n")
                    + TableFormat.terminal.text(
                        of: table, width: Console.width, usesColour: Console.usesColour))
        }
        return shown
    }

    private func execute(
        _ session: SweepSession, _ registration: SweepRegistration, _ name: String,
        _ store: ResultsStore, _ layout: ResultsLayout
    ) throws -> RunSummary {
        let memory = MachineMemory.available
        let build = BuildName.current
        let workers = workers ?? Self.workers(for: registration.stages, memory: memory)
        // Workers, as many for the recordings that they make, the calibration, the signals.
        try WorkThreads.probe(2 * workers + 2 + ProcessStart.neededThreads, stackSize: 8 << 20)
        let largest = registration.stages.map(\.memoryBytes).max() ?? 0
        try ResourceLimits.probeMemory(threads: workers + 2, bytes: largest)
        let selection = try selection(registration)
        // A budget cannot be kept without rates; otherwise nothing waits for a calibration.
        @Sendable func makeForecast(
            calibrates: Bool, isCancelled: @escaping @Sendable () -> Bool = { false }
        ) throws -> RunForecast {
            try RunForecast(
                session, store: store, layout: layout, workers: workers, memoryLimit: memory,
                build: build, selection: selection, calibrates: calibrates,
                isCancelled: isCancelled)
        }
        let forecast = try makeForecast(calibrates: budget != nil)
        if !isQuiet {
            Console.write(PlanSummary(session, forecast: forecast, workers: workers).text + "\n")
        }
        let trials = try choose(registration, name, store, forecast, workers: workers)
        if fresh { try beginAfresh(registration, store, layout) }
        let display = display
        let run = try SweepRun(
            stages: registration.stages, trials: trials, store: store,
            executor: TrainingExecutor(layout: layout, dataSet: session.dataSet),
            settings: RunSettings(
                workers: workers, memoryLimit: memory, retries: retries, failFast: failFast,
                stageTimeLimit: stageTimeLimit?.seconds, selection: selection, build: build),
            observer: display)
        let timing = RunTiming(forecast, workers: workers, display: display)
        defer { timing.end() }
        if !timing.isComplete, !isQuiet {
            timing.complete(session) { try makeForecast(calibrates: true, isCancelled: $0) }
        }
        try Interruption.watch { run.cancel() }
        let start = Date()
        let summary = try run.run()
        // A part of the plan says nothing about the prediction for the whole.
        let isWhole = trials.count == registration.trials.count && !summary.isCancelled
        let record = summary.record(
            started: start, workers: workers,
            predictedSeconds: isWhole ? timing.predictedSeconds : nil)
        if let record { try store.record(record, of: registration.name) }
        return summary
    }

    /// Says what is given up, and removes the beginnings of trainings, which would be gone on with.
    private func beginAfresh(
        _ registration: SweepRegistration, _ store: ResultsStore, _ layout: ResultsLayout
    ) throws {
        for stage in registration.stages {
            try? FileManager.default.removeItem(at: layout.unfinishedPretraining(stage.id))
            // What has no journal is not gone on with.
            try? FileManager.default.removeItem(
                at: layout.bank(stage.id).appendingPathExtension("journal"))
        }
        let count = try store.lookUp(registration.stages).statuses.count { $0 == .finished }
        guard count > 0 else { return }
        let line =
            "--fresh: the results of \(count) stages are given up now and computed again, for every "
            + "sweep that shares them; until then tables lack them"
        if isQuiet { Console.error(line) } else { Console.write(line + "\n") }
    }

    private var display: any RunDisplay {
        if log == .json { return JSONDisplay() }
        if quiet { return FailureDisplay() }
        return Console.isInteractive ? LiveDisplay() : PlainDisplay()
    }

    private func selection(_ registration: SweepRegistration) throws -> RunSelection {
        if fresh { return .fresh }
        if rerun.isEmpty { return .needed }
        if rerun == ["failed"] { return .failed }
        return .these(
            try rerun.map { text in
                let matches = registration.trials.filter { $0.id.description.hasPrefix(text) }
                guard let match = matches.first, matches.count == 1, text != "failed" else {
                    throw CommandError.unknownTrial(text, matches: matches.count)
                }
                return match.id
            })
    }

    /// The trials that a run may touch: all, or those that the limits leave.
    private func choose(
        _ registration: SweepRegistration, _ name: String, _ store: ResultsStore,
        _ forecast: RunForecast, workers: Int
    ) throws -> [PlannedTrial] {
        var trials = part.map { $0.trials(of: registration) } ?? registration.trials
        if let part, trials.isEmpty, !isQuiet {
            Console.write(
                "part \(part.number) of \(part.count) has none of the \(registration.trials.count) trials: ask for fewer "
                    + "parts\n")
        }
        if let budget {
            let choice = BudgetChoice(
                forecast.plan, rates: forecast.rates, workers: workers, budget: budget.seconds)
            trials = choice.trials
            if !isQuiet, !choice.left.isEmpty {
                Console.write(
                    "\(choice.left.count) trials do not fit into \(budget): configurations "
                        + choice.incompleteRows.map { String($0 + 1) }.joined(separator: ", ")
                        + "\n")
            }
        }
        if let maxTrials {
            let records = try store.trials(of: name)
            let left = Set(records.lazy.filter { $0.status == .pending }.map(\.digest))
            trials = Array(trials.filter { left.contains($0.id) }.prefix(maxTrials))
        }
        return trials
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
